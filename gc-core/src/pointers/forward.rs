//! What a `Gc` does as its value does.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
#[cfg(unix)]
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
#[cfg(windows)]
use std::os::windows::io::{AsHandle, AsSocket, BorrowedHandle, BorrowedSocket};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;

use crate::pointers::{Gc, Weak};
use crate::trace::Trace;

impl<T: ?Sized + fmt::Debug> fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// The address of the value.
impl<T: ?Sized> fmt::Pointer for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::as_ptr(self).fmt(f)
    }
}

/// Values are compared, not addresses; see [`Gc::ptr_eq`].
impl<T: ?Sized + PartialEq> PartialEq for Gc<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }

    #[allow(clippy::partialeq_ne_impl, reason = "the value's own `ne` is forwarded to, as `Rc` does")]
    #[inline]
    fn ne(&self, other: &Self) -> bool {
        **self != **other
    }
}

impl<T: ?Sized + Eq> Eq for Gc<T> {}

impl<T: ?Sized + PartialOrd> PartialOrd for Gc<T> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        **self < **other
    }

    #[inline]
    fn le(&self, other: &Self) -> bool {
        **self <= **other
    }

    #[inline]
    fn gt(&self, other: &Self) -> bool {
        **self > **other
    }

    #[inline]
    fn ge(&self, other: &Self) -> bool {
        **self >= **other
    }
}

impl<T: ?Sized + Ord> Ord for Gc<T> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: ?Sized + Hash> Hash for Gc<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: ?Sized + Error> Error for Gc<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        (**self).source()
    }
}

impl<T: ?Sized> Borrow<T> for Gc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: ?Sized> AsRef<T> for Gc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

/// The value does not move with its pointer.
impl<T: ?Sized> Unpin for Gc<T> {}

/// As for [`Gc`].
impl<T: ?Sized> Unpin for Weak<T> {}

impl<T: ?Sized + RefUnwindSafe> UnwindSafe for Gc<T> {}

impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for Gc<T> {}

#[cfg(unix)]
impl<T: ?Sized + AsFd> AsFd for Gc<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        (**self).as_fd()
    }
}

#[cfg(unix)]
impl<T: AsRawFd> AsRawFd for Gc<T> {
    fn as_raw_fd(&self) -> RawFd {
        (**self).as_raw_fd()
    }
}

#[cfg(windows)]
impl<T: ?Sized + AsHandle> AsHandle for Gc<T> {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        (**self).as_handle()
    }
}

#[cfg(windows)]
impl<T: AsSocket> AsSocket for Gc<T> {
    fn as_socket(&self) -> BorrowedSocket<'_> {
        (**self).as_socket()
    }
}

impl<T: ?Sized> Default for Pin<Gc<T>>
where
    Gc<T>: Default,
{
    fn default() -> Self {
        // SAFETY: a value is moved out of a box only by those who have the `Gc` itself (S2), which the `Pin` keeps to itself.
        unsafe { Pin::new_unchecked(Gc::default()) }
    }
}

impl<T: Default + Trace + 'static> Default for Gc<T> {
    /// A box with the default value.
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Trace + 'static> From<T> for Gc<T> {
    /// Moves the value into a box.
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
