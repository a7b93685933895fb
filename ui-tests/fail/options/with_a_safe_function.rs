use gc_core::{Gc, Trace, Tracer};

struct Foreign(Gc<u8>);

fn trace_foreign(foreign: &Foreign, tracer: &mut Tracer<'_>) {
    foreign.0.trace(tracer);
    foreign.0.trace(tracer);
}

#[derive(Trace)]
struct Holder {
    #[trace(with = trace_foreign)]
    foreign: Foreign,
}

fn main() {}
