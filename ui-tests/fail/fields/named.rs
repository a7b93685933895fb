use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Session {
    id: u32,
    socket: Socket,
    name: String,
}

fn main() {}
