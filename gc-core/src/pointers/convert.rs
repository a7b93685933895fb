//! `Gc`s of slices, strings and trait objects, made by moving a value in.

use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::ptr;

use crate::gc_box::{GcBox, dst};
use crate::heap::Heap;
use crate::object::header::Birth;
use crate::pointers::Gc;
use crate::trace::Trace;

impl<T: ?Sized> Gc<T> {
    /// Moves a boxed value into a box of this heap, untraced: as [`Gc::leaf`] for values without a fixed size.
    ///
    /// # Panics
    /// As [`Gc::new`]; the value is dropped then.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// trait Greet {
    ///     fn greet(&self) -> String;
    /// }
    /// impl Greet for u8 {
    ///     fn greet(&self) -> String {
    ///         format!("hello {self}")
    ///     }
    /// }
    ///
    /// let greeter: Gc<dyn Greet> = Gc::leaf_from_box(Box::new(7_u8));
    /// assert_eq!(greeter.greet(), "hello 7");
    /// ```
    pub fn leaf_from_box(value: Box<T>) -> Self {
        Self::move_from_box(value, dst::leaf::<T>())
    }

    fn move_from_box(value: Box<T>, birth: Birth) -> Self {
        // SAFETY: the value is moved out below, and not dropped where it was (U1).
        let gc = unsafe { Self::move_in(&raw const *value, birth) };
        // Frees the memory of the `Box`, and nothing else.
        // SAFETY: it was allocated by a `Box` for this layout, which `ManuallyDrop` leaves as it is; this takes no
        // invariant.
        drop(unsafe { Box::from_raw(Box::into_raw(value) as *mut ManuallyDrop<T>) });
        gc
    }

    /// A box with the value that `source` points to, moved bitwise.
    ///
    /// # Safety
    /// `source` points to a whole value, which the caller gives up without dropping it; `birth` is for a `T`.
    unsafe fn move_in(source: *const T, birth: Birth) -> Self {
        // SAFETY: the caller's promise.
        let value = std::alloc::Layout::for_value(unsafe { &*source });
        // SAFETY: the metadata and the layout are the value's own (Z1).
        let boxed = unsafe {
            dst::prepare(source, value, birth, |birth, allocation| Heap::with(|heap| heap.allocate(birth, allocation)))
        };
        // SAFETY: the box is allocated (G3).
        let place = unsafe { GcBox::value(boxed) };
        // SAFETY: the place is as large as the value, and new (G3).
        unsafe { ptr::copy_nonoverlapping(source.cast::<u8>(), place.cast::<u8>(), value.size()) };
        // SAFETY: the value is in place, and the box's first count is ours (G3).
        unsafe { Self::from_box(boxed) }
    }
}

impl<T: Trace + 'static> Gc<[T]> {
    /// # Safety
    /// As for `move_in`.
    pub(super) unsafe fn move_slice(source: *const [T]) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Self::move_in(source, dst::traced::<[T]>(T::has_edges())) }
    }
}

impl<T: ?Sized + Trace + 'static> From<Box<T>> for Gc<T> {
    /// Moves a boxed value into a box of this heap.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Trace};
    ///
    /// trait Shape: Trace {
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
    /// let shape: Box<dyn Shape> = Box::new(Square(2.0));
    /// assert_eq!(Gc::<dyn Shape>::from(shape).area(), 4.0);
    /// ```
    fn from(value: Box<T>) -> Self {
        let birth = dst::traced::<T>(true).finalizing(value.has_finalizer());
        Self::move_from_box(value, birth)
    }
}

impl<T: Trace + 'static> From<Vec<T>> for Gc<[T]> {
    /// Moves the elements into a box.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let slice: Gc<[i32]> = Gc::from(vec![1, 2, 3]);
    /// assert_eq!(slice[1..], [2, 3]);
    /// ```
    fn from(mut values: Vec<T>) -> Self {
        // SAFETY: the elements are given up below (U1).
        let gc = unsafe { Self::move_slice(values.as_slice()) };
        // SAFETY: no element is left (U1).
        unsafe { values.set_len(0) };
        gc
    }
}

impl<T: Trace + 'static, const N: usize> From<[T; N]> for Gc<[T]> {
    /// Moves the elements into a box.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let slice: Gc<[i32]> = Gc::from([1, 2]);
    /// assert_eq!(slice.len(), 2);
    /// ```
    fn from(values: [T; N]) -> Self {
        Vec::from(values).into()
    }
}

impl<T: Trace + Clone + 'static> From<&[T]> for Gc<[T]> {
    /// Clones the elements into a box.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let slice: Gc<[String]> = Gc::from(&[String::from("x")][..]);
    /// assert_eq!(slice[0], "x");
    /// ```
    fn from(values: &[T]) -> Self {
        values.to_vec().into()
    }
}

