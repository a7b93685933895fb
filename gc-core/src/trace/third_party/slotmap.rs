//! `slotmap`: maps whose keys they make themselves; only values are traced, a key owns nothing.
//!
//! `#[derive(Trace)]` works inside `new_key_type!`, for keys stored beside the map.
//! `HopSlotMap` is left out: the crate has deprecated it.

use std::hash::BuildHasher;

use slotmap::{DefaultKey, DenseSlotMap, Key, KeyData, SecondaryMap, SlotMap, SparseSecondaryMap};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::{Trace, edges_of, worth_tracing};

/// Implements `Trace` for maps; the parameters in brackets after the value stay without an edge.
macro_rules! slot_maps {
    ($([V $(, $param:ident: $bound:ident)*] $ty:ty;)+) => {$(
        // SAFETY: the map owns its values and drops each once, without looking at them; `values` yields each once, and
        // every value keeps the contract itself (T1 to T4). Keys are made on the way, which is no more than a copy:
        // `Key` is unsafe to implement, and asks to behave as `KeyData` does (T3).
        #[diagnostic::do_not_recommend]
        unsafe impl<V: Trace $(, $param: $bound)*> Trace for $ty {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<V>(tracer) {
                    tracer.iterate::<V>(self.len());
                    tracer.elements(self.values());
                }
            }

            edges_of!(V);
        }
    )+};
}

slot_maps! {
    [V, K: Key] SlotMap<K, V>;
    [V, K: Key] DenseSlotMap<K, V>;
    [V, K: Key] SecondaryMap<K, V>;
    [V, K: Key, S: BuildHasher] SparseSecondaryMap<K, V, S>;
}

impl_trace_leaf!(DefaultKey, KeyData);
