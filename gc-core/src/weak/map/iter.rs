//! Iterators over a map.

use std::iter::FusedIterator;

use super::WeakMap;
use crate::pointers::Gc;
use crate::weak::table::{Lent, Table, drop_all};
use crate::weak::walk::Walk;

/// The entries of a [`WeakMap`], with clones of the values; see [`WeakMap::iter`].
#[must_use = "iterators are lazy"]
pub struct Iter<'a, K: ?Sized, V> {
    table: &'a Table<K, V>,
    walk: Walk,
}

impl<'a, K: ?Sized, V> Iter<'a, K, V> {
    pub(super) fn new(table: &'a Table<K, V>) -> Self {
        Self { table, walk: Walk::through(table) }
    }
}

impl<K: ?Sized, V: Clone> Iterator for Iter<'_, K, V> {
    type Item = (Gc<K>, V);

    fn next(&mut self) -> Option<(Gc<K>, V)> {
        let (key, entry) = self.walk.step(self.table)?;
        let value = entry.value().clone();
        drop(entry);
        Some((key, value))
    }
}

impl<K: ?Sized, V: Clone> FusedIterator for Iter<'_, K, V> {}

/// The entries of a [`WeakMap`], taken out of it; see [`WeakMap::drain`].
pub struct Drain<'a, K: ?Sized, V> {
    table: &'a Table<K, V>,
    walk: Walk,
}

impl<'a, K: ?Sized, V> Drain<'a, K, V> {
    pub(super) fn new(table: &'a Table<K, V>) -> Self {
        Self { table, walk: Walk::through(table) }
    }

    /// The next entry, which is in no table any more, and its key.
    pub(in crate::weak) fn next_entry(&mut self) -> Option<(Gc<K>, Lent<K, V>)> {
        self.walk.step_out(self.table)
    }
}

impl<K: ?Sized, V> Iterator for Drain<'_, K, V> {
    type Item = (Gc<K>, V);

    fn next(&mut self) -> Option<(Gc<K>, V)> {
        std::iter::from_fn(|| self.next_entry()).find_map(|(key, entry)| Some((key, entry.into_value()?)))
    }
}

impl<K: ?Sized, V> FusedIterator for Drain<'_, K, V> {}

impl<K: ?Sized, V> Drop for Drain<'_, K, V> {
    /// Takes the rest out before the first value is dropped.
    fn drop(&mut self) {
        drop_all(std::iter::from_fn(|| self.next_entry()).map(|(_, entry)| entry).collect());
    }
}

/// The entries of a [`WeakMap`] that is gone. Those whose keys die before it is their turn go with their keys.
pub struct IntoIter<K: ?Sized, V> {
    map: WeakMap<K, V>,
    walk: Walk,
}

impl<K: ?Sized, V> IntoIter<K, V> {
    pub(super) fn new(map: WeakMap<K, V>) -> Self {
        let walk = Walk::through(&map.table);
        Self { map, walk }
    }

    /// The next entry, which is in no table any more, and its key.
    pub(in crate::weak) fn next_entry(&mut self) -> Option<(Gc<K>, Lent<K, V>)> {
        self.walk.step_out(&self.map.table)
    }
}

impl<K: ?Sized, V> Iterator for IntoIter<K, V> {
    type Item = (Gc<K>, V);

    fn next(&mut self) -> Option<(Gc<K>, V)> {
        // A leaked entry keeps its value.
        std::iter::from_fn(|| self.next_entry()).find_map(|(key, entry)| Some((key, entry.into_value()?)))
    }
}

impl<K: ?Sized, V> FusedIterator for IntoIter<K, V> {}
