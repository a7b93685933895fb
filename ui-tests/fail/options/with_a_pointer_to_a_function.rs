use gc_core::{Gc, Trace, Tracer};

const TWICE: unsafe fn(&Gc<u8>, &mut Tracer<'_>) = twice;

fn twice(edge: &Gc<u8>, tracer: &mut Tracer<'_>) {
    edge.trace(tracer);
    edge.trace(tracer);
}

#[derive(Trace)]
struct Holder {
    #[trace(with = TWICE)]
    edge: Gc<u8>,
}

fn main() {}
