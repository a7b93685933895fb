//! [`Leaf`]: a value of any type, held without being traced.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::impl_trace_leaf;

/// Holds a value the collector need not look into, of a type that need not implement [`Trace`](crate::Trace).
///
/// For foreign types without edges: a socket, a regular expression, a closure. A `Gc` inside is sound but hidden: it
/// counts as a reference from outside the heap, so a cycle through it is never reclaimed.
///
/// # Examples
/// ```
/// use gc_core::{Gc, Leaf};
///
/// // A foreign type, or one of your own without `#[derive(Trace)]`.
/// struct Connection {
///     peer: String,
/// }
///
/// let connections = Gc::new(vec![Leaf(Connection { peer: "ada".to_owned() })]);
///
/// assert_eq!(connections[0].peer, "ada");
/// assert!(!Gc::is_tracked(&connections));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Leaf<T: ?Sized>(pub T);

impl_trace_leaf!(<T: ?Sized> Leaf<T>);

impl<T> From<T> for Leaf<T> {
    #[inline]
    fn from(value: T) -> Self {
        Leaf(value)
    }
}

impl<T: ?Sized> Deref for Leaf<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> DerefMut for Leaf<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: ?Sized> AsRef<T> for Leaf<T> {
    #[inline]
    fn as_ref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> AsMut<T> for Leaf<T> {
    #[inline]
    fn as_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: fmt::Display + ?Sized> fmt::Display for Leaf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
