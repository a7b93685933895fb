//! Enums and newtypes of std that hold their values in plain sight.
//!
//! Only types whose own `Drop` does nothing but drop their contents belong here: an edge reported through a wrapper
//! that uses its contents while it is dropped would show it dead values.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{SendError, TrySendError};
use std::task::Poll;
use std::{future, range};

use super::{Trace, edges_of};
use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;

/// Implements `Trace` for types whose parts are public: patterns that cover every value, each with the parts it binds, and
/// their names. One without a name is the only one of a type that adds nothing to it.
macro_rules! transparent {
    ($($(#[$attr:meta])* <$($param:ident),+> $ty:ty { $($pattern:pat => [$($part:ident $($name:literal)?),*]),+ })+) => {$(
        $(#[$attr])*
        // SAFETY: the value owns the parts it shows and its drop glue only drops them; the match reports each part
        // once, and every part keeps the contract itself (T1 to T4).
        unsafe impl<$($param: Trace),+> Trace for $ty {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                match self {
                    $($pattern => { $(transparent!(@part tracer $part $($name)?);)* })+
                }
            }

            edges_of!($($param),+);
        }
    )+};
    (@part $tracer:ident $part:ident) => { $part.trace($tracer) };
    (@part $tracer:ident $part:ident $name:literal) => { $tracer.field($name, $part) };
}

transparent! {
    <T, E> Result<T, E> { Ok(value) => [value "Ok"], Err(error) => [error "Err"] }
    <T> Poll<T> { Poll::Ready(value) => [value "Ready"], Poll::Pending => [] }
    <B, C> ControlFlow<B, C> { ControlFlow::Break(value) => [value "Break"], ControlFlow::Continue(value) => [value "Continue"] }
    <T> Bound<T> {
        Bound::Included(end) => [end "Included"],
        Bound::Excluded(end) => [end "Excluded"],
        Bound::Unbounded => []
    }
    <T> Range<T> { Range { start, end } => [start "start", end "end"] }
    <T> RangeFrom<T> { RangeFrom { start } => [start "start"] }
    <T> RangeTo<T> { RangeTo { end } => [end "end"] }
    <T> RangeToInclusive<T> { RangeToInclusive { end } => [end "end"] }
    <T> range::RangeInclusive<T> { range::RangeInclusive { start, last } => [start "start", last "last"] }
    <T> Reverse<T> { Reverse(value) => [value] }
    <T> Wrapping<T> { Wrapping(value) => [value] }
    <T> Saturating<T> { Saturating(value) => [value] }
    <T> AssertUnwindSafe<T> { AssertUnwindSafe(value) => [value] }
    <T> SendError<T> { SendError(value) => [value] }
    <T> TrySendError<T> { TrySendError::Full(value) => [value "Full"], TrySendError::Disconnected(value) => [value "Disconnected"] }
}

// SAFETY: the value is reported once, by a `T` that keeps the contract (T1 to T4).
unsafe impl<T: Trace> Trace for Option<T> {
    #[cfg_attr(feature = "inspect", inline(always))]
    #[cfg_attr(not(feature = "inspect"), inline)]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(value) = self {
            tracer.sole_part("Some", value);
        }
    }

    edges_of!(T);
}

// A future that is ready holds a value, but does not show it.
impl_trace_leaf!(<T> future::Pending<T>, <T> future::Ready<T>);

// SAFETY: the range owns both ends and a flag, and its drop glue only drops them; each end is reported once by a `T`
// that keeps the contract (T1 to T4). `start` and `end` are std's own accessors and run no other code (T3).
unsafe impl<T: Trace> Trace for RangeInclusive<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.field("start", self.start());
        tracer.field("end", self.end());
    }

    edges_of!(T);
}

// SAFETY: an owned value is reported once by a type that keeps the contract; a borrowed one belongs to somebody else
// and is not reported (T1 to T4). The match does not convert, so `B`'s code does not run (T3).
unsafe impl<B: ToOwned<Owned: Trace> + ?Sized> Trace for Cow<'_, B> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        match self {
            Cow::Borrowed(_) => {}
            Cow::Owned(value) => value.trace(tracer),
        }
    }

    edges_of!(B::Owned);
}

#[cfg(any(feature = "either", feature = "ordered-float"))]
pub(super) use transparent;
