//! `dyn Error`, the one trait object of std's that is a leaf: `Box<dyn Error>` sits beside traced fields everywhere, and
//! errors do not own graphs.
//!
//! Other trait objects are refused. What hides behind a `dyn Fn` or `dyn Any` may well own a `Gc`, and a leaf would leak its
//! cycles without a word; `Closure`, a trait with `Trace` above it, or an explicit `Leaf` says what is meant.

use std::error::Error;

use super::Trace;
use crate::object::tracer::Tracer;

/// No error about another type gains by listing them.
macro_rules! leaves {
    ($($object:ty),+) => {$(
        // SAFETY: nothing is reported (T1 to T4).
        #[diagnostic::do_not_recommend]
        unsafe impl Trace for $object {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}
        }
    )+};
}
leaves!(dyn Error, dyn Error + Send, dyn Error + Send + Sync);
