//! The names that the output of `#[derive(Trace)]` may use; not a public interface.
//!
//! Three questions are put by calling a method that has two meanings: is this field's type [`Trace`], has it a size,
//! is this function safe. Method lookup takes the inherent method if its bounds hold, and otherwise goes on through
//! `Deref` to the other one, which stands for "no". Neither needs a trait in scope, where the user's could be in the
//! way.

use std::marker::PhantomData;
use std::ops::Deref;

pub use core::marker::Sized;
pub use core::ops::Drop;
pub use core::option::Option;
pub use core::primitive::{bool, u32};

pub use crate::finalize::Finalize;
pub use crate::object::tracer::Tracer;
pub use crate::trace::{MAX_NESTING, Trace};

/// A field to be traced, whatever its type.
pub struct Field<'a, F: ?Sized>(pub &'a F);

/// A field that is not traceable: it owns nothing that could be reported.
pub struct Untraced;

impl<F: Trace + ?Sized> Field<'_, F> {
    #[inline(always)]
    pub fn __gc_trace(self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

impl<F: ?Sized> Deref for Field<'_, F> {
    type Target = Untraced;

    #[inline(always)]
    fn deref(&self) -> &Untraced {
        &Untraced
    }
}

impl Untraced {
    #[inline(always)]
    pub fn __gc_trace(&self, _: &mut Tracer<'_>) {}
}

/// A field's type, to be asked for edges.
pub struct Edges<F: ?Sized>(PhantomData<F>);

/// A type that cannot be asked: without [`Trace`], or without a size.
pub struct Unasked;

impl<F: ?Sized> Edges<F> {
    pub const ASK: Self = Self(PhantomData);
}

impl<F: Trace> Edges<F> {
    #[inline(always)]
    pub fn __gc_within(&self, nesting: u32, _: bool) -> bool {
        F::has_edges_within(nesting)
    }
}

impl<F: ?Sized> Deref for Edges<F> {
    type Target = Unasked;

    #[inline(always)]
    fn deref(&self) -> &Unasked {
        &Unasked
    }
}

impl Unasked {
    #[inline(always)]
    pub fn __gc_within(&self, _: u32, otherwise: bool) -> bool {
        otherwise
    }
}

/// A field and the function that traces it.
pub struct With<'a, F: ?Sized, W>(pub &'a F, pub W);

/// The function can be called without a promise.
pub struct SafeFn;

/// The function cannot be called without a promise, or has another signature, which [`trace_with`] refuses.
pub struct UnsafeFn;

impl<F: ?Sized, W: Fn(&F, &mut Tracer<'_>)> With<'_, F, W> {
    #[inline(always)]
    pub fn __gc_kind(&self) -> SafeFn {
        SafeFn
    }
}

impl<F: ?Sized, W> Deref for With<'_, F, W> {
    type Target = UnsafeFn;

    #[inline(always)]
    fn deref(&self) -> &UnsafeFn {
        &UnsafeFn
    }
}

impl UnsafeFn {
    #[inline(always)]
    pub fn __gc_kind(&self) -> UnsafeFn {
        UnsafeFn
    }
}

/// A function whose author promises to keep the contract of [`Trace`].
#[diagnostic::on_unimplemented(
    message = "`#[trace(with = ..)]` takes an `unsafe fn`, but this function is safe",
    label = "declare this function as `unsafe fn`",
    note = "it makes the promises of `unsafe impl Trace`: reporting a `Gc` that the field does not own frees live memory"
)]
pub trait PromisesTrace: Sized {
    #[inline(always)]
    fn promise(self) {}
}

impl PromisesTrace for UnsafeFn {}

/// Traces `field` by `with`.
///
/// # Safety
/// `with` keeps the contract of [`Trace::trace`], as if it were that method.
#[inline(always)]
pub unsafe fn trace_with<F: ?Sized>(field: &F, with: unsafe fn(&F, &mut Tracer<'_>), tracer: &mut Tracer<'_>) {
    // SAFETY: the caller promises it.
    unsafe { with(field, tracer) }
}
