//! Slices, arrays and the collections of std.
//!
//! Each iterates its elements without hashing or comparing them: no `Eq`, `Hash` or `Ord` runs, so none is asked for.
//! Elements that are leaves are not iterated at all: `has_edges` is a constant, and the loop is compiled away. Hashers
//! are not traced; a `Gc` in one is a reference from outside the heap.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use super::{Trace, edges_of, worth_tracing};
use crate::object::tracer::Tracer;

/// Implements `Trace` for collections of single elements; the parameters in brackets stay without a bound.
macro_rules! sequences {
    ($($(#[$attr:meta])* [T $(, $param:tt $($size:ident)?)*] $ty:ty;)+) => {$(
        $(#[$attr])*
        // SAFETY: the collection owns its elements and drops each once, without looking at them; `iter` yields each
        // once and runs no code of theirs (T3), and every element keeps the contract itself (T1 to T4).
        unsafe impl<T: Trace $(, $param $($size: usize)?)*> Trace for $ty {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<T>(tracer) {
                    tracer.iterate::<T>(self.len());
                    tracer.elements(self.iter());
                }
            }

            edges_of!(T);
        }
    )+};
}

// SAFETY: a slice owns its elements and drops each once, without looking at them; `iter` yields each once, and every
// element keeps the contract itself (T1 to T4).
unsafe impl<T: Trace> Trace for [T] {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<T>(tracer) {
            tracer.iterate::<T>(self.len());
            tracer.elements(self.iter());
        }
    }
}

sequences! {
    [T, const N] [T; N];
    [T] Vec<T>;
    [T] VecDeque<T>;
    [T] LinkedList<T>;
    [T] BinaryHeap<T>;
    [T] BTreeSet<T>;
    [T, S] HashSet<T, S>;
}

/// Implements `Trace` for maps; the parameters in brackets after the key and the value stay without a bound.
macro_rules! maps {
    ($($(#[$attr:meta])* [K, V $(, $param:ident)*] $ty:ty;)+) => {$(
        $(#[$attr])*
        // SAFETY: the map owns its keys and values and drops each once, without looking at them; `iter` yields each
        // once and runs no code of theirs (T3), and each keeps the contract itself (T1 to T4).
        unsafe impl<K: Trace, V: Trace $(, $param)*> Trace for $ty {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<Self>(tracer) {
                    tracer.iterate::<(K, V)>(self.len());
                    tracer.entries(self.iter());
                }
            }

            edges_of!(K, V);
        }
    )+};
}

maps! {
    [K, V] BTreeMap<K, V>;
    [K, V, S] HashMap<K, V, S>;
}

#[cfg(any(feature = "hashbrown", feature = "indexmap"))]
pub(super) use maps;
#[cfg(any(feature = "arrayvec", feature = "hashbrown", feature = "indexmap", feature = "thin-vec"))]
pub(super) use sequences;
