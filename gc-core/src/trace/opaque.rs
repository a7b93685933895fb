//! Places of std that own a value, but that nobody can look into safely: leaves, whatever they own.
//!
//! Owning without reporting is sound: what is in here counts as held from outside, so a cycle through it leaks, as it
//! would with `Rc`. None of these types asks `T` to be [`Trace`](crate::Trace).

use super::Trace;
use crate::object::tracer::Tracer;

/// Implements `Trace` for types that report nothing, each with its reason.
macro_rules! opaque {
    ($($(#[$reason:meta])+ <$param:ident $(: ?$maybe:ident)?> $ty:ty;)+) => {$(
        $(#[$reason])+
        // SAFETY: nothing is reported (T1 to T4).
        #[diagnostic::do_not_recommend]
        unsafe impl<$param $(: ?$maybe)?> Trace for $ty {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}

            #[allow(dead_code, reason = "it cannot be called for a type without a size")]
            #[inline]
            fn has_edges() -> bool {
                false
            }
        }
    )+};
}

opaque! {
    /// Opaque: after `ManuallyDrop::drop` or `take` the value is gone, but safe code still holds the `ManuallyDrop`,
    /// and nothing in it says so.
    <T: ?Sized> std::mem::ManuallyDrop<T>;

    /// Opaque: nothing says whether the value is there.
    <T> std::mem::MaybeUninit<T>;

    /// Opaque: nothing says whether a `&mut` to the value is in use. [`Cell`](std::cell::Cell) and
    /// [`RefCell`](std::cell::RefCell) are traced.
    <T: ?Sized> std::cell::UnsafeCell<T>;
}
