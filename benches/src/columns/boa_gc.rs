//! `boa_gc`, the heap of the Boa JavaScript engine.

use boa_gc::{Finalize, Gc as Pointer, GcRefCell as Cell, Trace, WeakGc as Weak};

use super::{Collections, Column};

shapes!(#[derive(Trace, Finalize)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[derive(Trace, Finalize)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);

impl Finalize for Token {}

// SAFETY: a token owns nothing.
unsafe impl Trace for Token {
    boa_gc::empty_trace!();
}

pub struct BoaGc;

impl Column for BoaGc {
    const COLLECTIONS: Collections = Collections::Automatic;

    on_shapes!();
    on_weak_shape!(Weak::new);

    fn collect() {
        boa_gc::force_collect();
    }
}
