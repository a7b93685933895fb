use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Pair<T>(T, T);

#[derive(Trace)]
struct Session {
    sockets: Pair<Socket>,
    count: u32,
}

fn main() {}
