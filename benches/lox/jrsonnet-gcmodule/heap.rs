//! `jrsonnet-gcmodule`. Its derive traces what the interpreter skips, so the interpreter's types have one of their own.

use jrsonnet_gcmodule::Cc;
pub(crate) use jrsonnet_gcmodule::Tracer;
pub(crate) use lox_derive::Trace;

use crate::due::is_due;
use crate::pointer::Counted;
pub(crate) use crate::pointer::Gc;
pub(crate) use crate::trace::Trace;

pub(crate) type Pointer<T> = Cc<T>;

impl<T: Trace> jrsonnet_gcmodule::Trace for Counted<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        Trace::trace(self, tracer);
    }

    #[inline]
    fn is_type_tracked() -> bool {
        T::HAS_EDGES
    }
}

impl<T: Trace> Trace for Cc<Counted<T>> {
    const HAS_EDGES: bool = true;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        jrsonnet_gcmodule::Trace::trace(self, tracer);
    }
}

#[inline]
pub(crate) fn new<T: Trace>(value: Counted<T>) -> Pointer<Counted<T>> {
    if is_due() {
        collect();
    }
    Cc::new(value)
}

#[inline(always)]
pub(crate) fn leaf<T: Trace>(value: Counted<T>) -> Pointer<Counted<T>> {
    new(value)
}

#[inline(always)]
pub(crate) fn get_mut<T: Trace>(pointer: &mut Pointer<Counted<T>>) -> Option<&mut Counted<T>> {
    if !pointer.is_unique() {
        return None;
    }
    // SAFETY: the value is in an `UnsafeCell`, no other pointer leads to it, and this one is borrowed as long as the result.
    Some(unsafe { &mut *Cc::inner_box(pointer).cast_mut() })
}

/// Reclaims all garbage.
pub fn collect() {
    let _reclaimed = jrsonnet_gcmodule::collect_thread_cycles();
}
