use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Session {
    input: Socket,
    output: Socket,
    count: u32,
}

fn main() {}
