//! `std::rc::Rc`. It leaks cycles, and nothing traces.

use std::marker::PhantomData;
use std::rc::Rc;

pub(crate) use lox_derive::Trace;

use crate::pointer::Counted;
pub(crate) use crate::pointer::Gc;
pub(crate) use crate::trace::Trace;

pub(crate) type Pointer<T> = Rc<T>;
pub(crate) type Tracer<'a> = PhantomData<&'a ()>;

#[inline(always)]
pub(crate) fn new<T: Trace>(value: Counted<T>) -> Pointer<Counted<T>> {
    Rc::new(value)
}

#[inline(always)]
pub(crate) fn leaf<T: Trace>(value: Counted<T>) -> Pointer<Counted<T>> {
    Rc::new(value)
}

#[inline(always)]
pub(crate) fn get_mut<T: Trace>(pointer: &mut Pointer<Counted<T>>) -> Option<&mut Counted<T>> {
    Rc::get_mut(pointer)
}

/// There is nothing that it could do.
pub fn collect() {}
