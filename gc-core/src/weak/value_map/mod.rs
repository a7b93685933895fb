//! [`WeakValueMap`], a hash map that owns its keys and holds its values weakly, with its entries and iterators.

// The entries of the table hang on the boxes of the values; what it calls a value is a key here. Nothing is borrowed while
// `Hash`, `Eq`, `Clone` or a closure of the user's runs, so each may change the map: see `seek`. Keys are dropped before a `Gc`
// is in the place of the return value, which would leak if they panicked (rust-lang/rust#47949).

mod entry;
mod iter;
mod traits;

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash, RandomState};
use std::rc::Rc;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{Drain, IntoIter, Iter, Keys, Values};

use super::table::{Lent, Table, drop_all};
use super::walk::Walk;
use crate::pointers::Gc;
use crate::trace::Trace;

/// A hash map that owns its keys and keeps none of its values alive: an interner, or a cache of what is in use anyway.
///
/// An entry goes at once when its value dies, by count or in a collection; its key is dropped then, before the value is,
/// in constant time. So [`len`](Self::len) counts what is alive, and nothing need be swept. A value that its finalizer
/// resurrects keeps its entry. A key may refer to its own value, or to the map: that keeps neither alive.
///
/// Everything works through `&self`, so that a map can be part of the graph. `Hash`, `Eq`, `Clone`, `Debug` and `Drop` of keys,
/// and closures, may do anything, with this map too; there are never two entries for one key. A key that is removed while
/// they look at it is dropped when they are done.
///
/// An entry is a weak pointer to the value: [`Gc::get_mut`] refuses a value that is in a map, and
/// [`Gc::make_mut`] moves it out of its box, which ends the entry.
///
/// # Examples
/// An interner:
/// ```
/// use gc_core::Gc;
/// use gc_core::weak::WeakValueMap;
///
/// #[derive(Default)]
/// struct Interner(WeakValueMap<String, str>);
///
/// impl Interner {
///     fn intern(&self, text: &str) -> Gc<str> {
///         self.0.get_or_insert_with_ref(text, Gc::from)
///     }
/// }
///
/// let interner = Interner::default();
/// let name = interner.intern("name");
/// assert!(Gc::ptr_eq(&name, &interner.intern("name")));
/// interner.intern("forgotten at once");
/// assert_eq!(interner.0.len(), 1);
/// ```
///
/// A cache, which knows what somebody still uses:
/// ```
/// use std::cell::Cell;
/// use gc_core::{Gc, weak::WeakValueMap};
///
/// let loaded = Cell::new(0);
/// let images: WeakValueMap<u32, Vec<u8>> = WeakValueMap::new();
/// let load = |id: u32| {
///     images.get_or_insert_with(id, || {
///         loaded.set(loaded.get() + 1);
///         Gc::new(vec![0; 1024])
///     })
/// };
/// let shown = load(7);
/// assert_eq!((load(7).len(), loaded.get()), (1024, 1));
/// drop(shown);
/// load(7);
/// assert_eq!(loaded.get(), 2);
/// ```
pub struct WeakValueMap<K, V: ?Sized, S = RandomState> {
    table: Rc<Table<V, K>>,
    hasher: S,
}

/// The entry of `key`. If the answer is "none", there is none now, whatever `Eq` did meanwhile; unless it goes on inserting
/// for ever.
fn seek<K, V, Q>(table: &Table<V, K>, hash: u64, key: &Q) -> Option<Lent<V, K>>
where
    K: Borrow<Q>,
    V: ?Sized,
    Q: Eq + ?Sized,
{
    /// How often it is asked again because something came.
    const ROUNDS: usize = 16;
    let mut seen = 0;
    for _ in 0..ROUNDS {
        let newest = table.newest(hash);
        let found = table.find_newer(hash, seen, |candidate| candidate.borrow() == key);
        if found.is_some() || table.newest(hash) <= newest {
            return found;
        }
        seen = newest.unwrap_or(seen);
    }
    None
}

/// The value of `key` now: `value`, unless there is one already.
fn insert_if_absent<K, V>(table: &Rc<Table<V, K>>, hash: u64, key: K, value: Gc<V>) -> Gc<V>
where
    K: Eq + Trace + 'static,
    V: ?Sized + 'static,
{
    let present = seek(table, hash, &key).and_then(|entry| entry.key());
    match &present {
        Some(_) => drop(key),
        None => drop(table.insert(hash, &value, key)),
    }
    present.unwrap_or(value)
}

/// The key of an entry that was taken out, and its value. The key stays with who looks at it, if somebody does.
fn taken<K, V: ?Sized>((value, entry): (Gc<V>, Lent<V, K>)) -> Option<(K, Gc<V>)> {
    Some((entry.into_value()?, value))
}

