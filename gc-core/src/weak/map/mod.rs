//! `WeakMap<K, V>`: keys by identity, held weakly; values as long as their keys live.

// Wherever user code may panic while something is dropped, that is dropped by name, before there is a result to return: rustc
// would leak the result.

mod entry;
mod iter;
mod std_traits;

use std::iter::FusedIterator;
use std::rc::Rc;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{Drain, IntoIter, Iter};

use super::table::{Lent, Table, drop_all};
use super::walk::Walk;
use crate::object::tracer::Tracer;
use crate::pointers::Gc;
use crate::trace::{Trace, edges_of, worth_tracing};

/// A map from boxes to values that keeps no key alive.
///
/// An entry belongs to its key: the value lives as long as both the map and the key do, even if the value itself leads back
/// to the key, and goes when the key dies. Keys are told apart by identity, as [`Gc::ptr_eq`] does it; equal values in two
/// boxes are two keys. All works through `&self`, so that a map can be a part of the graph.
///
/// # What user code may do
/// Anything: `Clone`, `Debug` and `Drop` of values, and the closures given to the methods here may collect, panic, and use
/// or change the same map or entry. Nothing is borrowed meanwhile, and what they look at stays as it is until they return.
///
/// # Iteration
/// Iterators neither borrow nor keep alive anything between two steps but the pairs they gave you. Each entry that is there
/// from the first step to the last is seen exactly once; one that goes meanwhile is not seen later; one that comes meanwhile
/// may be seen or not. No iteration is endless, whatever is inserted.
///
/// # Examples
/// ```
/// use gc_core::Gc;
/// use gc_core::weak::WeakMap;
///
/// let ages = WeakMap::new();
/// let (ada, ben) = (Gc::new("Ada"), Gc::new("Ben"));
/// ages.insert(&ada, 36);
/// ages.insert(&ben, 41);
/// assert_eq!((ages.get(&ada), ages.len()), (Some(36), 2));
///
/// drop(ada);
/// assert_eq!(ages.len(), 1);
/// ```
pub struct WeakMap<K: ?Sized, V> {
    table: Rc<Table<K, V>>,
}

/// Keys are told apart by their boxes.
fn hash_of<K: ?Sized>(key: &Gc<K>) -> u64 {
    Gc::as_ptr(key).addr() as u64
}

/// What is there, and room for more.
impl<K: ?Sized, V> WeakMap<K, V> {
    /// An empty map.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakMap;
    ///
    /// let map: WeakMap<str, u32> = WeakMap::new();
    /// assert!(map.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { table: Table::new() }
    }

    /// An empty map with room for at least `capacity` entries.
    ///
    /// # Panics
    /// If that is more than fits into the address space.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakMap;
    ///
    /// let map: WeakMap<str, u32> = WeakMap::with_capacity(10);
    /// assert!(map.capacity() >= 10);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let map = Self::new();
        map.reserve(capacity);
        map
    }

    /// How many entries there are: as many as there are keys alive. O(1).
    ///
    /// A key whose finalizer is running is alive.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map: WeakMap<_, _> = [(&Gc::new('a'), 1), (&Gc::new('b'), 2)].into_iter().collect();
    /// assert_eq!(map.len(), 0, "the keys were temporaries");
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no key is alive.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many entries fit without more memory for the map itself. Each entry has an allocation of its own.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// Makes room for `additional` more entries.
    ///
    /// # Panics
    /// As [`with_capacity`](Self::with_capacity).
    pub fn reserve(&self, additional: usize) {
        self.table.reserve(additional);
    }

    /// Gives back room that is not used, and was [reserved](Self::reserve), too. Room that is left of a peak goes back by itself.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakMap;
    ///
    /// let map: WeakMap<str, u32> = WeakMap::with_capacity(10);
    /// map.shrink_to_fit();
    /// assert_eq!(map.capacity(), 0);
    /// ```
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }
}

