use gc_core::Gc;

struct Socket;

fn main() {
    let sockets = vec![Socket];
    Gc::new(sockets);
}
