use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Tree {
    kids: Vec<Tree>,
    socket: Socket,
    count: u32,
}

fn main() {}
