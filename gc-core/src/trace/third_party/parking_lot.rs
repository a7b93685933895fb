//! `parking_lot`: locks, read where that does not wait; a lock that is held is left for a later collection.
//!
//! The impls name the crate's own raw locks: the type behind its aliases takes any, and would run its code (T3).

use parking_lot::{Condvar, FairMutex, Mutex, Once, OnceState, RecursiveRwLock, ReentrantMutex, RwLock};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::{Trace, edges_of, worth_tracing};

/// Implements `Trace` for locks, given the method that takes the lock if it is free.
///
/// A value without edges is left alone, so that no lock is taken that another thread could wait for.
macro_rules! locks {
    ($($lock:ident $try_lock:ident)+) => {$(
        // SAFETY: the lock owns its value and its drop glue only drops it; the value is reported once by a `T` that
        // keeps the contract (T1, T2, T4). The lock is taken only if it is free, or shared with others that read, and
        // given back before the call ends, also by a panic (T3).
        #[diagnostic::do_not_recommend]
        unsafe impl<T: Trace> Trace for $lock<T> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if worth_tracing::<T>(tracer) {
                    match self.$try_lock() {
                        Some(value) => T::trace(&value, tracer),
                        None => tracer.report_busy(),
                    }
                }
            }

            edges_of!(T);
        }
    )+};
}

locks!(Mutex try_lock FairMutex try_lock ReentrantMutex try_lock RwLock try_read RecursiveRwLock try_read);

impl_trace_leaf!(Condvar, Once, OnceState);
