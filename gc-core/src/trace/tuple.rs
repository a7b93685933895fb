//! Tuples of one to twelve elements.

use super::{Trace, edges_of};
use crate::object::tracer::Tracer;

/// Implements `Trace` for the tuple of these elements, then for the one without the first.
///
/// Those with the names in brackets are kept out of errors about other types, which would list little else; the
/// shorter ones are not, for the price that an error about one of the longer names the whole tuple.
macro_rules! tuples {
    ([$first:ident $($long:ident)*] $($short:ident)*) => {
        tuples!(@impl #[diagnostic::do_not_recommend] $first $($long)* $($short)*);
        tuples!([$($long)*] $($short)*);
    };
    ([] $first:ident $($element:ident)*) => {
        tuples!(@impl $first $($element)*);
        tuples!([] $($element)*);
    };
    ([]) => {};
    (@impl $(#[$attr:meta])? $($element:ident)+) => {
        $(#[$attr])?
        // SAFETY: a tuple owns its elements and drops each once; the pattern names each once and every element keeps
        // the contract itself (T1 to T4).
        unsafe impl<$($element: Trace),+> Trace for ($($element,)+) {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                #[expect(non_snake_case, reason = "an element is named as its type")]
                let ($($element,)+) = self;
                tuples!(@trace tracer [$($element)+] ["0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11"]);
            }

            edges_of!($($element),+);
        }
    };
    (@trace $tracer:ident [$element:ident $($elements:ident)*] [$name:literal $($names:literal)*]) => {
        $tracer.field($name, $element);
        tuples!(@trace $tracer [$($elements)*] [$($names)*]);
    };
    (@trace $tracer:ident [] [$($name:literal)*]) => {};
}

tuples!([A B C D E F G H] I J K L);
