use gc_core::{Gc, Trace};

struct Socket;

#[derive(Trace)]
struct Peeked<I: Iterator>(Option<I::Item>);

fn main() {
    let peeked = Peeked::<std::vec::IntoIter<Socket>>(None);
    Gc::new(peeked);
}
