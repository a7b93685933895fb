use gc_core::{Trace, Tracer};

struct Socket;

impl Trace for Socket {
    fn trace(&self, _: &mut Tracer<'_>) {}
}

fn main() {}
