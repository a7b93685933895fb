//! This project's heap.

pub(crate) use gc_core::{Gc as Pointer, Trace};

use crate::pointer::Counted;
pub(crate) use crate::pointer::Gc;
use crate::tokens::Token;

gc_core::impl_trace_leaf!(Token);

#[inline(always)]
pub(crate) fn new<T: Trace + 'static>(value: Counted<T>) -> Pointer<Counted<T>> {
    Pointer::new(value)
}

#[inline(always)]
pub(crate) fn leaf<T: Trace>(value: Counted<T>) -> Pointer<Counted<T>> {
    Pointer::leaf(value)
}

#[inline(always)]
pub(crate) fn get_mut<T: Trace>(pointer: &mut Pointer<Counted<T>>) -> Option<&mut Counted<T>> {
    Pointer::get_mut(pointer)
}

/// Reclaims all garbage.
pub fn collect() {
    gc_core::collect();
}
