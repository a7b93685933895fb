//! `WeakSet<T>`: members by identity, held weakly.

use std::fmt;
use std::iter::FusedIterator;

use super::map::{self, WeakMap};
use crate::object::tracer::Tracer;
use crate::pointers::Gc;
use crate::trace::Trace;

/// A set of boxes that keeps none of them alive.
///
/// A member is in it until it dies or is removed. Members are told apart by identity, as [`Gc::ptr_eq`] does it. All works
/// through `&self`. Nothing is borrowed while a closure runs or between two steps of an iterator: see
/// [`WeakMap`] for what may happen meanwhile.
///
/// # Examples
/// ```
/// use gc_core::Gc;
/// use gc_core::weak::WeakSet;
///
/// let visited = WeakSet::new();
/// let (page, other) = (Gc::new("a page"), Gc::new("a page"));
/// assert!(visited.insert(&page));
/// assert!(!visited.insert(&page));
/// assert!(visited.contains(&page) && !visited.contains(&other));
///
/// drop(page);
/// assert!(visited.is_empty());
/// ```
pub struct WeakSet<T: ?Sized> {
    map: WeakMap<T, ()>,
}

impl<T: ?Sized> WeakSet<T> {
    /// An empty set.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakSet;
    ///
    /// assert!(WeakSet::<str>::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { map: WeakMap::new() }
    }

    /// An empty set with room for at least `capacity` members.
    ///
    /// # Panics
    /// If that is more than fits into the address space.
    ///
    /// # Examples
    /// ```
    /// use gc_core::weak::WeakSet;
    ///
    /// assert!(WeakSet::<str>::with_capacity(10).capacity() >= 10);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { map: WeakMap::with_capacity(capacity) }
    }

    /// How many members there are, all of them alive. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether no member is alive.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// How many members fit without more memory for the set itself. Each member has an allocation of its own.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.map.capacity()
    }

    /// Makes room for `additional` more members.
    ///
    /// # Panics
    /// As [`with_capacity`](Self::with_capacity).
    pub fn reserve(&self, additional: usize) {
        self.map.reserve(additional);
    }

    /// Gives back room that is not used, and was [reserved](Self::reserve), too. Room that is left of a peak goes back by itself.
    pub fn shrink_to_fit(&self) {
        self.map.shrink_to_fit();
    }

    /// Whether `value` is a member.
    #[must_use]
    pub fn contains(&self, value: &Gc<T>) -> bool {
        self.map.contains_key(value)
    }

    /// Makes `value` a member; `false` if it was one already.
    pub fn insert(&self, value: &Gc<T>) -> bool
    where
        T: 'static,
    {
        !self.contains(value) && self.map.insert(value, ()).is_none()
    }

    /// Afterwards `value` is no member; `false` if it was none before.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let set = WeakSet::new();
    /// let member = Gc::new(1);
    /// set.insert(&member);
    /// assert_eq!((set.remove(&member), set.remove(&member)), (true, false));
    /// ```
    pub fn remove(&self, value: &Gc<T>) -> bool {
        self.map.take(value).is_some()
    }

    /// Takes out all members.
    pub fn clear(&self) {
        self.map.clear();
    }

    /// Takes out the members for which `keep` returns `false`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let set: WeakSet<_> = numbers.iter().collect();
    /// set.retain(|number| **number != 2);
    /// assert_eq!((set.len(), set.contains(&numbers[1])), (2, false));
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<T>) -> bool) {
        self.map.retain(|value, ()| keep(value));
    }

    /// The members, in no particular order.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let set: WeakSet<_> = numbers.iter().collect();
    /// assert_eq!(set.iter().map(|number| *number).sum::<i32>(), 6);
    /// ```
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self.map.iter())
    }

    /// Takes the members out one by one. What is left when the iterator is dropped is taken out then; members that came
    /// meanwhile may be among it.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let set: WeakSet<_> = numbers.iter().collect();
    /// assert_eq!((set.drain().count(), set.len()), (3, 0));
    /// ```
    pub fn drain(&self) -> Drain<'_, T> {
        Drain(self.map.drain())
    }
}

