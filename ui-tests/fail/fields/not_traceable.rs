use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Named {
    socket: Socket,
    number: u8,
}

#[derive(Trace)]
struct Tuple(u8, Socket);

#[derive(Trace)]
enum Variants {
    One(Socket),
    Two { socket: Socket },
}

fn main() {}
