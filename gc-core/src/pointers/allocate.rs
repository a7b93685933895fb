//! What `Gc::new` asks of a type, said in the user's words.

use crate::gc_box;
use crate::heap::Heap;
use crate::pointers::Gc;
use crate::trace::Trace;

/// Implemented for `Gc<T>` of every `T: Trace + 'static`: what [`Gc::new`] and [`Gc::new_cyclic`] ask for.
///
/// A bound on `T` itself would let the compiler suggest `Gc::new(&value)`, since references are traceable, instead of
/// what helps.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be stored in a `Gc`: the collector does not know how to trace it",
    label = "not traceable",
    note = "add `#[derive(Trace)]` to `{T}`, or allocate it by `Gc::leaf` if it owns no `Gc`",
    note = "a closure is traced as `Closure`, a trait object by `trait Tr: Trace`"
)]
pub trait Allocate<T>: sealed::Sealed<T> + Sized {
    /// A box that waits for its value, which `finalizes` or not.
    ///
    /// # Safety
    /// The caller puts the value in, or gives the box up.
    #[doc(hidden)]
    unsafe fn allocate(finalizes: bool) -> NewBox;

    /// Whether `value` has a finalizer.
    #[doc(hidden)]
    fn finalizes(value: &T) -> bool;
}

/// Nobody else can name it, so nobody else hands out boxes.
mod sealed {
    pub trait Sealed<T> {}
}

#[diagnostic::do_not_recommend]
impl<T: Trace + 'static> sealed::Sealed<T> for Gc<T> {}

/// Hides what a new box looks like from the docs.
#[doc(hidden)]
pub struct NewBox(pub(super) std::ptr::NonNull<crate::object::header::Header>);

#[diagnostic::do_not_recommend]
impl<T: Trace + 'static> Allocate<T> for Gc<T> {
    #[inline]
    unsafe fn allocate(finalizes: bool) -> NewBox {
        let birth = gc_box::traced::<T>().finalizing(finalizes);
        NewBox(Heap::with(|heap| heap.allocate(birth, gc_box::fixed::<T>())))
    }

    #[inline]
    fn finalizes(value: &T) -> bool {
        value.has_finalizer()
    }
}
