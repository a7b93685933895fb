//! One key's place in a map, found once. The map may change while somebody has it.

use std::fmt;
use std::rc::Rc;

use super::super::table::{Lent, Table};
use super::{insert_if_absent, seek};
use crate::pointers::Gc;
use crate::trace::Trace;

/// The place of a key in a [`WeakValueMap`](super::WeakValueMap), made by its [`entry`](super::WeakValueMap::entry).
///
/// Nothing is borrowed as long as it is there, so the map may change; each method says what it does then.
pub enum Entry<'a, K, V: ?Sized> {
    /// The key has a value.
    Occupied(OccupiedEntry<'a, K, V>),
    /// It has none.
    Vacant(VacantEntry<'a, K, V>),
}

/// The place of a key that had a value when it was looked for. It keeps that value alive.
pub struct OccupiedEntry<'a, K, V: ?Sized> {
    table: &'a Rc<Table<V, K>>,
    hash: u64,
    entry: Lent<V, K>,
    value: Gc<V>,
}

/// The place of a key that had no value when it was looked for.
pub struct VacantEntry<'a, K, V: ?Sized> {
    table: &'a Rc<Table<V, K>>,
    hash: u64,
    key: K,
}

impl<'a, K, V: ?Sized> Entry<'a, K, V> {
    pub(super) fn new(table: &'a Rc<Table<V, K>>, hash: u64, key: K, found: Option<Lent<V, K>>) -> Self {
        match found.and_then(|entry| entry.key().map(|value| (entry, value))) {
            Some((entry, value)) => {
                drop(key);
                Self::Occupied(OccupiedEntry { table, hash, entry, value })
            }
            None => Self::Vacant(VacantEntry { table, hash, key }),
        }
    }

    /// The key: the one in the map if there is one, or else the one looked for.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<&str, i32> = WeakValueMap::new();
    /// assert_eq!(*map.entry("one").key(), "one");
    /// ```
    #[must_use]
    pub fn key(&self) -> &K {
        match self {
            Self::Occupied(entry) => entry.key(),
            Self::Vacant(entry) => entry.key(),
        }
    }
}

impl<'a, K: Eq + Trace + 'static, V: ?Sized + 'static> Entry<'a, K, V> {
    /// The value: `default`, if there was none and is none now.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// assert_eq!(*map.entry("key").or_insert(&one), 1);
    /// assert_eq!(*map.entry("key").or_insert(&two), 1);
    /// ```
    pub fn or_insert(self, default: &Gc<V>) -> Gc<V> {
        self.or_insert_with(|| default.clone())
    }

    /// The value, made by `make` if there was none. If somebody gave the key a value meanwhile, that one wins.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = map.entry("one").or_insert_with(|| Gc::new(1));
    /// assert_eq!(map.get("one"), Some(one));
    /// ```
    pub fn or_insert_with(self, make: impl FnOnce() -> Gc<V>) -> Gc<V> {
        self.or_insert_with_key(|_| make())
    }

    /// As [`or_insert_with`](Self::or_insert_with); `make` is given the key.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let length = map.entry("one").or_insert_with_key(|key| Gc::new(key.len()));
    /// assert_eq!((*length, map.len()), (3, 1));
    /// ```
    pub fn or_insert_with_key(self, make: impl FnOnce(&K) -> Gc<V>) -> Gc<V> {
        match self {
            Self::Occupied(OccupiedEntry { entry, value, .. }) => {
                drop(entry);
                value
            }
            Self::Vacant(VacantEntry { table, hash, key }) => {
                let value = make(&key);
                insert_if_absent(table, hash, key, value)
            }
        }
    }

    /// As [`or_insert_with`](Self::or_insert_with), with a default value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakValueMap;
    ///
    /// let map: WeakValueMap<&str, Vec<u8>> = WeakValueMap::new();
    /// assert!(map.entry("nothing").or_default().is_empty());
    /// ```
    pub fn or_default(self) -> Gc<V>
    where
        Gc<V>: Default,
    {
        self.or_insert_with(Gc::default)
    }

    /// Gives the key a value, whether or not it had one.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// let entry = map.entry("one").insert_entry(&one);
    /// assert_eq!(entry.get(), &one);
    /// ```
    pub fn insert_entry(self, value: &Gc<V>) -> OccupiedEntry<'a, K, V> {
        match self {
            Self::Occupied(mut entry) => {
                entry.insert(value);
                entry
            }
            Self::Vacant(entry) => entry.insert_entry(value),
        }
    }
}

