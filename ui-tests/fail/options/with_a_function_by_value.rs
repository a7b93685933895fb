use gc_core::{Trace, Tracer};

unsafe fn trace_number(_: u8, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Holder(#[trace(with = trace_number)] u8);

fn main() {}
