//! `arrayvec`: vectors and strings of fixed capacity.

use arrayvec::{ArrayString, ArrayVec, CapacityError};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::collection::sequences;
use crate::trace::{Trace, edges_of, worth_tracing};

sequences! {
    #[diagnostic::do_not_recommend]
    [T, const N] ArrayVec<T, N>;
}

// SAFETY: nothing is reported (T1 to T4).
#[diagnostic::do_not_recommend]
unsafe impl<const N: usize> Trace for ArrayString<N> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn has_edges() -> bool {
        false
    }
}

// The element that found no room, which the error does not show by reference.
impl_trace_leaf!(<T> CapacityError<T>);
