use gc_core::{Trace, Tracer};

struct Foreign;

unsafe fn trace_foreign(_: &Foreign, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Holder(#[trace(with = trace_foreign)] Foreign);

impl Drop for Holder {
    fn drop(&mut self) {}
}

fn main() {}
