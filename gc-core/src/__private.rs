//! What the output of `#[derive(Trace)]` may use; not a public interface.
//!
//! Four questions are put by calling a method that has two meanings: is this field's type [`Trace`], has it a size,
//! is this function safe, does this type implement `Drop`. Method lookup takes the inherent method if its bounds hold, and otherwise goes on through
//! `Deref` to the other one, which stands for "no". The methods take `self`, so that no trait of the user's comes
//! before them.

use std::marker::PhantomData;
use std::ops::Deref;

pub use core::marker::Sized;
pub use core::option::Option;
pub use core::primitive::{bool, u32};

pub use crate::finalize::Finalize;
pub use crate::gc_box::GcBox;
pub use crate::object::tracer::Tracer;
use crate::pointers::Coerce;
pub use crate::trace::{MAX_NESTING, Trace};

#[doc(hidden)]
impl<'t> Tracer<'t> {
    /// Asks whether `field` is traceable.
    #[inline(always)]
    pub fn __gc_field<'a, F: ?Sized>(&'a mut self, field: &'a F) -> Field<'a, 't, F> {
        Field { tracer: self, field }
    }

    /// Asks whether `function` is safe.
    #[inline(always)]
    pub fn __gc_with<F: ?Sized, W>(&self, _: &F, _: W) -> With<F, W> {
        With(PhantomData, PhantomData)
    }

    /// Asks whether the type of `value`, which has traced fields, implements `Drop`.
    #[inline(always)]
    pub fn __gc_owner<T: ?Sized>(&self, _: &T) -> Owner<T> {
        Owner(PhantomData)
    }

    /// Traces `field` by `function`.
    ///
    /// # Safety
    /// `function` keeps the contract of [`Trace::trace`], as if it were that method.
    #[inline(always)]
    pub unsafe fn __gc_trace_with<F: ?Sized, K: PromisesTrace>(
        &mut self,
        field: &F,
        function: unsafe fn(&F, &mut Tracer<'_>),
        _: K,
    ) {
        // SAFETY: the caller promises it.
        unsafe { function(field, self) }
    }
}

/// A field of any type, to be traced if it can be.
pub struct Field<'a, 't, F: ?Sized> {
    tracer: &'a mut Tracer<'t>,
    field: &'a F,
}

impl<F: Trace + ?Sized> Field<'_, '_, F> {
    #[inline(always)]
    pub fn __gc_trace(self) {
        self.field.trace(self.tracer);
    }
}

impl<F: ?Sized> Deref for Field<'_, '_, F> {
    type Target = Untraced;

    #[inline(always)]
    fn deref(&self) -> &Untraced {
        &Untraced
    }
}

/// A field that is not traceable: it owns nothing that could be reported.
pub struct Untraced;

impl Untraced {
    #[inline(always)]
    pub fn __gc_trace(&self) {}
}

/// A field's type, to be asked for edges.
///
/// As a pointer, here and below: where a question owned its type, the compiler would look through all that the type
/// owns for destructors, and give up on a chain of some hundred types.
pub struct Edges<F: ?Sized>(PhantomData<*const F>);

impl<F: ?Sized> Edges<F> {
    pub const ASK: Self = Self(PhantomData);
}

impl<F: Trace> Edges<F> {
    #[inline(always)]
    pub fn __gc_within(self, nesting: u32, _: bool) -> bool {
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

/// A type that cannot be asked: without [`Trace`], or without a size.
pub struct Unasked;

impl Unasked {
    #[inline(always)]
    pub fn __gc_within(&self, _: u32, otherwise: bool) -> bool {
        otherwise
    }
}

/// The types of a field and of the function that is to trace it.
pub struct With<F: ?Sized, W>(PhantomData<*const F>, PhantomData<*const W>);

impl<F: ?Sized, W: Fn(&F, &mut Tracer<'_>)> With<F, W> {
    #[inline(always)]
    pub fn __gc_kind(self) -> SafeFn {
        SafeFn(())
    }
}

impl<F: ?Sized, W> Deref for With<F, W> {
    type Target = UnsafeFn;

    #[inline(always)]
    fn deref(&self) -> &UnsafeFn {
        &UnsafeFn(())
    }
}

/// A function that can be called without a promise.
pub struct SafeFn(());

/// A function that cannot, or that has another signature, which [`Tracer::__gc_trace_with`] refuses.
pub struct UnsafeFn(());

impl UnsafeFn {
    #[inline(always)]
    pub fn __gc_kind(&self) -> UnsafeFn {
        UnsafeFn(())
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

/// A type with traced fields.
pub struct Owner<T: ?Sized>(PhantomData<*const T>);

#[allow(drop_bounds, reason = "the question is whether the type itself implements `Drop`, not whether it needs it")]
impl<T: ?Sized + Drop> Owner<T> {
    #[inline(always)]
    pub fn __gc_may_drop(self)
    where
        T: DropsBesideEdges,
    {
    }
}

impl<T: ?Sized> Deref for Owner<T> {
    type Target = NoDrop;

    #[inline(always)]
    fn deref(&self) -> &NoDrop {
        &NoDrop
    }
}

/// A type that is dropped field by field.
pub struct NoDrop;

impl NoDrop {
    #[inline(always)]
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