impl<T: Trace + Clone + 'static> From<&mut [T]> for Gc<[T]> {
    /// Clones the elements into a box.
    fn from(values: &mut [T]) -> Self {
        values.to_vec().into()
    }
}

impl<T: Trace + 'static> FromIterator<T> for Gc<[T]> {
    /// Collects the items into a box.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let squares: Gc<[u32]> = (0..4).map(|n| n * n).collect();
    /// assert_eq!(*squares, [0, 1, 4, 9]);
    /// ```
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl<T, const N: usize> TryFrom<Gc<[T]>> for Gc<[T; N]> {
    type Error = Gc<[T]>;

    /// The same box, as an array.
    ///
    /// # Errors
    /// The slice itself, if its length is not `N`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let slice: Gc<[i32]> = Gc::from(vec![1, 2]);
    /// let array: Gc<[i32; 2]> = slice.clone().try_into().unwrap();
    /// assert_eq!(*array, [1, 2]);
    /// assert!(Gc::<[i32; 3]>::try_from(slice).is_err());
    /// ```
    fn try_from(slice: Gc<[T]>) -> Result<Self, Gc<[T]>> {
        if slice.len() != N {
            return Err(slice);
        }
        let boxed = ManuallyDrop::new(slice).as_box();
        // SAFETY: an array lies in memory as a slice of its length; the count goes with the pointer, and the box keeps the
        // function table it was made with (G3).
        Ok(unsafe { Self::from_box(boxed.cast()) })
    }
}

/// A string-like value, moved into a box without being traced: it owns no `Gc`.
macro_rules! from_text {
    ($($text:ty, $owned:ty, $example:literal;)+) => {$(
        impl From<&$text> for Gc<$text> {
            /// Copies the text into a box.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("use std::{ffi::{CStr, CString, OsStr, OsString}, path::{Path, PathBuf}};\n\n",
                "let text: &", stringify!($text), " = ", $example, ";\n",
                "let gc: gc_core::Gc<", stringify!($text), "> = text.into();\n",
                "assert_eq!(&*gc, text);")]
            /// ```
            fn from(text: &$text) -> Self {
                // SAFETY: text is bytes; what is copied need not be given up (U1).
                unsafe { Self::move_in(text, dst::traced::<$text>(false)) }
            }
        }

        impl From<&mut $text> for Gc<$text> {
            /// Copies the text into a box.
            fn from(text: &mut $text) -> Self {
                Self::from(&*text)
            }
        }

        impl From<$owned> for Gc<$text> {
            /// Copies the text into a box.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("use std::{ffi::{CStr, CString, OsStr, OsString}, path::{Path, PathBuf}};\n\n",
                "let text = ", stringify!($owned), "::from(", $example, ");\n",
                "let gc: gc_core::Gc<", stringify!($text), "> = text.clone().into();\n",
                "assert_eq!(&*gc, &*text);")]
            /// ```
            fn from(text: $owned) -> Self {
                Self::from(&*text)
            }
        }

        impl Default for Gc<$text> {
            /// An empty text.
            fn default() -> Self {
                Self::from(<$owned>::default())
            }
        }
    )+};
}
from_text! {
    str, String, "\"x\"";
    CStr, CString, "c\"x\"";
    OsStr, OsString, "OsStr::new(\"x\")";
    Path, PathBuf, "Path::new(\"x\")";
}

impl From<Gc<str>> for Gc<[u8]> {
    /// The same box, as bytes.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let bytes: Gc<[u8]> = Gc::<str>::from("hi").into();
    /// assert_eq!(*bytes, [104, 105]);
    /// ```
    fn from(text: Gc<str>) -> Self {
        let boxed = ManuallyDrop::new(text).as_box();
        let bytes = ptr::NonNull::new(boxed.as_ptr() as *mut GcBox<[u8]>).expect("a box is somewhere");
        // SAFETY: a `str` lies in memory as its bytes; the count goes with the pointer, and the box keeps the function
        // table it was made with (G3).
        unsafe { Self::from_box(bytes) }
    }
}

impl<'a, B> From<Cow<'a, B>> for Gc<B>
where
    B: ToOwned + ?Sized,
    Gc<B>: From<&'a B> + From<B::Owned>,
{
    /// Moves or copies the value into a box.
    ///
    /// # Examples
    /// ```
    /// use std::borrow::Cow;
    /// use gc_core::Gc;
    ///
    /// let text: Gc<str> = Cow::Borrowed("x").into();
    /// assert_eq!(&*text, "x");
    /// ```
    fn from(value: Cow<'a, B>) -> Self {
        match value {
            Cow::Borrowed(borrowed) => borrowed.into(),
            Cow::Owned(owned) => owned.into(),
        }
    }
}

impl<T: Trace + 'static> Default for Gc<[T]> {
    /// An empty slice.
    fn default() -> Self {
        Vec::new().into()
    }
}
