use gc_core::Gc;

struct Socket;

fn main() {
    let socket = Socket;
    Gc::new(socket);
}
