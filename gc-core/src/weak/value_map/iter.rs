//! Iterators over a map.

use std::fmt;
use std::iter::FusedIterator;

use super::super::table::{Table, drop_all};
use super::super::walk::Walk;
use super::{WeakValueMap, taken};
use crate::pointers::Gc;

/// Writes a struct that walks over a table by reference, and its traits.
macro_rules! walks {
    ($($(#[$attr:meta])* $name:ident;)+) => {$(
        $(#[$attr])*
        pub struct $name<'a, K, V: ?Sized> {
            table: &'a Table<V, K>,
            walk: Walk,
        }

        impl<'a, K, V: ?Sized> $name<'a, K, V> {
            pub(super) fn new(table: &'a Table<V, K>) -> Self {
                Self { table, walk: Walk::through(table) }
            }
        }

        impl<K, V: ?Sized> fmt::Debug for $name<'_, K, V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
walks! {
    /// The entries of a map; see [`WeakValueMap::iter`].
    Iter;
    /// The keys of a map; see [`WeakValueMap::keys`].
    Keys;
    /// The values of a map; see [`WeakValueMap::values`].
    Values;
    /// The entries of a map, taken out; see [`WeakValueMap::drain`].
    Drain;
}

/// Writes `clone` for iterators that take nothing out.
macro_rules! clones {
    ($($name:ident)+) => {$(
        impl<K, V: ?Sized> Clone for $name<'_, K, V> {
            /// Another walk over what is left of this one.
            fn clone(&self) -> Self {
                Self { table: self.table, walk: self.walk }
            }
        }
    )+};
}
clones!(Iter Keys Values);

impl<K: Clone, V: ?Sized> Iterator for Iter<'_, K, V> {
    type Item = (K, Gc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        let (value, entry) = self.walk.step(self.table)?;
        let key = entry.value().clone();
        drop(entry);
        Some((key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.table.len()))
    }
}

impl<K: Clone, V: ?Sized> Iterator for Keys<'_, K, V> {
    type Item = K;

    fn next(&mut self) -> Option<K> {
        let (value, entry) = self.walk.step(self.table)?;
        let key = entry.value().clone();
        drop(entry);
        drop(value);
        Some(key)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.table.len()))
    }
}

impl<K, V: ?Sized> Iterator for Values<'_, K, V> {
    type Item = Gc<V>;

    fn next(&mut self) -> Option<Gc<V>> {
        self.walk.step(self.table).map(|(value, _)| value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.table.len()))
    }
}

impl<K, V: ?Sized> Iterator for Drain<'_, K, V> {
    type Item = (K, Gc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        std::iter::from_fn(|| self.walk.step_out(self.table)).find_map(taken)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.table.len()))
    }
}

impl<K, V: ?Sized> Drop for Drain<'_, K, V> {
    fn drop(&mut self) {
        drop_all(std::iter::from_fn(|| self.walk.step_out(self.table)).map(|(_, entry)| entry).collect());
    }
}

/// The entries of a map, taken out, by value; made by `into_iter`.
pub struct IntoIter<K, V: ?Sized> {
    table: std::rc::Rc<Table<V, K>>,
    walk: Walk,
}

impl<K, V: ?Sized> Iterator for IntoIter<K, V> {
    type Item = (K, Gc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        std::iter::from_fn(|| self.walk.step_out(&self.table)).find_map(taken)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.table.len()))
    }
}

impl<K, V: ?Sized> fmt::Debug for IntoIter<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoIter").finish_non_exhaustive()
    }
}

impl<K: Clone, V: ?Sized> FusedIterator for Iter<'_, K, V> {}
impl<K: Clone, V: ?Sized> FusedIterator for Keys<'_, K, V> {}
impl<K, V: ?Sized> FusedIterator for Values<'_, K, V> {}
impl<K, V: ?Sized> FusedIterator for Drain<'_, K, V> {}
impl<K, V: ?Sized> FusedIterator for IntoIter<K, V> {}

impl<K, V: ?Sized, S> IntoIterator for WeakValueMap<K, V, S> {
    type Item = (K, Gc<V>);
    type IntoIter = IntoIter<K, V>;

    /// The entries, by value. What dies before its turn is not shown.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([(String::from("one"), one.clone())]);
    /// assert_eq!(map.into_iter().next(), Some((String::from("one"), one)));
    /// ```
    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter { walk: Walk::through(&self.table), table: self.table }
    }
}

impl<'a, K: Clone, V: ?Sized, S> IntoIterator for &'a WeakValueMap<K, V, S> {
    type Item = (K, Gc<V>);
    type IntoIter = Iter<'a, K, V>;

    /// As [`WeakValueMap::iter`].
    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}