impl<K, V: ?Sized> OccupiedEntry<'_, K, V> {
    /// The key in the map.
    #[must_use]
    pub fn key(&self) -> &K {
        self.entry.value()
    }

    /// The value as it was found.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::{WeakValueMap, value_map::Entry}};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone())]);
    /// let Entry::Occupied(entry) = map.entry("one") else { unreachable!() };
    /// assert_eq!(entry.get(), &one);
    /// ```
    #[must_use]
    pub fn get(&self) -> &Gc<V> {
        &self.value
    }

    /// Takes the entry out, if it is still there, and returns its value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::{WeakValueMap, value_map::Entry}};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from([("one", one.clone())]);
    /// let Entry::Occupied(entry) = map.entry("one") else { unreachable!() };
    /// assert_eq!(entry.remove(), one);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove(self) -> Gc<V> {
        let Self { table, entry, value, .. } = self;
        let last = entry.key();
        table.remove(&entry);
        drop(entry);
        last.unwrap_or(value)
    }
}

impl<K: Eq + Trace + 'static, V: ?Sized + 'static> OccupiedEntry<'_, K, V> {
    /// Gives the key another value; returns the one found before. If the entry has gone, it comes back, unless there is a new
    /// one for the key, which gets the value then.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::{WeakValueMap, value_map::Entry}};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::from([("key", one.clone())]);
    /// let Entry::Occupied(mut entry) = map.entry("key") else { unreachable!() };
    /// assert_eq!(entry.insert(&two), one);
    /// assert_eq!(map.get("key"), Some(two));
    /// ```
    pub fn insert(&mut self, value: &Gc<V>) -> Gc<V> {
        if !self.entry.is_there()
            && let Some(newer) = seek(self.table, self.hash, self.entry.value())
        {
            self.entry = newer;
        }
        self.table.rehang(self.hash, &self.entry, value);
        std::mem::replace(&mut self.value, value.clone())
    }
}

impl<'a, K, V: ?Sized> VacantEntry<'a, K, V> {
    /// The key looked for.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key looked for.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::{WeakValueMap, value_map::Entry};
    ///
    /// let map: WeakValueMap<String, i32> = WeakValueMap::new();
    /// let Entry::Vacant(entry) = map.entry(String::from("one")) else { unreachable!() };
    /// assert_eq!(entry.into_key(), "one");
    /// ```
    #[must_use]
    pub fn into_key(self) -> K {
        self.key
    }
}

impl<'a, K: Eq + Trace + 'static, V: ?Sized + 'static> VacantEntry<'a, K, V> {
    /// Gives the key a value, and returns it. If somebody gave it one meanwhile, this one takes its place.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, weak::{WeakValueMap, value_map::Entry}};
    ///
    /// let map: WeakValueMap<&str, i32> = WeakValueMap::new();
    /// let one = Gc::new(1);
    /// let value = match map.entry("one") {
    ///     Entry::Occupied(entry) => entry.get().clone(),
    ///     Entry::Vacant(entry) => entry.insert(&one),
    /// };
    /// assert_eq!(map.get("one"), Some(value));
    /// ```
    pub fn insert(self, value: &Gc<V>) -> Gc<V> {
        self.insert_entry(value).value
    }

    /// As [`insert`](Self::insert); returns the place of the key.
    pub fn insert_entry(self, value: &Gc<V>) -> OccupiedEntry<'a, K, V> {
        let Self { table, hash, key } = self;
        let entry = match seek(table, hash, &key) {
            Some(entry) => {
                table.rehang(hash, &entry, value);
                entry
            }
            None => table.insert(hash, value, key),
        };
        OccupiedEntry { table, hash, entry, value: value.clone() }
    }
}

impl<K: fmt::Debug, V: ?Sized + fmt::Debug> fmt::Debug for Entry<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(entry) => f.debug_tuple("Entry").field(entry).finish(),
            Self::Vacant(entry) => f.debug_tuple("Entry").field(entry).finish(),
        }
    }
}

impl<K: fmt::Debug, V: ?Sized + fmt::Debug> fmt::Debug for OccupiedEntry<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OccupiedEntry").field("key", self.key()).field("value", self.get()).finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, V: ?Sized> fmt::Debug for VacantEntry<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(self.key()).finish()
    }
}
