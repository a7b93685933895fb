use gc_core::{Trace, Tracer};

#[derive(Trace)]
struct Socket(u8);

unsafe impl Trace for Socket {
    fn trace(&self, _: &mut Tracer<'_>) {}
}

fn main() {}
