//! What an edge leads to, its type forgotten.

use std::any::TypeId;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::gc_box::GcBox;
use crate::heap::drop_strong;
use crate::object::header::Header;
use crate::pointers::Gc;

/// A strong pointer to a value of forgotten type, as [`Gc::referents`] returns it.
///
/// # Examples
/// ```
/// use gc_core::Gc;
///
/// let pair = Gc::new((Gc::new(1), Gc::new("x")));
/// let [number, _text] = Gc::referents(&pair).try_into().unwrap();
/// assert_eq!(number.type_name(), "i32");
/// assert_eq!(*number.downcast::<i32>().unwrap(), 1);
/// ```
pub struct Referent {
    /// One strong count of it is ours (S1).
    target: NonNull<Header>,
}

impl Referent {
    /// # Safety
    /// `target` is a live box of this thread's heap.
    pub(super) unsafe fn new(target: NonNull<Header>) -> Self {
        // SAFETY: the caller's promise.
        unsafe { target.as_ref() }.retain_strong();
        Self { target }
    }

    /// # Safety
    /// The box is live, and one of its strong counts is the caller's.
    pub(crate) unsafe fn owning(target: NonNull<Header>) -> Self {
        Self { target }
    }

    fn header(&self) -> &Header {
        // SAFETY: our count keeps the box allocated (S1).
        unsafe { self.target.as_ref() }
    }

    /// The name of the value's type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (self.header().vtable().type_name)()
    }

    /// Whether `gc` points to the same box.
    #[must_use]
    pub fn is<T: ?Sized>(&self, gc: &Gc<T>) -> bool {
        self.target == gc.as_box().cast()
    }

    /// The pointer, if the value is a `T` that was boxed by [`Gc::new`].
    ///
    /// # Errors
    /// The referent itself, otherwise.
    pub fn downcast<T: 'static>(self) -> Result<Gc<T>, Self> {
        if self.header().vtable().type_id.map(|id| id()) != Some(TypeId::of::<T>()) {
            return Err(self);
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: the box holds a `T`, and our count goes with the pointer (V1, S1).
        Ok(unsafe { Gc::from_box(this.target.cast::<GcBox<T>>()) })
    }
}

impl Clone for Referent {
    fn clone(&self) -> Self {
        // SAFETY: our count keeps the box alive (S1).
        unsafe { Self::new(self.target) }
    }
}

impl Drop for Referent {
    fn drop(&mut self) {
        // SAFETY: the count is ours (S1).
        unsafe { drop_strong(self.target) };
    }
}

impl fmt::Debug for Referent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:p}", self.type_name(), self.target)
    }
}
