//! `bacon_rajan_cc`. It has no derive.

use bacon_rajan_cc::Cc;
pub(crate) use bacon_rajan_cc::Tracer;
pub(crate) use lox_derive::Trace;

use crate::due::is_due;
use crate::pointer::Counted;
pub(crate) use crate::pointer::Gc;
pub(crate) use crate::trace::Trace;

pub(crate) type Pointer<T> = Cc<T>;

impl<T: Trace> bacon_rajan_cc::Trace for Counted<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        Trace::trace(self, tracer);
    }
}

impl<T: Trace> Trace for Cc<Counted<T>> {
    const HAS_EDGES: bool = true;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        bacon_rajan_cc::Trace::trace(self, tracer);
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
    Cc::get_mut(pointer)
}

/// Reclaims all garbage.
pub fn collect() {
    bacon_rajan_cc::collect_cycles();
}
