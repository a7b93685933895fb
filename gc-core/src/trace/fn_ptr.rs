//! Function pointers: leaves, whatever they take and return.
//!
//! A pointer that is generic over a lifetime (`fn(&str)`) is a different type from each `fn(A)`, and no impl covers all
//! of them. Covered are those of up to four arguments that are each a value, a `&` or a `&mut`, which is what a type
//! alias or a table of functions mostly holds; `#[derive(Trace)]` handles any pointer written out in a field by itself,
//! and [`Leaf`](crate::Leaf) holds the rest.

#![allow(
    coherence_leak_check,
    reason = "`fn(A)` and `fn(&A)` are different types, as the compiler has it since it stopped asking; other crates \
              rely on that too (issue 56105 of rust-lang/rust)"
)]

use super::Trace;
use crate::object::tracer::Tracer;

/// Implements `Trace` for pointers, which own nothing: each with its parameters before it.
///
/// No error about another type gains by listing them.
macro_rules! leaves {
    ($(<$($param:ident),*> $pointer:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        // SAFETY: nothing is reported (T1 to T4).
        unsafe impl<$($param: ?Sized),*> Trace for $pointer {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}

            #[inline]
            fn has_edges() -> bool {
                false
            }
        }
    )+};
}

/// The four kinds of pointer to a function of these arguments, then of one fewer.
macro_rules! fn_pointers {
    ($($first:ident $($arg:ident)*)?) => {
        leaves! {
            <Ret $(, $first $(, $arg)*)?> fn($($first $(, $arg)*)?) -> Ret;
            <Ret $(, $first $(, $arg)*)?> unsafe fn($($first $(, $arg)*)?) -> Ret;
            <Ret $(, $first $(, $arg)*)?> extern "C" fn($($first $(, $arg)*)?) -> Ret;
            <Ret $(, $first $(, $arg)*)?> unsafe extern "C" fn($($first $(, $arg)*)?) -> Ret;
        }
        $(fn_pointers!($($arg)*);)?
    };
}

fn_pointers!(A B C D E F G H I J K L);

/// The pointers to functions of these arguments, of which at least one is borrowed for any lifetime.
macro_rules! borrowing {
    // All are chosen; those of values alone are above.
    (values [$($param:ident)*] [$($arg:ty),*]) => {};
    (borrows [$($param:ident)*] [$($arg:ty),*]) => {
        leaves! {
            <Ret $(, $param)*> fn($($arg),*) -> Ret;
            <Ret $(, $param)*> unsafe fn($($arg),*) -> Ret;
        }
    };
    // The next is a value, or is borrowed.
    ($so_far:ident [$($param:ident)*] [$($arg:ty),*] $next:ident $($rest:ident)*) => {
        borrowing!($so_far [$($param)* $next] [$($arg,)* $next] $($rest)*);
        borrowing!(borrows [$($param)* $next] [$($arg,)* &$next] $($rest)*);
        borrowing!(borrows [$($param)* $next] [$($arg,)* &mut $next] $($rest)*);
    };
}

borrowing!(values [] [] A);
borrowing!(values [] [] A B);
borrowing!(values [] [] A B C);
borrowing!(values [] [] A B C D);

// Accessors.
leaves! {
    <Ret, A> fn(&A) -> &Ret;
    <Ret, A> fn(&mut A) -> &Ret;
    <Ret, A> fn(&mut A) -> &mut Ret;
    <Ret, A, B> fn(&A, B) -> &Ret;
    <Ret, A, B> fn(&mut A, B) -> &mut Ret;
}
