//! Iterators that people store: those that show what they have left are traced, the others are leaves.
//!
//! An iterator cannot be asked for its elements without taking them, and cloning it would clone the `Gc`s in it (T3).
//! So a `Gc` that an adaptor holds, such as the peeked element of a `Peekable`, is held from outside. No impl here is
//! for everything that implements [`Iterator`]: that would cover types whose `Drop` does more than drop elements.

use std::{array, iter, vec};

use super::{Trace, edges_of, worth_tracing};
use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;

/// Implements `Trace` for iterators that show what is left as a slice.
macro_rules! slice_backed {
    ($([T $(, const $size:ident)?] $ty:ty;)+) => {$(
        // SAFETY: the iterator owns what `as_slice` shows, and its `Drop` only drops that and frees the memory; each
        // element is reported once by a `T` that keeps the contract (T1 to T4).
        unsafe impl<T: Trace $(, const $size: usize)?> Trace for $ty {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<T>(tracer) {
                    self.as_slice().trace(tracer);
                }
            }

            edges_of!(T);
        }
    )+};
}

slice_backed! {
    [T] vec::IntoIter<T>;
    [T, const N] array::IntoIter<T, N>;
}

// Owning iterators of the other collections.
impl_trace_leaf!(
    <K, V> std::collections::btree_map::IntoIter<K, V>,
    <K, V> std::collections::btree_map::IntoKeys<K, V>,
    <K, V> std::collections::btree_map::IntoValues<K, V>,
    <T> std::collections::btree_set::IntoIter<T>,
    <T> std::collections::binary_heap::IntoIter<T>,
    <K, V> std::collections::hash_map::IntoIter<K, V>,
    <K, V> std::collections::hash_map::IntoKeys<K, V>,
    <K, V> std::collections::hash_map::IntoValues<K, V>,
    <T> std::collections::hash_set::IntoIter<T>,
    <T> std::collections::linked_list::IntoIter<T>,
    <T> std::collections::vec_deque::IntoIter<T>,
    <T> std::option::IntoIter<T>,
    <T> std::result::IntoIter<T>
);

// Iterators over what is borrowed for ever.
impl_trace_leaf!(
    <T> std::slice::Chunks<'static, T>,
    <T> std::slice::ChunksExact<'static, T>,
    <T> std::slice::Iter<'static, T>,
    <T> std::slice::IterMut<'static, T>,
    <T> std::slice::Windows<'static, T>
);

// Sources.
impl_trace_leaf!(
    <T> iter::Empty<T>,
    <F> iter::FromFn<F>,
    <T> iter::Once<T>,
    <F> iter::OnceWith<F>,
    <T> iter::Repeat<T>,
    <T> iter::RepeatN<T>,
    <F> iter::RepeatWith<F>,
    <T, F> iter::Successors<T, F>
);

// Adaptors.
impl_trace_leaf!(
    <A, B> iter::Chain<A, B>,
    <I> iter::Cloned<I>,
    <I> iter::Copied<I>,
    <I> iter::Cycle<I>,
    <I> iter::Enumerate<I>,
    <I, P> iter::Filter<I, P>,
    <I, F> iter::FilterMap<I, F>,
    <I> iter::Fuse<I>,
    <I, F> iter::Inspect<I, F>,
    <I, F> iter::Map<I, F>,
    <I, P> iter::MapWhile<I, P>,
    <I> iter::Rev<I>,
    <I, S, F> iter::Scan<I, S, F>,
    <I> iter::Skip<I>,
    <I, P> iter::SkipWhile<I, P>,
    <I> iter::StepBy<I>,
    <I> iter::Take<I>,
    <I, P> iter::TakeWhile<I, P>,
    <A, B> iter::Zip<A, B>
);

/// A leaf: the peeked element is not shown.
// SAFETY: nothing is reported (T1 to T4).
#[diagnostic::do_not_recommend]
unsafe impl<I: Iterator> Trace for iter::Peekable<I> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn has_edges() -> bool {
        false
    }
}
