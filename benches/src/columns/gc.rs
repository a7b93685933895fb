//! `gc`, also called rust-gc.
#![allow(non_local_definitions, reason = "what its derive makes")]

use gc::{Finalize, Gc as Pointer, GcCell as Cell, Trace};

use super::{Collections, Column};

shapes!(#[derive(Trace, Finalize)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);

impl Finalize for Token {}

// SAFETY: a token owns nothing.
unsafe impl Trace for Token {
    gc::unsafe_empty_trace!();
}

pub struct RustGc;

impl Column for RustGc {
    const COLLECTIONS: Collections = Collections::Automatic;

    on_shapes!();
    no_weak_shape!();

    fn collect() {
        gc::force_collect();
    }
}
