//! Pointers as raw ones, and back.

use std::mem::{ManuallyDrop, align_of_val};
use std::ptr::NonNull;

use crate::gc_box::GcBox;
use crate::object::header::Header;
use crate::pointers::{Gc, Weak};

/// The box around a value that [`Gc::as_ptr`] gave.
///
/// # Safety
/// The value lies in an allocated box, and `value` has the provenance of the whole allocation.
unsafe fn box_around<T: ?Sized>(value: *const T) -> NonNull<GcBox<T>> {
    // SAFETY: the place is allocated; only its alignment is looked at (H3).
    let align = align_of_val(unsafe { &*value });
    let offset = size_of::<Header>().next_multiple_of(align);
    // SAFETY: a value lies that far behind the beginning of its box, which is `repr(C)` (G1).
    let boxed = unsafe { value.byte_sub(offset) } as *mut GcBox<T>;
    // SAFETY: a box is not at address zero (G1).
    unsafe { NonNull::new_unchecked(boxed) }
}

impl<T: ?Sized> Gc<T> {
    /// Gives the pointer up for a raw one, which owns its count.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(String::from("x")));
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// let text = unsafe { Gc::from_raw(raw) };
    /// assert_eq!(*text, "x");
    /// ```
    #[must_use = "losing the pointer will leak memory"]
    pub fn into_raw(this: Self) -> *const T {
        Self::as_ptr(&ManuallyDrop::new(this))
    }

    /// The pointer that [`Gc::into_raw`] gave up.
    ///
    /// # Safety
    /// `raw` came from `into_raw` of a `Gc<T>` (or of one that a cast of its type makes one of `T`, of the same size
    /// and alignment), on this thread, and is turned back once.
    ///
    /// Unlike with `Rc`, a cast changes what the pointer sees, not what the box is: it is traced, and its value
    /// dropped, as what it was made for.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw: *const str = Gc::into_raw(Gc::from("x"));
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// let text: Gc<str> = unsafe { Gc::from_raw(raw) };
    /// assert_eq!(&*text, "x");
    /// ```
    pub unsafe fn from_raw(raw: *const T) -> Self {
        // SAFETY: the caller's promise.
        let boxed = unsafe { box_around(raw) };
        // SAFETY: the count that `into_raw` gave up is ours again (S1).
        unsafe { Self::from_box(boxed) }
    }

    /// Adds one to the strong count of the value that `raw` points to.
    ///
    /// # Safety
    /// As for [`Gc::from_raw`], but the pointer is not given up; the value is alive.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(5));
    /// // SAFETY: the pointer came from `into_raw`; two counts are turned back below.
    /// unsafe { Gc::increment_strong_count(raw) };
    /// // SAFETY: as above.
    /// let [one, two] = unsafe { [Gc::from_raw(raw), Gc::from_raw(raw)] };
    /// assert_eq!((Gc::strong_count(&one), *two), (2, 5));
    /// ```
    pub unsafe fn increment_strong_count(raw: *const T) {
        // SAFETY: the caller's promise.
        let this = ManuallyDrop::new(unsafe { Self::from_raw(raw) });
        std::mem::forget(Self::clone(&this));
    }

    /// Takes one from the strong count of the value that `raw` points to, and ends the value if it was the last.
    ///
    /// # Safety
    /// As for [`Gc::from_raw`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(5);
    /// let raw = Gc::into_raw(one.clone());
    /// // SAFETY: the pointer came from `into_raw`, and is given up here.
    /// unsafe { Gc::decrement_strong_count(raw) };
    /// assert_eq!(Gc::strong_count(&one), 1);
    /// ```
    pub unsafe fn decrement_strong_count(raw: *const T) {
        // SAFETY: the caller's promise.
        drop(unsafe { Self::from_raw(raw) });
    }
}

impl<T: ?Sized> Weak<T> {
    /// A raw pointer to the value. It may be followed only as long as a [`Gc`] to the value exists.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(5);
    /// assert_eq!(Gc::downgrade(&gc).as_ptr(), Gc::as_ptr(&gc));
    /// ```
    #[must_use]
    pub fn as_ptr(&self) -> *const T {
        match self.target() {
            // SAFETY: our weak count keeps the box allocated (W1, H3).
            Some(boxed) => unsafe { GcBox::value(boxed) },
            None => self.tagged().as_ptr() as *const T,
        }
    }

    /// Gives the pointer up for a raw one, which owns its count. A callback is dropped, uncalled.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let gc = Gc::new(5);
    /// let raw = Gc::downgrade(&gc).into_raw();
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// let weak = unsafe { Weak::from_raw(raw) };
    /// assert_eq!(weak.upgrade().as_deref(), Some(&5));
    /// ```
    #[must_use = "losing the pointer will leak memory"]
    pub fn into_raw(self) -> *const T {
        // A clone owns a weak count and no callback.
        ManuallyDrop::new(self.clone()).as_ptr()
    }

    /// The pointer that [`Weak::into_raw`] gave up.
    ///
    /// # Safety
    /// `raw` came from `into_raw` of a `Weak<T>`, on this thread, and is turned back once.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let gc = Gc::new(5);
    /// let raw = Gc::downgrade(&gc).into_raw();
    /// assert_eq!(Gc::weak_count(&gc), 1);
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// drop(unsafe { Weak::from_raw(raw) });
    /// assert_eq!(Gc::weak_count(&gc), 0);
    /// ```
    pub unsafe fn from_raw(raw: *const T) -> Self {
        let boxed = if raw.addr() == Self::NOWHERE {
            NonNull::new(raw as *mut GcBox<T>).expect("nowhere is not zero")
        } else {
            // SAFETY: the caller's promise: the weak count keeps the box allocated.
            unsafe { box_around(raw) }
        };
        // SAFETY: the count that `into_raw` gave up is ours again; a pointer to nothing owns none (W1).
        unsafe { Self::from_box(boxed) }
    }
}