impl<K, V: ?Sized> WeakValueMap<K, V> {
    /// An empty map.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::new();
    /// assert!(map.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(RandomState::new())
    }

    /// An empty map with room for `capacity` entries.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::with_capacity(10);
    /// assert!(map.capacity() >= 10);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_hasher(capacity, RandomState::new())
    }
}

impl<K, V: ?Sized, S> WeakValueMap<K, V, S> {
    /// An empty map that hashes keys with `hasher`.
    ///
    /// # Examples
    /// ```
    /// use std::hash::{BuildHasherDefault, DefaultHasher};
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::with_hasher(BuildHasherDefault::<DefaultHasher>::new());
    /// let one = Gc::new(1);
    /// map.insert("one", &one);
    /// assert_eq!(map.get("one").as_deref(), Some(&1));
    /// ```
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self { table: Table::new(), hasher }
    }

    /// An empty map with room for `capacity` entries that hashes keys with `hasher`.
    #[must_use]
    pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> Self {
        let map = Self::with_hasher(hasher);
        map.reserve(capacity);
        map
    }

    /// What keys are hashed with.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hasher
    }

    /// How many entries there are: as many as have a value that is alive. O(1).
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// map.insert("one", &one);
    /// assert_eq!(map.len(), 1);
    /// drop(one);
    /// assert_eq!(map.len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many entries there is room for.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// Makes room for `additional` more entries.
    ///
    /// # Panics
    /// If that is more than memory can hold.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::new();
    /// map.reserve(10);
    /// assert!(map.capacity() >= 10);
    /// ```
    pub fn reserve(&self, additional: usize) {
        self.table.reserve(additional);
    }

    /// Gives back room that is not needed, and was [reserved](Self::reserve), too. Room that is left of a peak goes back by itself.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::with_capacity(1000);
    /// map.shrink_to_fit();
    /// assert_eq!(map.capacity(), 0);
    /// ```
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// Takes all entries out and drops their keys.
    ///
    /// # Panics
    /// With the first panic of a key's destructor, when all keys are dropped.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// map.insert("one", &one);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    pub fn clear(&self) {
        drop_all(self.table.take_all());
    }

    /// Keeps the entries that `keep` says `true` for.
    ///
    /// It is asked once about each entry that is there now and still is when its turn comes. An entry that gets another
    /// value meanwhile is kept.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let values = [1, 2, 3, 4].map(Gc::new);
    /// let map: WeakValueMap<_, _> = values.iter().map(|value| (**value, value.clone())).collect();
    /// map.retain(|_, value| **value % 2 == 0);
    /// assert_eq!(map.len(), 2);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&K, &Gc<V>) -> bool) {
        let mut walk = Walk::through(&self.table);
        while let Some((value, entry)) = walk.step(&self.table) {
            if !keep(entry.value(), &value) && entry.key().is_some_and(|now| Gc::ptr_eq(&now, &value)) {
                self.table.remove(&entry);
            }
        }
    }

    /// The entries, in no order: keys cloned, values held.
    ///
    /// Between two steps nothing is held, and anything may happen to the map. Those entries are shown that were there when
    /// this was called and still are when their turn comes, each once.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let values = [1, 2, 3].map(Gc::new);
    /// for value in &values {
    ///     map.insert(value.to_string(), value);
    /// }
    /// for (key, value) in map.iter() {
    ///     assert_eq!(key, value.to_string());
    ///     map.insert(key + "x", &value);
    /// }
    /// assert_eq!(map.len(), 6);
    /// ```
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter::new(&self.table)
    }

    /// The keys, cloned, as [`iter`](Self::iter) shows them.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone()), ("eins", one.clone())]);
    /// let mut keys: Vec<_> = map.keys().collect();
    /// keys.sort();
    /// assert_eq!(keys, ["eins", "one"]);
    /// ```
    pub fn keys(&self) -> Keys<'_, K, V> {
        Keys::new(&self.table)
    }

    /// The values, as [`iter`](Self::iter) shows them.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone())]);
    /// assert!(map.values().all(|value| *value == 1));
    /// ```
    pub fn values(&self) -> Values<'_, K, V> {
        Values::new(&self.table)
    }

    /// Takes the entries out one by one, as [`iter`](Self::iter) would show them; what is left of them when the iterator is
    /// dropped goes too.
    ///
    /// The key of an entry that somebody looks at is left to them, and not shown.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone())]);
    /// assert_eq!(map.drain().collect::<Vec<_>>(), [("one", one)]);
    /// assert!(map.is_empty());
    /// ```
    pub fn drain(&self) -> Drain<'_, K, V> {
        Drain::new(&self.table)
    }
}

