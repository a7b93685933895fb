//! What a map has in common with those of std.

use std::fmt;

use super::{IntoIter, Iter, WeakMap};
use crate::pointers::Gc;
use crate::trace::Trace;
use crate::weak::walk::Walk;

impl<K: ?Sized, V> Default for WeakMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: ?Sized + 'static, V: Clone + Trace + 'static> Clone for WeakMap<K, V> {
    /// Another map, with clones of the values, for the same keys.
    fn clone(&self) -> Self {
        let clone = Self::with_capacity(self.len());
        self.iter().for_each(|(key, value)| drop(clone.insert(&key, value)));
        clone
    }
}

impl<K: ?Sized + fmt::Debug, V: fmt::Debug> fmt::Debug for WeakMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entries = f.debug_map();
        let mut walk = Walk::through(&self.table);
        while let Some((key, entry)) = walk.step(&self.table) {
            entries.entry(&key, entry.value());
        }
        entries.finish()
    }
}

impl<K: ?Sized + 'static, V: Trace + 'static> Extend<(Gc<K>, V)> for WeakMap<K, V> {
    /// Inserts all pairs. The pointers are dropped: an entry stays only if its key is held elsewhere.
    fn extend<I: IntoIterator<Item = (Gc<K>, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(key, value)| drop(self.insert(&key, value)));
    }
}

impl<'a, K: ?Sized + 'static, V: Trace + 'static> Extend<(&'a Gc<K>, V)> for WeakMap<K, V> {
    fn extend<I: IntoIterator<Item = (&'a Gc<K>, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K: ?Sized + 'static, V: Trace + 'static> FromIterator<(Gc<K>, V)> for WeakMap<K, V> {
    /// A map of all pairs. The pointers are dropped: an entry stays only if its key is held elsewhere.
    fn from_iter<I: IntoIterator<Item = (Gc<K>, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        map.extend(pairs);
        map
    }
}

impl<'a, K: ?Sized + 'static, V: Trace + 'static> FromIterator<(&'a Gc<K>, V)> for WeakMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (&'a Gc<K>, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        map.extend(pairs);
        map
    }
}

impl<K: ?Sized + 'static, V: Trace + 'static, const N: usize> From<[(Gc<K>, V); N]> for WeakMap<K, V> {
    /// As by [`from_iter`](FromIterator::from_iter).
    fn from(pairs: [(Gc<K>, V); N]) -> Self {
        Self::from_iter(pairs)
    }
}

impl<'a, K: ?Sized, V: Clone> IntoIterator for &'a WeakMap<K, V> {
    type Item = (Gc<K>, V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<K: ?Sized, V> IntoIterator for WeakMap<K, V> {
    type Item = (Gc<K>, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter::new(self)
    }
}
