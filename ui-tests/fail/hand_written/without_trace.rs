use gc_core::Trace;

struct Socket;

unsafe impl Trace for Socket {}

fn main() {}