impl<K, V: ?Sized, S: BuildHasher> WeakValueMap<K, V, S> {
    fn find<Q>(&self, key: &Q) -> Option<Lent<V, K>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        seek(&self.table, self.hasher.hash_one(key), key)
    }

    /// Whether `key` has a value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// map.insert(String::from("one"), &one);
    /// assert!(map.contains_key("one") && !map.contains_key("two"));
    /// ```
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.find(key).is_some()
    }

    /// The value of `key`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// map.insert(String::from("one"), &one);
    /// assert!(Gc::ptr_eq(&map.get("one").unwrap(), &one));
    /// drop(one);
    /// assert_eq!(map.get("one"), None);
    /// ```
    pub fn get<Q>(&self, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.find(key)?.key()
    }

    /// The value of `key`, and a clone of the key that is in the map.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([(String::from("one"), one.clone())]);
    /// assert_eq!(map.get_key_value("one"), Some((String::from("one"), one)));
    /// ```
    pub fn get_key_value<Q>(&self, key: &Q) -> Option<(K, Gc<V>)>
    where
        K: Borrow<Q> + Clone,
        Q: Eq + Hash + ?Sized,
    {
        let entry = self.find(key)?;
        let value = entry.key()?;
        Some((entry.value().clone(), value))
    }

    /// Takes the entry of `key` out, drops its key, and returns its value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// map.insert("one", &one);
    /// assert_eq!(map.remove("one"), Some(one));
    /// assert_eq!(map.remove("one"), None);
    /// ```
    pub fn remove<Q>(&self, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let entry = self.find(key)?;
        let value = entry.key();
        self.table.remove(&entry);
        drop(entry);
        value
    }

    /// Takes the entry of `key` out and returns it.
    ///
    /// If somebody looks at its key (an `Eq` further up the stack, an [`OccupiedEntry`]), the entry is taken out too, but the key
    /// is left to them and the answer is `None`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([(String::from("one"), one.clone())]);
    /// assert_eq!(map.remove_entry("one"), Some((String::from("one"), one)));
    /// assert!(map.is_empty());
    /// ```
    pub fn remove_entry<Q>(&self, key: &Q) -> Option<(K, Gc<V>)>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let entry = self.find(key)?;
        let value = entry.key()?;
        self.table.remove(&entry);
        taken((value, entry))
    }
}

impl<K, V, S> WeakValueMap<K, V, S>
where
    K: Eq + Hash + Trace + 'static,
    V: ?Sized + 'static,
    S: BuildHasher,
{
    /// Gives `key` a value; returns the one it had, if that is alive. As in a `HashMap`, an equal key that is there already
    /// stays.
    ///
    /// Keys are [`Trace`]: what they own is part of the graph.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// assert_eq!(map.insert("key", &one), None);
    /// assert_eq!(map.insert("key", &two), Some(one));
    /// assert_eq!(map.get("key"), Some(two));
    /// ```
    pub fn insert(&self, key: K, value: &Gc<V>) -> Option<Gc<V>> {
        let hash = self.hasher.hash_one(&key);
        let Some(entry) = seek(&self.table, hash, &key) else {
            drop(self.table.insert(hash, value, key));
            return None;
        };
        let old = entry.key();
        self.table.rehang(hash, &entry, value);
        drop(key);
        old
    }

    /// The value of `key`, made by `make` if there is none. If `make` gives the key a value itself, that one wins.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = map.get_or_insert_with("one", || Gc::new(1));
    /// assert!(Gc::ptr_eq(&one, &map.get_or_insert_with("one", || unreachable!())));
    /// ```
    pub fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> Gc<V>) -> Gc<V> {
        self.entry(key).or_insert_with(make)
    }

    /// As [`get_or_insert_with`](Self::get_or_insert_with), where an owned key is only made if it is needed; `make` is given the
    /// borrowed one.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map: WeakValueMap<String, str> = WeakValueMap::new();
    /// let text = map.get_or_insert_with_ref("x", Gc::from);
    /// assert!(Gc::ptr_eq(&text, &map.get_or_insert_with_ref("x", |_| unreachable!())));
    /// ```
    pub fn get_or_insert_with_ref<'q, Q>(&self, key: &'q Q, make: impl FnOnce(&'q Q) -> Gc<V>) -> Gc<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let hash = self.hasher.hash_one(key);
        if let Some(present) = seek(&self.table, hash, key).and_then(|entry| entry.key()) {
            return present;
        }
        let value = make(key);
        insert_if_absent(&self.table, hash, key.to_owned(), value)
    }

    /// The place of `key`, with a value or without.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::{WeakValueMap, value_map::Entry}};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// assert!(matches!(map.entry("one"), Entry::Vacant(_)));
    /// map.entry("one").or_insert(&one);
    /// assert!(matches!(map.entry("one"), Entry::Occupied(entry) if **entry.get() == 1));
    /// ```
    pub fn entry(&self, key: K) -> Entry<'_, K, V> {
        let hash = self.hasher.hash_one(&key);
        let found = seek(&self.table, hash, &key);
        Entry::new(&self.table, hash, key, found)
    }
}
