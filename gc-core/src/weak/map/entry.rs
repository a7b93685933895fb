//! The place of one key in a map.

use super::WeakMap;
use crate::pointers::Gc;
use crate::trace::Trace;
use crate::weak::table::Lent;

/// The place of one key in a [`WeakMap`], as [`WeakMap::entry`] found it.
///
/// It holds no borrow: the map may change meanwhile. The methods that insert look again, so that what was inserted meanwhile
/// is not lost.
#[must_use = "an entry does nothing by itself"]
pub enum Entry<'a, K: ?Sized, V> {
    /// The key had a value.
    Occupied(OccupiedEntry<'a, K, V>),
    /// It had none.
    Vacant(VacantEntry<'a, K, V>),
}

/// The place of a key that had a value.
pub struct OccupiedEntry<'a, K: ?Sized, V> {
    place: Place<'a, K, V>,
    found: Lent<K, V>,
}

/// The place of a key that had no value.
pub struct VacantEntry<'a, K: ?Sized, V> {
    place: Place<'a, K, V>,
}

/// Where a key belongs.
struct Place<'a, K: ?Sized, V> {
    map: &'a WeakMap<K, V>,
    key: &'a Gc<K>,
}

impl<'a, K: ?Sized, V> Entry<'a, K, V> {
    pub(super) fn of(map: &'a WeakMap<K, V>, key: &'a Gc<K>) -> Self {
        let place = Place { map, key };
        match map.find(key) {
            Some(found) => Self::Occupied(OccupiedEntry { place, found }),
            None => Self::Vacant(VacantEntry { place }),
        }
    }

    fn place(&self) -> &Place<'a, K, V> {
        match self {
            Self::Occupied(occupied) => &occupied.place,
            Self::Vacant(vacant) => &vacant.place,
        }
    }

    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &Gc<K> {
        self.place().key
    }

    /// Calls `look` with the value, if there is one. There is no `&mut`: what is to change is in a cell.
    ///
    /// # Examples
    /// ```
    /// use std::cell::Cell;
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let visits = WeakMap::new();
    /// let page = Gc::new("index.html");
    /// for _ in 0..3 {
    ///     visits.entry(&page).and_modify(|count: &Cell<u32>| count.update(|n| n + 1)).or_insert(Cell::new(1));
    /// }
    /// assert_eq!(visits.get(&page), Some(Cell::new(3)));
    /// ```
    pub fn and_modify(self, look: impl FnOnce(&V)) -> Self {
        if let Self::Occupied(occupied) = &self {
            look(occupied.get());
        }
        self
    }
}

impl<'a, K: ?Sized + 'static, V: Trace + 'static> Entry<'a, K, V> {
    /// A clone of the value; if there is none, of `value`, which is inserted.
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
    pub fn or_insert(self, value: V) -> V
    where
        V: Clone,
    {
        self.or_insert_with(|| value)
    }

    /// As [`WeakMap::get_or_insert_with`].
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> V
    where
        V: Clone,
    {
        let Place { map, key } = self.into_place();
        map.get_or_insert_with(key, make)
    }

    /// As [`or_insert_with`](Self::or_insert_with); `make` is told the key.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    ///
    /// let lengths = WeakMap::new();
    /// let text = Gc::new("text");
    /// assert_eq!(lengths.entry(&text).or_insert_with_key(|text| text.len()), 4);
    /// ```
    pub fn or_insert_with_key(self, make: impl FnOnce(&Gc<K>) -> V) -> V
    where
        V: Clone,
    {
        let key = self.place().key;
        self.or_insert_with(|| make(key))
    }

    /// A clone of the value; if there is none, of the default, which is inserted.
    pub fn or_default(self) -> V
    where
        V: Clone + Default,
    {
        self.or_insert_with(V::default)
    }

    /// Gives the key this value, whether or not it has one.
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V> {
        VacantEntry { place: self.into_place() }.insert(value)
    }

    /// Lets go of the value that was found.
    fn into_place(self) -> Place<'a, K, V> {
        match self {
            Self::Occupied(occupied) => occupied.place,
            Self::Vacant(vacant) => vacant.place,
        }
    }
}

impl<K: ?Sized, V> OccupiedEntry<'_, K, V> {
    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &Gc<K> {
        self.place.key
    }

    /// The value that was found, even if it has left the map meanwhile.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    /// use gc_core::weak::map::Entry;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new("key");
    /// map.insert(&key, 1);
    /// let Entry::Occupied(mut entry) = map.entry(&key) else { panic!("it is there") };
    /// assert_eq!((entry.get(), **entry.key()), (&1, "key"));
    /// assert_eq!(entry.insert(2), Some(1));
    /// assert_eq!(entry.get(), &2);
    /// assert_eq!((entry.remove(), map.len()), (Some(2), 0));
    /// ```
    #[must_use]
    pub fn get(&self) -> &V {
        self.found.value()
    }

    /// Takes the value that was found out of the map, and returns it, unless somebody else looks at it (see
    /// [`WeakMap::with`]). A value that has taken its place meanwhile stays.
    pub fn remove(self) -> Option<V> {
        self.place.map.table.remove(&self.found);
        self.found.into_value()
    }
}

impl<K: ?Sized + 'static, V: Trace + 'static> OccupiedEntry<'_, K, V> {
    /// Gives the key another value; returns the one that was found, unless somebody else looks at it (see
    /// [`WeakMap::with`]). A value that has taken its place meanwhile is dropped.
    pub fn insert(&mut self, value: V) -> Option<V> {
        let (new, replaced) = self.place.map.replace(self.place.key, value);
        let found = std::mem::replace(&mut self.found, new);
        drop(replaced);
        found.into_value()
    }
}

impl<'a, K: ?Sized, V> VacantEntry<'a, K, V> {
    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &Gc<K> {
        self.place.key
    }

    /// Gives the key a value. One that it was given meanwhile is dropped.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakMap;
    /// use gc_core::weak::map::Entry;
    ///
    /// let map = WeakMap::new();
    /// let key = Gc::new("key");
    /// let Entry::Vacant(entry) = map.entry(&key) else { panic!("nothing is there") };
    /// assert_eq!((entry.insert(1).get(), map.get(&key)), (&1, Some(1)));
    /// ```
    pub fn insert(self, value: V) -> OccupiedEntry<'a, K, V>
    where
        K: 'static,
        V: Trace + 'static,
    {
        let (found, replaced) = self.place.map.replace(self.place.key, value);
        drop(replaced);
        OccupiedEntry { place: self.place, found }
    }
}