/// Single entries.
impl<K: ?Sized, V> WeakMap<K, V> {
    #[cfg(feature = "inspect")]
    pub(super) fn describe_keys(&self, tracer: &mut Tracer<'_>) {
        self.table.describe_keys(tracer);
    }

    fn find(&self, key: &Gc<K>) -> Option<Lent<K, V>> {
        self.table.find(hash_of(key), |_| true)
    }

    /// Takes the entry of `key` out; nothing is dropped.
    pub(super) fn take(&self, key: &Gc<K>) -> Option<Lent<K, V>> {
        let entry = self.find(key)?;
        self.table.remove(&entry);
        Some(entry)
    }

    /// Whether `key` has a value.
    #[must_use]
    pub fn contains_key(&self, key: &Gc<K>) -> bool {
        self.find(key).is_some()
    }

    /// Calls `look` with the value of `key`; returns what it returned, if there is one.
    ///
    /// `look` may do anything. If it takes the entry out of the map (by `insert`, `remove`, `clear`, ...), the value stays
    /// whole until `look` returns, and is dropped then: whoever took it out gets `None`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(1);
    /// map.insert(&key, String::from("one"));
    /// assert_eq!(map.with(&key, |name| name.len()), Some(3));
    ///
    /// let seen = map.with(&key, |name| {
    ///     assert_eq!(map.remove(&key), None);
    ///     name.clone()
    /// });
    /// assert_eq!((seen.as_deref(), map.len()), (Some("one"), 0));
    /// ```
    pub fn with<R>(&self, key: &Gc<K>, look: impl FnOnce(&V) -> R) -> Option<R> {
        let entry = self.find(key)?;
        let seen = look(entry.value());
        drop(entry);
        Some(seen)
    }

    /// A clone of the value of `key`.
    #[must_use]
    pub fn get(&self, key: &Gc<K>) -> Option<V>
    where
        V: Clone,
    {
        self.with(key, V::clone)
    }

    /// Gives `key` a value; returns the one it had.
    ///
    /// If the old value is being looked at, by a caller of the caller, it is dropped when that is over, and `None` is
    /// returned.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(());
    /// assert_eq!(map.insert(&key, 1), None);
    /// assert_eq!(map.insert(&key, 2), Some(1));
    /// ```
    pub fn insert(&self, key: &Gc<K>, value: V) -> Option<V>
    where
        K: 'static,
        V: Trace + 'static,
    {
        let (_new, old) = self.replace(key, value);
        old.and_then(Lent::into_value)
    }

    /// Gives `key` a value. Returns the new entry, and the old one, which has left the map.
    fn replace(&self, key: &Gc<K>, value: V) -> (Lent<K, V>, Option<Lent<K, V>>)
    where
        K: 'static,
        V: Trace + 'static,
    {
        let old = self.take(key);
        (self.table.insert(hash_of(key), key, value), old)
    }

    /// Takes the entry of `key` out; returns its value, unless that is being looked at (see [`with`](Self::with)).
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(());
    /// map.insert(&key, 1);
    /// assert_eq!((map.remove(&key), map.remove(&key)), (Some(1), None));
    /// ```
    pub fn remove(&self, key: &Gc<K>) -> Option<V> {
        self.take(key).and_then(Lent::into_value)
    }

    /// The place of `key`, to look at and to fill.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new("key");
    /// assert_eq!(map.entry(&key).or_insert(1), 1);
    /// assert_eq!(map.entry(&key).or_insert(2), 1);
    /// ```
    pub fn entry<'a>(&'a self, key: &'a Gc<K>) -> Entry<'a, K, V> {
        Entry::of(self, key)
    }

    /// A clone of the value of `key`; if it has none, of what `make` returns, which is inserted. This is how to remember
    /// what was computed about a value, for as long as that lives.
    ///
    /// If `make` itself has inserted a value for `key`, that one wins: it is returned, and what `make` returned is dropped.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let lengths = WeakMap::new();
    /// let text = Gc::new(String::from("a long text"));
    /// let length = || lengths.get_or_insert_with(&text, || text.chars().count());
    /// assert_eq!((length(), length()), (11, 11));
    /// ```
    pub fn get_or_insert_with(&self, key: &Gc<K>, make: impl FnOnce() -> V) -> V
    where
        K: 'static,
        V: Clone + Trace + 'static,
    {
        let entry = self.find_or_insert_with(key, make);
        let value = entry.value().clone();
        drop(entry);
        value
    }

