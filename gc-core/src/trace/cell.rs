//! Interior mutability: cells are read where they are, locks only where that does not wait.
//!
//! A cell that is mutably borrowed, or a lock that is held, cannot be looked into. It reports nothing, so its targets
//! look externally held, and [`Tracer::report_busy`] keeps the box it sits in a candidate for a later pass.

use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::sync::{LazyLock, Mutex, OnceLock, RwLock, TryLockError};

use super::{Trace, edges_of, worth_tracing};
use crate::object::tracer::Tracer;

// SAFETY: the cell owns its value and drops it once; it is reported once by a `T` that keeps the contract (T1 to T4).
unsafe impl<T: Trace> Trace for Cell<T> {
    #[cfg_attr(feature = "inspect", inline(always))]
    #[cfg_attr(not(feature = "inspect"), inline)]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<T>(tracer) {
            // SAFETY: `as_ptr` points to the live value inside `self`. `Cell` never runs foreign code while its value
            // is moved out or exclusively borrowed, so no pass begins then; and during this call nothing can replace
            // the value under the reference: `Cell` is not `Sync`, and `T::trace` and the tracer neither change
            // anything nor run code that could (T3).
            let value = unsafe { &*self.as_ptr() };
            T::trace(value, tracer);
        }
    }

    edges_of!(T);
}

// SAFETY: the cell owns its value and its drop glue only drops it; the value is reported once by a `T` that keeps the
// contract (T1, T2, T4). The shared borrow is given back before the call ends, also by a panic (T3).
unsafe impl<T: Trace> Trace for RefCell<T> {
    // As without the feature, whose names make it too large for the compiler's taste.
    #[cfg_attr(feature = "inspect", inline(always))]
    #[cfg_attr(not(feature = "inspect"), inline)]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<T>(tracer) {
            match self.try_borrow() {
                Ok(value) => T::trace(&value, tracer),
                Err(_) => tracer.report_busy(),
            }
        }
    }

    edges_of!(T);

    #[inline]
    fn has_finalizer(&self) -> bool {
        self.try_borrow().is_ok_and(|value| value.has_finalizer())
    }

    /// The borrow lasts as long as the finalizer does: a finalizer that reaches its own cell can read it, not change it.
    /// A value that is mutably borrowed, by a guard that was leaked, is not finalized.
    #[inline]
    fn run_finalizer(&self) {
        if let Ok(value) = self.try_borrow() {
            value.run_finalizer();
        }
    }
}

/// Implements `Trace` for cells that are written once and then only read.
macro_rules! once_cells {
    ($($cell:ident)+) => {$(
        // SAFETY: the cell owns its value and drops it once; `get` waits for nobody and runs no other code (T3), and
        // the value is reported once by a `T` that keeps the contract itself (T1 to T4).
        unsafe impl<T: Trace> Trace for $cell<T> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if let Some(value) = self.get() {
                    T::trace(value, tracer);
                }
            }

            edges_of!(T);
        }
    )+};
}

once_cells!(OnceCell OnceLock);

/// Implements `Trace` for cells that make their value when it is first asked for.
macro_rules! lazy_cells {
    ($($cell:ident)+) => {$(
        /// The value is traced once it has been made. What the function that makes it captured is not: until then it is
        /// held from outside.
        // SAFETY: the cell owns its value and its `Drop` only drops that, or the function; `get` makes nothing, waits
        // for nobody and runs no other code (T3), and the value is reported once by a `T` that keeps the contract
        // itself (T1 to T4).
        unsafe impl<T: Trace, F> Trace for $cell<T, F> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if let Some(value) = $cell::get(self) {
                    T::trace(value, tracer);
                }
            }

            edges_of!(T);
        }
    )+};
}

lazy_cells!(LazyCell LazyLock);

/// Implements `Trace` for locks, given the method that takes the lock if it is free.
///
/// A poisoned lock is traced: it still owns its value. A value without edges is left alone, so that no lock is taken
/// that another thread could wait for.
macro_rules! locks {
    ($($lock:ident $try_lock:ident)+) => {$(
        // SAFETY: the lock owns its value and its drop glue only drops it; the value is reported once by a `T` that
        // keeps the contract (T1, T2, T4). The lock is taken only if it is free and given back before the call ends,
        // also by a panic (T3).
        unsafe impl<T: Trace> Trace for $lock<T> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<T>(tracer) {
                    match self.$try_lock() {
                        Ok(value) => T::trace(&value, tracer),
                        Err(TryLockError::Poisoned(error)) => T::trace(error.get_ref(), tracer),
                        Err(TryLockError::WouldBlock) => tracer.report_busy(),
                    }
                }
            }

            edges_of!(T);
        }
    )+};
}

locks!(Mutex try_lock RwLock try_read);
