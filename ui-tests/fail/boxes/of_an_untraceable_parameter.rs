use gc_core::{Gc, Trace};

struct Socket;

#[derive(Trace)]
struct Pair<T>(T, T);

fn main() {
    let pair = Pair(Socket, Socket);
    Gc::new(pair);
}
