use gc_core::Trace;

struct Socket;

#[derive(Trace)]
enum Session {
    Closed,
    Open { socket: Socket },
}

fn main() {}
