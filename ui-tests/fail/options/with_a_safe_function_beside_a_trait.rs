use gc_core::__private::UnsafeFn;
use gc_core::{Gc, Trace, Tracer};

/// Would answer for every function that it is unsafe.
trait Hijack: Sized {
    fn __gc_kind(self) -> UnsafeFn {
        unreachable!()
    }
}

impl<T> Hijack for T {}

fn twice<T>(edge: &Gc<T>, tracer: &mut Tracer<'_>) {
    edge.trace(tracer);
    edge.trace(tracer);
}

#[derive(Trace)]
struct Holder<T> {
    #[trace(with = twice)]
    edge: Gc<T>,
}

fn main() {}
