//! Pointers of std: a `Box` owns what it points to and is traced through; shared and borrowing pointers are leaves.

use std::pin::Pin;
use std::{rc, sync};

use super::Trace;
use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;

// SAFETY: a box owns its value and its drop glue only drops it; the value is reported once, by a type that keeps the
// contract itself (T1 to T4).
unsafe impl<T: Trace + ?Sized> Trace for Box<T> {
    // `has_edges` stays at "yes": the type behind a `Box<dyn Trait>` cannot be asked.

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        (**self).trace(tracer);
    }

    #[inline]
    fn has_finalizer(&self) -> bool {
        (**self).has_finalizer()
    }

    #[inline]
    fn run_finalizer(&self) {
        (**self).run_finalizer();
    }
}

// SAFETY: as for the box inside, which is only read; `Pin` has no `Drop` of its own, and for this concrete pointer
// `as_ref` calls no `Deref` but `Box`'s (T1 to T4).
unsafe impl<T: Trace + ?Sized> Trace for Pin<Box<T>> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_ref().get_ref().trace(tracer);
    }
}

// What a shared pointer leads to has other owners, so none of them may report it (T1): a `Gc` behind one is a
// reference from outside the heap, and a cycle through it is never reclaimed.
//
// References are leaves only if they are `'static`. With any lifetime, `self.option.as_ref().trace(tracer)` in a
// hand-written impl would compile, as the leaf `Option<&Gc<_>>`, and report nothing.
impl_trace_leaf!(
    <T: ?Sized> rc::Rc<T>,
    <T: ?Sized> rc::Weak<T>,
    <T: ?Sized> sync::Arc<T>,
    <T: ?Sized> sync::Weak<T>,
    <T: ?Sized> &'static T,
    <T: ?Sized> &'static mut T,
    <T: ?Sized> Pin<rc::Rc<T>>,
    <T: ?Sized> Pin<sync::Arc<T>>,
    <T: ?Sized> Pin<&'static T>,
    <T: ?Sized> Pin<&'static mut T>
);
