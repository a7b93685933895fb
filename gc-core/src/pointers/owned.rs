//! A value of one's own: cloned, or moved, out of a shared box.

use std::ffi::{CStr, OsStr};
use std::path::Path;
use std::pin::Pin;

use crate::heap::Heap;
use crate::pointers::Gc;
use crate::trace::Trace;

/// Values that [`Gc::make_mut`] can put into a box of their own: `Clone` ones, and slices and texts of them.
///
/// It stands for the unstable `CloneToUninit` that `Rc::make_mut` asks for, and like that one it is not implemented
/// outside of the library that declares it.
///
/// # Examples
/// ```
/// use gc_core::{Gc, Renew};
///
/// let text: Gc<str> = "x".cloned();
/// assert_eq!(&*text, "x");
/// ```
pub trait Renew: Move {
    /// A new box with a clone of the value.
    fn cloned(&self) -> Gc<Self>;
}

/// The half of [`Renew`] that must not run code of the user's: whoever could write it could get hold of the value by a
/// weak pointer, while it is on its way. No name leads here from outside.
pub trait Move {
    /// A new box with the value itself, moved bitwise.
    ///
    /// # Safety
    /// The caller gives the value up without dropping it, unless this panics.
    unsafe fn moved(&self) -> Gc<Self>;
}

impl<T: Clone + Trace + 'static> Renew for T {
    fn cloned(&self) -> Gc<Self> {
        Gc::new(self.clone())
    }
}

impl<T: Clone + Trace + 'static> Move for T {
    unsafe fn moved(&self) -> Gc<Self> {
        let empty = Gc::<T>::new_uninit();
        // SAFETY: the box is new, and as large as the value, which the caller gives up.
        unsafe { empty.fill_with(self) }
    }
}

impl<T: Clone + Trace + 'static> Renew for [T] {
    fn cloned(&self) -> Gc<Self> {
        self.into()
    }
}

impl<T: Clone + Trace + 'static> Move for [T] {
    unsafe fn moved(&self) -> Gc<Self> {
        // SAFETY: the caller's promise.
        unsafe { Gc::move_slice(self) }
    }
}

/// Text is moved by copying it.
macro_rules! renew_texts {
    ($($text:ty),+) => {$(
        impl Renew for $text {
            fn cloned(&self) -> Gc<Self> {
                self.into()
            }
        }

        impl Move for $text {
            unsafe fn moved(&self) -> Gc<Self> {
                self.into()
            }
        }
    )+};
}
renew_texts!(str, CStr, OsStr, Path);

impl<T: ?Sized + Renew> Gc<T> {
    /// A mutable reference to the value, after making it this pointer's own.
    ///
    /// If other `Gc`s point to it, or a collection holds it, the value is cloned into a new box. If only weak pointers do,
    /// it is moved to a new box, and the weak pointers do not upgrade any more.
    ///
    /// # Panics
    /// If `clone` does, and as [`Gc::new`]; the pointer is unchanged then. Also with the panic of a weak pointer's
    /// callback, once the value has been moved.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut one = Gc::new(5);
    /// let other = one.clone();
    /// *Gc::make_mut(&mut one) += 1;
    /// assert_eq!((*one, *other), (6, 5));
    ///
    /// let mut text: Gc<str> = "abc".into();
    /// Gc::make_mut(&mut text).make_ascii_uppercase();
    /// assert_eq!(&*text, "ABC");
    /// ```
    pub fn make_mut(this: &mut Self) -> &mut T {
        if Self::get_mut(this).is_none() {
            if Self::is_only_strong(this) {
                // No collection: a finalizer could upgrade a weak pointer to the value that is on its way.
                let paused = Heap::pause();
                // SAFETY: the value is given up where it was (S2).
                let moved = unsafe { T::moved(this) };
                drop(paused);
                std::mem::replace(this, moved).abandon();
            } else {
                *this = T::cloned(this);
            }
        }
        Self::get_mut(this).expect("the box is new")
    }
}

impl<T: Clone> Gc<T> {
    /// The value, if this is the only strong pointer, or else a clone of it.
    ///
    /// # Panics
    /// If `clone` does.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let text = Gc::new(String::from("x"));
    /// let other = text.clone();
    /// assert_eq!(Gc::unwrap_or_clone(text), "x");
    /// assert_eq!(Gc::unwrap_or_clone(other), "x");
    /// ```
    pub fn unwrap_or_clone(this: Self) -> T {
        Self::try_unwrap(this).unwrap_or_else(|shared| (*shared).clone())
    }
}

impl<T: Trace + 'static> Gc<T> {
    /// A box whose value does not move as long as it lives.
    ///
    /// # Panics
    /// As [`Gc::new`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// assert_eq!(*Gc::pin(5), 5);
    /// ```
    #[must_use]
    pub fn pin(value: T) -> Pin<Self> {
        // SAFETY: a value is moved out of a box only by those who have the `Gc` itself (S2), which the `Pin` keeps to itself.
        unsafe { Pin::new_unchecked(Self::new(value)) }
    }
}
