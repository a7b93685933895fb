//! Numbered places for shared entries, found by hash. An entry stays in its place until it is removed, so whoever walks from
//! place to place meets each once, whatever is inserted and removed meanwhile.

use std::cell::Cell;
use std::rc::Rc;

use crate::spread::{Spread, WordMap};

/// The number of a place.
pub(super) type Slot = usize;

/// Entries of type `E`; several may have the same hash.
pub(super) struct Slots<E> {
    places: Vec<Place<E>>,
    /// The places without an entry.
    free: Vec<Slot>,
    /// No entry is in a place before this one; there may be none in it either.
    lowest: Cell<Slot>,
    /// The first entry of each hash.
    first: WordMap<u64, Slot>,
}

struct Place<E> {
    entry: Option<Rc<E>>,
    hash: u64,
    /// Of the same hash.
    next: Option<Slot>,
}

impl<E> Slots<E> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new(), lowest: Cell::new(0), first: WordMap::with_hasher(Spread) }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.places.capacity().min(self.first.capacity())
    }

    pub(super) fn reserve(&mut self, additional: usize) {
        self.places.reserve(additional.saturating_sub(self.free.len()));
        self.first.reserve(additional);
    }

    /// Gives back what the entries do not need where they are.
    pub(super) fn shrink_to_fit(&mut self) {
        let used = self.places.iter().rposition(|place| place.entry.is_some()).map_or(0, |last| last + 1);
        self.places.truncate(used);
        self.lowest.set(self.lowest.get().min(used));
        self.places.shrink_to_fit();
        self.free.retain(|&slot| slot < used);
        self.free.shrink_to_fit();
        self.first.shrink_to_fit();
    }

    pub(super) fn insert(&mut self, hash: u64, entry: Rc<E>) -> Slot {
        let slot = self.free.pop().unwrap_or(self.places.len());
        self.lowest.set(self.lowest.get().min(slot));
        let place = Place { entry: Some(entry), hash, next: self.first.insert(hash, slot) };
        match self.places.get_mut(slot) {
            Some(free) => *free = place,
            None => self.places.push(place),
        }
        slot
    }

    pub(super) fn remove(&mut self, slot: Slot) -> Option<Rc<E>> {
        let place = self.places.get_mut(slot)?;
        let entry = place.entry.take()?;
        let (hash, next) = (place.hash, place.next.take());
        self.bypass(hash, slot, next);
        self.free.push(slot);
        Some(entry)
    }

    /// Afterwards what led to `slot` among the entries of `hash` leads to `next`.
    fn bypass(&mut self, hash: u64, slot: Slot, next: Option<Slot>) {
        let first = self.first.get_mut(&hash).expect("the hash of an entry is known");
        if *first != slot {
            let mut before = *first;
            while let Some(after) = self.places[before].next.filter(|&after| after != slot) {
                before = after;
            }
            self.places[before].next = next;
        } else if let Some(next) = next {
            *first = next;
        } else {
            self.first.remove(&hash);
        }
    }

    /// Takes everything out.
    pub(super) fn take_all(&mut self) -> Vec<Rc<E>> {
        self.first.clear();
        self.free.clear();
        self.lowest.set(0);
        self.places.drain(..).filter_map(|place| place.entry).collect()
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Rc<E>> {
        self.places.get(slot)?.entry.as_ref()
    }

    /// The first entry of a hash.
    pub(super) fn first(&self, hash: u64) -> Option<Slot> {
        self.first.get(&hash).copied()
    }

    /// The entry after that of `slot` among those of its hash.
    pub(super) fn next(&self, slot: Slot) -> Option<Slot> {
        self.places.get(slot)?.next
    }

    /// The first place from `slot` on that has an entry.
    pub(super) fn from(&self, slot: Slot) -> Option<Slot> {
        let lowest = self.lowest.get();
        let start = slot.max(lowest);
        let rest = self.places.get(start..)?;
        let found = rest.iter().position(|place| place.entry.is_some()).map(|offset| start + offset);
        if slot <= lowest {
            self.lowest.set(found.unwrap_or(self.places.len()));
        }
        found
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Rc<E>> {
        self.places.iter().filter_map(|place| place.entry.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of a hash.
    fn found(slots: &Slots<u32>, hash: u64) -> Vec<u32> {
        let first = slots.first(hash);
        let mut found: Vec<_> = std::iter::successors(first, |&slot| slots.next(slot)).collect();
        found.sort_unstable();
        found.into_iter().map(|slot| **slots.get(slot).unwrap()).collect()
    }

    #[test]
    fn entries_of_one_hash_are_found_whichever_of_them_is_removed() {
        for removed in 0..3 {
            let mut slots = Slots::new();
            let placed: Vec<_> = (0..3).map(|entry| slots.insert(7, Rc::new(entry))).collect();
            slots.insert(8, Rc::new(9));
            assert_eq!(slots.remove(placed[removed as usize]), Some(Rc::new(removed)));
            assert_eq!(slots.remove(placed[removed as usize]), None);
            assert_eq!(found(&slots, 7), (0..3).filter(|&entry| entry != removed).collect::<Vec<_>>());
            assert_eq!((found(&slots, 8), slots.len()), (vec![9], 3));
        }
    }

    #[test]
    fn a_free_place_is_used_again() {
        let mut slots = Slots::new();
        let first = slots.insert(1, Rc::new(1));
        slots.insert(2, Rc::new(2));
        slots.remove(first);
        assert_eq!((slots.first(1), slots.from(0)), (None, Some(1)));
        assert_eq!(slots.insert(3, Rc::new(3)), first);
    }

    #[test]
    fn shrinking_moves_nothing() {
        let mut slots = Slots::new();
        let placed: Vec<_> = (0..100).map(|entry| slots.insert(entry, Rc::new(entry))).collect();
        placed.iter().filter(|&&slot| slot != 5).for_each(|&slot| drop(slots.remove(slot)));
        slots.shrink_to_fit();
        assert_eq!((slots.len(), slots.first(5)), (1, Some(5)));
        assert!(slots.capacity() < 20);
        let again = slots.insert(6, Rc::new(6));
        assert!(again < 6);
        assert_eq!(slots.take_all().len(), 2);
        assert_eq!((slots.len(), slots.from(0)), (0, None));
    }
}
