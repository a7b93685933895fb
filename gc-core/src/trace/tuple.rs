//! Tuples of one to twelve elements.

use super::{Trace, edges_of};
use crate::object::tracer::Tracer;

/// Implements `Trace` for the tuple of these elements, then for the one without the first.
macro_rules! tuples {
    ($first:ident $($element:ident)*) => {
        // SAFETY: a tuple owns its elements and drops each once; the pattern names each once and every element keeps
        // the contract itself (T1 to T4).
        unsafe impl<$first: Trace, $($element: Trace),*> Trace for ($first, $($element,)*) {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                #[expect(non_snake_case, reason = "an element is named as its type")]
                let ($first, $($element,)*) = self;
                $first.trace(tracer);
                $($element.trace(tracer);)*
            }

            edges_of!($first $(, $element)*);
        }
        tuples!($($element)*);
    };
    () => {};
}

tuples!(A B C D E F G H I J K L);
