use gc_core::Trace;

struct Socket;

#[derive(Trace)]
struct Session(u32, Box<Socket>);

fn main() {}