/// Two sets. Each answer is about the members as they are when the iterator comes to them.
impl<T: ?Sized> WeakSet<T> {
    /// Whether all members are members of `other` too.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let all: WeakSet<_> = numbers.iter().collect();
    /// let some: WeakSet<_> = numbers[1..].iter().collect();
    /// assert!(some.is_subset(&all) && all.is_superset(&some) && !all.is_subset(&some));
    /// ```
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.len() <= other.len() && self.iter().all(|value| other.contains(&value))
    }

    /// Whether all members of `other` are members.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }

    /// Whether no member is a member of `other`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2].map(Gc::new);
    /// let [one, two] = [0, 1].map(|at| WeakSet::from_iter(&numbers[at..=at]));
    /// assert!(one.is_disjoint(&two) && !one.is_disjoint(&one));
    /// ```
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).next().is_none()
    }

    /// The members of one of them or of both, each once unless one of the sets changes meanwhile.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let low: WeakSet<_> = numbers[..2].iter().collect();
    /// let high: WeakSet<_> = numbers[1..].iter().collect();
    /// let union: WeakSet<_> = low.union(&high).collect();
    /// assert_eq!(union.len(), 3);
    /// ```
    pub fn union<'a>(&'a self, other: &'a Self) -> impl FusedIterator<Item = Gc<T>> {
        self.iter().chain(other.difference(self))
    }

    /// The members of both.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let low: WeakSet<_> = numbers[..2].iter().collect();
    /// let high: WeakSet<_> = numbers[1..].iter().collect();
    /// assert_eq!(low.intersection(&high).map(|it| *it).collect::<Vec<_>>(), [2]);
    /// ```
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl FusedIterator<Item = Gc<T>> {
        let (small, large) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        small.iter().filter(|value| large.contains(value))
    }

    /// The members that are no members of `other`.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let low: WeakSet<_> = numbers[..2].iter().collect();
    /// let high: WeakSet<_> = numbers[1..].iter().collect();
    /// assert_eq!(low.difference(&high).map(|it| *it).collect::<Vec<_>>(), [1]);
    /// ```
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl FusedIterator<Item = Gc<T>> {
        self.iter().filter(|value| !other.contains(value))
    }

    /// The members of one of them, but not of both.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::weak::WeakSet;
    ///
    /// let numbers = [1, 2, 3].map(Gc::new);
    /// let low: WeakSet<_> = numbers[..2].iter().collect();
    /// let high: WeakSet<_> = numbers[1..].iter().collect();
    /// assert_eq!(low.symmetric_difference(&high).map(|it| *it).collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn symmetric_difference<'a>(&'a self, other: &'a Self) -> impl FusedIterator<Item = Gc<T>> {
        self.difference(other).chain(other.difference(self))
    }
}

// A plain weak pointer to a member is all there is.
/// It has no edges: members are held weakly.
// SAFETY: nothing is reported (T1 to T4).
#[diagnostic::do_not_recommend]
unsafe impl<T: ?Sized> Trace for WeakSet<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        #[cfg(feature = "inspect")]
        if tracer.describes() {
            self.map.describe_keys(tracer);
        }
        let _ = tracer;
    }

    #[inline]
    fn has_edges() -> bool {
        false
    }
}

/// The members of a [`WeakSet`]; see [`WeakSet::iter`].
#[must_use = "iterators are lazy"]
pub struct Iter<'a, T: ?Sized>(map::Iter<'a, T, ()>);

impl<T: ?Sized> Iterator for Iter<'_, T> {
    type Item = Gc<T>;

    fn next(&mut self) -> Option<Gc<T>> {
        self.0.next().map(|(value, ())| value)
    }
}

impl<T: ?Sized> FusedIterator for Iter<'_, T> {}

/// The members of a [`WeakSet`], taken out of it; see [`WeakSet::drain`].
pub struct Drain<'a, T: ?Sized>(map::Drain<'a, T, ()>);

impl<T: ?Sized> Iterator for Drain<'_, T> {
    type Item = Gc<T>;

    fn next(&mut self) -> Option<Gc<T>> {
        self.0.next_entry().map(|(value, _)| value)
    }
}

impl<T: ?Sized> FusedIterator for Drain<'_, T> {}

/// The members of a [`WeakSet`] that is gone. Those that die before it is their turn are not seen.
pub struct IntoIter<T: ?Sized>(map::IntoIter<T, ()>);

impl<T: ?Sized> Iterator for IntoIter<T> {
    type Item = Gc<T>;

    fn next(&mut self) -> Option<Gc<T>> {
        self.0.next_entry().map(|(value, _)| value)
    }
}

impl<T: ?Sized> FusedIterator for IntoIter<T> {}

impl<T: ?Sized> Default for WeakSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized + 'static> Clone for WeakSet<T> {
    /// Another set of the same boxes.
    fn clone(&self) -> Self {
        Self { map: self.map.clone() }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for WeakSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}

impl<T: ?Sized + 'static> Extend<Gc<T>> for WeakSet<T> {
    /// Makes all of them members. The pointers are dropped: those held elsewhere stay.
    fn extend<I: IntoIterator<Item = Gc<T>>>(&mut self, values: I) {
        for value in values {
            self.insert(&value);
        }
    }
}

impl<'a, T: ?Sized + 'static> Extend<&'a Gc<T>> for WeakSet<T> {
    fn extend<I: IntoIterator<Item = &'a Gc<T>>>(&mut self, values: I) {
        for value in values {
            self.insert(value);
        }
    }
}

impl<T: ?Sized + 'static> FromIterator<Gc<T>> for WeakSet<T> {
    /// A set of all of them. The pointers are dropped: those held elsewhere stay.
    fn from_iter<I: IntoIterator<Item = Gc<T>>>(values: I) -> Self {
        let mut set = Self::new();
        set.extend(values);
        set
    }
}

impl<'a, T: ?Sized + 'static> FromIterator<&'a Gc<T>> for WeakSet<T> {
    fn from_iter<I: IntoIterator<Item = &'a Gc<T>>>(values: I) -> Self {
        let mut set = Self::new();
        set.extend(values);
        set
    }
}

impl<T: ?Sized + 'static, const N: usize> From<[Gc<T>; N]> for WeakSet<T> {
    /// As by [`from_iter`](FromIterator::from_iter).
    fn from(values: [Gc<T>; N]) -> Self {
        Self::from_iter(values)
    }
}

impl<'a, T: ?Sized> IntoIterator for &'a WeakSet<T> {
    type Item = Gc<T>;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T: ?Sized> IntoIterator for WeakSet<T> {
    type Item = Gc<T>;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self.map.into_iter())
    }
}