    fn find_or_insert_with(&self, key: &Gc<K>, make: impl FnOnce() -> V) -> Lent<K, V>
    where
        K: 'static,
        V: Trace + 'static,
    {
        if let Some(entry) = self.find(key) {
            drop(make);
            return entry;
        }
        let value = make();
        if let Some(entry) = self.find(key) {
            drop(value);
            return entry;
        }
        self.table.insert(hash_of(key), key, value)
    }
}

/// All entries.
impl<K: ?Sized, V> WeakMap<K, V> {
    /// Takes out all entries, and drops their values.
    ///
    /// # Panics
    /// With the first panic of a value's `Drop`, once all are dropped.
    pub fn clear(&self) {
        drop_all(self.table.take_all());
    }

    /// Takes out the entries for which `keep` returns `false`, and drops their values. It also looks at all values without
    /// cloning them.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let keys = [1, 2, 3].map(Gc::new);
    /// keys.iter().for_each(|key| drop(map.insert(key, **key)));
    /// map.retain(|_, value| *value != 2);
    /// assert_eq!((map.len(), map.get(&keys[1])), (2, None));
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<K>, &V) -> bool) {
        let mut walk = Walk::through(&self.table);
        while let Some((key, entry)) = walk.step(&self.table) {
            if !keep(&key, entry.value()) {
                self.table.remove(&entry);
            }
        }
    }

    /// The keys, each with a clone of its value, in no particular order.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// map.insert(&one, "one");
    /// map.insert(&two, "two");
    /// for (key, value) in &map {
    ///     assert_eq!(value.len(), 3);
    ///     map.remove(&key);
    /// }
    /// assert!(map.is_empty());
    /// ```
    #[must_use = "iterators are lazy"]
    pub fn iter(&self) -> Iter<'_, K, V>
    where
        V: Clone,
    {
        Iter::new(&self.table)
    }

    /// The keys, in no particular order.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(5);
    /// map.insert(&key, "five");
    /// assert!(map.keys().all(|it| Gc::ptr_eq(&it, &key)));
    /// ```
    pub fn keys(&self) -> impl FusedIterator<Item = Gc<K>> {
        let mut walk = Walk::through(&self.table);
        std::iter::from_fn(move || walk.step(&self.table).map(|(key, _)| key)).fuse()
    }

    /// Clones of the values, in no particular order.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(5);
    /// map.insert(&key, "five");
    /// assert_eq!(map.values().collect::<Vec<_>>(), ["five"]);
    /// ```
    pub fn values(&self) -> impl FusedIterator<Item = V>
    where
        V: Clone,
    {
        self.iter().map(|(key, value)| {
            drop(key);
            value
        })
    }

    /// Takes the entries out one by one. What is left when the iterator is dropped is taken out and dropped then; entries
    /// that came meanwhile may be among it.
    ///
    /// An entry whose value is being looked at (see [`with`](Self::with)) is taken out, but left out.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new(5);
    /// map.insert(&key, String::from("five"));
    /// let all: Vec<_> = map.drain().map(|(key, value)| (*key, value)).collect();
    /// assert_eq!((all, map.len()), (vec![(5, "five".into())], 0));
    /// ```
    pub fn drain(&self) -> Drain<'_, K, V> {
        Drain::new(&self.table)
    }
}

// SAFETY: the table reports each entry's edges once for both its reporters, and is this map's alone (T1, T2). Its `Drop` uses
// only weak pointers (T4).
unsafe impl<K: ?Sized + 'static, V: Trace + 'static> Trace for WeakMap<K, V> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if worth_tracing::<V>(tracer) {
            tracer.table(&*self.table);
        }
    }

    edges_of!(V);
}
