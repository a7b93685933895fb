//! `smallvec`: vectors that begin on the stack.

use smallvec::{Array, CollectionAllocErr, SmallVec};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::{Trace, edges_of, worth_tracing};

// SAFETY: the vector owns its elements and drops each once, without looking at them; the slice shows each once, and
// every element keeps the contract itself (T1 to T4). `Array` for arrays is the crate's own code, not a caller's (T3).
#[diagnostic::do_not_recommend]
unsafe impl<T: Trace, const N: usize> Trace for SmallVec<[T; N]>
where
    [T; N]: Array<Item = T>,
{
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<T>(tracer) {
            self.as_slice().trace(tracer);
        }
    }

    edges_of!(T);
}

impl_trace_leaf!(CollectionAllocErr);
