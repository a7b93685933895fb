//! What the output of `#[derive(Trace)]` may use; not a public interface.
//!
//! Five questions are put by the type of a method call that has several meanings: has this field's type a size and
//! [`Trace`], is this function safe, is it a pointer, does this type implement `Drop`, can it be a `dyn Finalize`. Method
//! lookup takes the inherent method if its bounds hold, and otherwise goes on through `Deref` to the next one.
//!
//! # Invariants
//! - **P1** No such call is ever made. A trait of the user's may come before the method behind `Deref`, and no code of
//!   the user's runs while the collector traces; so only the type of the answer is looked at.
//! - **P2** Whatever type that is, the worst that a wrong one can do is to hide an edge: the answers are sealed.
//! - **P3** The functions are associated with [`Tracer`], and named by that type, which the signature of
//!   [`Trace::trace`] pins; so neither a trait of the user's nor a false `crate = path` comes before them.

use std::fmt::Pointer;
use std::marker::PhantomData;
use std::ops::Deref;

pub use core::marker::Sized;
pub use core::option::Option;
pub use core::primitive::{bool, u32};

pub use crate::finalize::Finalize;
pub use crate::gc_box::GcBox;
pub use crate::object::tracer::Tracer;
use crate::pointers::Coerce;
pub use crate::trace::Trace;

#[doc(hidden)]
impl Tracer<'_> {
    /// Asks what there is to know about `T`, by a method of the answer.
    pub fn __gc_ask<T: ?Sized>() -> Ask<T> {
        Ask(PhantomData)
    }

    /// Asks what kind of function `function` is.
    pub fn __gc_ask_function<F: ?Sized, W>(_: W) -> AskFunction<F, W> {
        AskFunction(PhantomData, PhantomData)
    }

    /// Whether a type has edges, as far as the answer tells.
    #[inline(always)]
    pub fn __gc_within<K: EdgesWithin>(nesting: u32, _: impl FnOnce() -> K) -> bool {
        K::within(nesting)
    }

    /// `function`, with what it says of its argument.
    #[inline(always)]
    pub fn __gc_signature<F: ?Sized>(function: unsafe fn(&F, &mut Tracer<'_>)) -> Signature<F> {
        Signature(function, PhantomData)
    }

    /// Traces `field` by the function of this signature, whose own type is `W`, if it is what the answer tells.
    ///
    /// It takes a pointer because a reference to another type would be coerced to one to `F`, through `Deref`.
    ///
    /// # Safety
    /// As for a reference to `field`. The function keeps the contract of [`Trace::trace`], as if it were that method.
    #[inline(always)]
    pub unsafe fn __gc_trace_with<F: ?Sized, W, K: PromisesTrace + NamesFunction>(
        &mut self,
        field: *const F,
        Signature(function, _): Signature<F>,
        _: W,
        _: impl FnOnce() -> K,
    ) {
        const { assert!(size_of::<W>() == 0, "a pointer to a safe function can pass as one to an unsafe one") };
        // SAFETY: the caller promises it.
        let field = unsafe { &*field };
        // SAFETY: the caller promises it.
        unsafe { function(field, self) };
    }

    /// Where `#[trace(unsafe_drop)]` is promised.
    ///
    /// # Safety
    /// The `Drop` of the type that is traced touches no `Gc` that its `trace` reports.
    #[inline(always)]
    pub unsafe fn __gc_unsafe_drop() {}
}

mod sealed {
    pub trait Answer {}
}
use sealed::Answer;

/// A type to be asked about.
///
/// As a pointer, here and below: where a question owned its type, the compiler would look through all that the type
/// owns for destructors, and give up on a chain of some hundred types.
pub struct Ask<T: ?Sized>(PhantomData<*const T>);

/// "No."
pub struct No;

impl Answer for No {}

impl<T: ?Sized> Deref for Ask<T> {
    type Target = No;

    fn deref(&self) -> &No {
        &No
    }
}

impl<F: Trace> Ask<F> {
    pub fn __gc_edges(self) -> Traced<F> {
        Traced(PhantomData)
    }
}

impl No {
    pub fn __gc_edges(&self) -> Self {
        Self
    }
}

/// "It has [`Trace`] and a size."
pub struct Traced<F>(PhantomData<*const F>);

impl<F> Answer for Traced<F> {}

/// What an answer tells about edges.
pub trait EdgesWithin: Answer {
    /// As [`Trace::has_edges_within`].
    fn within(nesting: u32) -> bool;
}

