//! What a map does by way of std's traits, and of `Trace`.

use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};

use super::super::walk::Walk;
use super::WeakValueMap;
use crate::object::tracer::Tracer;
use crate::pointers::Gc;
use crate::trace::{Trace, edges_of, worth_tracing};

impl<K, V: ?Sized, S: Default> Default for WeakValueMap<K, V, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<K, V, S> Clone for WeakValueMap<K, V, S>
where
    K: Clone + Eq + Hash + Trace + 'static,
    V: ?Sized + 'static,
    S: BuildHasher + Clone,
{
    /// A map of its own with the same values.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone())]);
    /// let copy = map.clone();
    /// map.clear();
    /// assert_eq!(copy.get("one"), Some(one));
    /// ```
    fn clone(&self) -> Self {
        let mut copy = Self::with_capacity_and_hasher(self.len(), self.hasher.clone());
        copy.extend(self);
        copy
    }
}

impl<K, V, S> Extend<(K, Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Eq + Hash + Trace + 'static,
    V: ?Sized + 'static,
    S: BuildHasher,
{
    /// Inserts each pair. A value that nobody else holds dies at once.
    fn extend<I: IntoIterator<Item = (K, Gc<V>)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, &value);
        }
    }
}

impl<K, V, S> FromIterator<(K, Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Eq + Hash + Trace + 'static,
    V: ?Sized + 'static,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (K, Gc<V>)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K, V, const N: usize> From<[(K, Gc<V>); N]> for WeakValueMap<K, V, RandomState>
where
    K: Eq + Hash + Trace + 'static,
    V: ?Sized + 'static,
{
    fn from(entries: [(K, Gc<V>); N]) -> Self {
        Self::from_iter(entries)
    }
}

impl<K: fmt::Debug, V: ?Sized + fmt::Debug, S> fmt::Debug for WeakValueMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        let mut walk = Walk::through(&self.table);
        while let Some((value, entry)) = walk.step(&self.table) {
            map.entry(entry.value(), &value);
        }
        map.finish()
    }
}

// SAFETY: the table reports each key's edges once for both its reporters, and is this map's alone (T1, T2). Its `Drop` uses
// only weak pointers (T4).
unsafe impl<K: Trace + 'static, V: ?Sized + 'static, S> Trace for WeakValueMap<K, V, S> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<K>(tracer) {
            tracer.table(&*self.table);
        }
    }

    edges_of!(K);
}
