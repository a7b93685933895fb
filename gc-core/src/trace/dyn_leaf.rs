//! Trait objects of std's traits: leaves, because the type behind them need not be traceable.
//!
//! They let `Box<dyn Error>` or `Box<dyn Fn(&Event)>` sit beside traced fields. What such a value owns is held from
//! outside, so a callback that owns the object which owns the callback is never reclaimed. A trait of one's own with
//! `Trace` as a supertrait makes trait objects that are traced.

#![allow(
    coherence_leak_check,
    reason = "`dyn Fn(A)` and `dyn Fn(&A)` are different types, as function pointers are: see `fn_ptr`"
)]

use super::Trace;
use crate::object::tracer::Tracer;

/// Implements `Trace` for trait objects, each with its parameters before it: alone, and with the markers that go with
/// it.
///
/// No error about another type gains by listing them.
macro_rules! trait_objects {
    ($(<$($param:ident $(: ?$maybe:ident)?),*> [$($object:tt)+];)+) => {$(
        trait_objects!(@leaf [$($param $(: ?$maybe)?),*] dyn $($object)+);
        trait_objects!(@leaf [$($param $(: ?$maybe)?),*] dyn $($object)+ + Send);
        trait_objects!(@leaf [$($param $(: ?$maybe)?),*] dyn $($object)+ + Send + Sync);
    )+};
    (@leaf [$($params:tt)*] $object:ty) => {
        // SAFETY: nothing is reported (T1 to T4).
        #[diagnostic::do_not_recommend]
        unsafe impl<$($params)*> Trace for $object {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}
        }
    };
}

trait_objects! {
    <> [std::any::Any];
    <> [std::error::Error];
    <> [std::fmt::Debug];
    <> [std::fmt::Display];
    <> [std::fmt::Write];
    <> [std::io::BufRead];
    <> [std::io::Read];
    <> [std::io::Write];
    <T> [Iterator<Item = T>];
    <T> [DoubleEndedIterator<Item = T>];
    <T> [ExactSizeIterator<Item = T>];
    <T> [Future<Output = T>];
}

/// The three kinds of callables of these arguments, then of one fewer.
macro_rules! callables {
    ($($first:ident $($arg:ident)*)?) => {
        trait_objects! {
            <Ret $(, $first $(, $arg)*)?> [Fn($($first $(, $arg)*)?) -> Ret];
            <Ret $(, $first $(, $arg)*)?> [FnMut($($first $(, $arg)*)?) -> Ret];
            <Ret $(, $first $(, $arg)*)?> [FnOnce($($first $(, $arg)*)?) -> Ret];
        }
        $(callables!($($arg)*);)?
    };
}

callables!(A B C D E F G H I J K L);

/// The callables of these arguments, of which at least one is borrowed for any lifetime.
macro_rules! borrowing {
    // All are chosen; those of values alone are above.
    (values [$($param:tt)*] [$($arg:ty),*]) => {};
    (borrows [$($param:tt)*] [$($arg:ty),*]) => {
        trait_objects! {
            <Ret $($param)*> [Fn($($arg),*) -> Ret];
            <Ret $($param)*> [FnMut($($arg),*) -> Ret];
            <Ret $($param)*> [FnOnce($($arg),*) -> Ret];
        }
    };
    // The next is a value, or is borrowed, and then need not have a size.
    ($so_far:ident [$($param:tt)*] [$($arg:ty),*] $next:ident $($rest:ident)*) => {
        borrowing!($so_far [$($param)*, $next] [$($arg,)* $next] $($rest)*);
        borrowing!(borrows [$($param)*, $next: ?Sized] [$($arg,)* &$next] $($rest)*);
        borrowing!(borrows [$($param)*, $next: ?Sized] [$($arg,)* &mut $next] $($rest)*);
    };
}

borrowing!(values [] [] A);
borrowing!(values [] [] A B);
borrowing!(values [] [] A B C);