impl<F: Trace> EdgesWithin for Traced<F> {
    #[inline(always)]
    fn within(nesting: u32) -> bool {
        F::has_edges_within(nesting)
    }
}

impl EdgesWithin for No {
    #[inline(always)]
    fn within(_: u32) -> bool {
        true
    }
}

/// A function to trace a field by.
///
/// It is invariant: a function of a larger type than the field's does not fit, for which [`AskFunction`] would not
/// know whether it is safe.
pub struct Signature<F: ?Sized>(unsafe fn(&F, &mut Tracer<'_>), PhantomData<*mut F>);

/// The types of a field and of the function that is to trace it.
pub struct AskFunction<F: ?Sized, W>(PhantomData<*const F>, PhantomData<*const W>);

impl<F: ?Sized, W: Fn(&F, &mut Tracer<'_>)> AskFunction<F, W> {
    pub fn __gc_kind(self) -> SafeFn {
        SafeFn
    }
}

impl<F: ?Sized, W> Deref for AskFunction<F, W> {
    type Target = AskPointer<W>;

    fn deref(&self) -> &AskPointer<W> {
        &AskPointer(PhantomData)
    }
}

/// The type of a function that is not safe, or not for this field.
pub struct AskPointer<W>(PhantomData<*const W>);

impl<W: Pointer> AskPointer<W> {
    pub fn __gc_kind(&self) -> FnPointer {
        FnPointer
    }
}

impl<W> Deref for AskPointer<W> {
    type Target = UnsafeFn;

    fn deref(&self) -> &UnsafeFn {
        &UnsafeFn
    }
}

/// A function that can be called without a promise.
pub struct SafeFn;

/// A pointer to a function: safe code makes one to an unsafe function of a safe one.
pub struct FnPointer;

/// Another function: it is unsafe, or it has another signature, which [`Signature`] refuses.
pub struct UnsafeFn;

impl UnsafeFn {
    pub fn __gc_kind(&self) -> Self {
        Self
    }
}

/// A function whose author promises to keep the contract of [`Trace`].
#[diagnostic::on_unimplemented(
    message = "`#[trace(with = ..)]` takes an `unsafe fn`, but this function is safe",
    label = "declare this function as `unsafe fn`",
    note = "it promises what `unsafe impl Trace` does: to report a `Gc` that the field does not own frees live memory"
)]
pub trait PromisesTrace {}

impl PromisesTrace for UnsafeFn {}
impl PromisesTrace for FnPointer {}

/// A function by its own name, whose declaration can be trusted to say whether it is safe.
#[diagnostic::on_unimplemented(
    message = "`#[trace(with = ..)]` takes the name of an `unsafe fn`, but this is a pointer to a function",
    label = "name the function itself",
    note = "a pointer to a safe function can pass as one to an `unsafe fn`, with nobody's promise"
)]
pub trait NamesFunction {}

impl NamesFunction for UnsafeFn {}
impl NamesFunction for SafeFn {}

/// What [`coerce!`](crate::coerce) calls.
///
/// # Safety
/// `unsize` returns its argument, with other metadata that fits.
#[inline]
pub unsafe fn coerce<P: Coerce, U: ?Sized>(
    pointer: P,
    unsize: impl FnOnce(*mut GcBox<P::Target>) -> *mut GcBox<U>,
) -> P::To<U> {
    // SAFETY: the caller's promise.
    unsafe { pointer.coerce(unsize) }
}

#[allow(drop_bounds, reason = "the question is whether the type itself implements `Drop`, not whether it needs it")]
impl<T: ?Sized + Drop> Ask<T> {
    pub fn __gc_may_drop(self)
    where
        T: DropsBesideEdges,
    {
    }
}

impl No {
    pub fn __gc_may_drop(&self) {}
}

/// No type: the members of a dead cycle could look at each other while they are dropped.
///
/// # Safety
/// Cannot be implemented soundly; [`#[trace(unsafe_drop)]`](macro@crate::Trace) does not ask for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has traced fields, so it cannot implement `Drop`: what they point to may be dead already",
    label = "implements `Drop` beside traced fields",
    note = "write `impl Finalize for {Self}` instead of `Drop`, and `#[trace(finalize)]` on the type",
    note = "or mark the type `#[trace(leaf)]` if it owns no `Gc`, or `#[trace(unsafe_drop)]` if `drop` touches none"
)]
pub unsafe trait DropsBesideEdges {}
