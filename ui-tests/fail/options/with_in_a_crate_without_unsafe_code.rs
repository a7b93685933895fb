#![forbid(unsafe_code)]

use gc_core::{Gc, Trace, Tracer};

#[target_feature(enable = "sse4.2")]
fn twice(edge: &Gc<u8>, tracer: &mut Tracer<'_>) {
    edge.trace(tracer);
    edge.trace(tracer);
}

#[derive(Trace)]
struct Holder {
    #[trace(with = twice)]
    edge: Gc<u8>,
}

fn main() {}
