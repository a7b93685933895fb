//! `rust-cc`.

use std::cell::RefCell as Cell;

use rust_cc::weak::Weak;
use rust_cc::{Cc as Pointer, Context, Finalize, Trace};

use super::{Collections, Column};

shapes!(#[derive(Trace, Finalize)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[derive(Trace, Finalize)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);

impl Finalize for Token {}

// SAFETY: a token owns nothing.
unsafe impl Trace for Token {
    #[inline(always)]
    fn trace(&self, _: &mut Context<'_>) {}
}

pub struct RustCc;

impl Column for RustCc {
    const COLLECTIONS: Collections = Collections::Automatic;

    on_shapes!();
    on_weak_shape!(Pointer::downgrade);

    fn collect() {
        rust_cc::collect_cycles();
    }

    fn disable() -> bool {
        rust_cc::config::config(|config| config.set_auto_collect(false)).is_ok()
    }
}
