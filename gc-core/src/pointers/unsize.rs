//! Unsizing in place, on stable Rust, and the way back.

use std::any::Any;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::gc_box::GcBox;
use crate::pointers::{Gc, Weak};

/// Turns a `Gc<T>` or `Weak<T>` into one of a trait that `T` implements, or of a slice: the same box, no copy.
///
/// `Rc` does this by itself, which needs an unstable trait.
///
/// # Examples
/// ```
/// use gc_core::{Gc, Trace, Weak, coerce};
///
/// trait Shape {
///     fn area(&self) -> f64;
/// }
///
/// #[derive(Trace)]
/// struct Square(f64);
/// impl Shape for Square {
///     fn area(&self) -> f64 {
///         self.0 * self.0
///     }
/// }
///
/// let square = Gc::new(Square(2.0));
/// let shape: Gc<dyn Shape> = coerce!(square.clone() => dyn Shape);
/// assert_eq!(shape.area(), 4.0);
/// let weak: Weak<dyn Shape> = coerce!(Gc::downgrade(&square) => dyn Shape);
/// assert!(weak.upgrade().is_some());
///
/// let slice: Gc<[i32]> = coerce!(Gc::new([1, 2, 3]) => [i32]);
/// assert_eq!(slice.len(), 3);
/// ```
///
/// Only a coercion that the language knows is accepted:
/// ```compile_fail
/// gc_core::coerce!(gc_core::Gc::new(1) => dyn Iterator<Item = u8>);
/// ```
#[macro_export]
macro_rules! coerce {
    ($pointer:expr => $target:ty) => {
        match $pointer {
            // SAFETY: the closure unsizes the pointer, and does nothing else (G3).
            pointer => unsafe {
                $crate::__private::coerce(pointer, |boxed| -> *mut $crate::__private::GcBox<$target> { boxed })
            },
        }
    };
}

/// `Gc` and `Weak`: what `coerce!` applies to.
pub trait Coerce {
    /// What it points to.
    type Target: ?Sized;
    /// The same kind of pointer to something else.
    type To<U: ?Sized>;

    /// Unsizes the pointer inside.
    ///
    /// # Safety
    /// `unsize` returns its argument, with other metadata that fits.
    unsafe fn coerce<U: ?Sized>(self, unsize: impl FnOnce(*mut GcBox<Self::Target>) -> *mut GcBox<U>) -> Self::To<U>;
}

impl<T: ?Sized> Coerce for Gc<T> {
    type Target = T;
    type To<U: ?Sized> = Gc<U>;

    unsafe fn coerce<U: ?Sized>(self, unsize: impl FnOnce(*mut GcBox<T>) -> *mut GcBox<U>) -> Gc<U> {
        let boxed = unsize(ManuallyDrop::new(self).as_box().as_ptr());
        // SAFETY: the caller's promise: the address is that of our box, and the count goes with it.
        let boxed = unsafe { NonNull::new_unchecked(boxed) };
        // SAFETY: as above.
        unsafe { Gc::from_box(boxed) }
    }
}

impl<T: ?Sized> Coerce for Weak<T> {
    type Target = T;
    type To<U: ?Sized> = Weak<U>;

    unsafe fn coerce<U: ?Sized>(self, unsize: impl FnOnce(*mut GcBox<T>) -> *mut GcBox<U>) -> Weak<U> {
        let tagged = unsize(ManuallyDrop::new(self).tagged().as_ptr());
        // SAFETY: the caller's promise: the address, whatever it says (W1), is ours.
        let tagged = unsafe { NonNull::new_unchecked(tagged) };
        // SAFETY: as above.
        unsafe { Weak::from_box(tagged) }
    }
}

impl Gc<dyn Any> {
    /// The pointer as one to a `T`, if the value is one.
    ///
    /// # Errors
    /// The pointer itself, otherwise.
    ///
    /// # Examples
    /// ```
    /// use std::any::Any;
    /// use gc_core::{Gc, coerce};
    ///
    /// let any: Gc<dyn Any> = coerce!(Gc::new(5) => dyn Any);
    /// assert_eq!(*any.downcast::<i32>().unwrap(), 5);
    /// ```
    pub fn downcast<T: Any>(self) -> Result<Gc<T>, Self> {
        if !(*self).is::<T>() {
            return Err(self);
        }
        let boxed = ManuallyDrop::new(self).as_box();
        // SAFETY: the value is a `T`, and the count goes with the pointer (G3).
        Ok(unsafe { Gc::from_box(boxed.cast()) })
    }
}
