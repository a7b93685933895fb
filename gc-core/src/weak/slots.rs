//! Numbered places for shared entries, found by hash. Each place has a home, and homes are in the order of places. Entries that
//! [move together](Slots::compact) take their homes with them, so whoever walks from home to home meets each once, whatever is
//! inserted, removed and moved meanwhile.

use std::cell::Cell;
use std::rc::Rc;

use crate::spread::{Spread, WordMap};

/// The number of a place.
pub(super) type Slot = usize;

/// What stays the same when places move.
pub(super) type Home = usize;

/// Entries of type `E`; several may have the same hash.
pub(super) struct Slots<E> {
    places: Vec<Place<E>>,
    /// The places without an entry.
    free: Vec<Slot>,
    /// No entry is in a place before this one; there may be none in it either.
    lowest: Cell<Slot>,
    /// The first entry of each hash.
    first: WordMap<u64, Slot>,
    /// Room that was asked for, and is kept.
    reserved: usize,
}

struct Place<E> {
    home: Home,
    entry: Option<Rc<E>>,
    hash: u64,
    /// Of the same hash.
    next: Option<Slot>,
}

impl<E> Slots<E> {
    pub(super) const fn new() -> Self {
        let first = WordMap::with_hasher(Spread);
        Self { places: Vec::new(), free: Vec::new(), lowest: Cell::new(0), first, reserved: 0 }
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
        self.reserved = self.reserved.max(self.len().saturating_add(additional));
    }

    /// Whether there is so much more room than needed that it is left of a peak. To give it back costs less than all the
    /// removals since.
    pub(super) fn is_sparse(&self) -> bool {
        const KEPT: usize = if cfg!(any(test, gc_stress)) { 4 } else { 64 };
        self.places.capacity() / 4 > self.needed().max(KEPT / 4)
    }

    fn needed(&self) -> usize {
        (2 * self.len()).max(self.reserved)
    }

    /// Afterwards the entries are in the first places, in the same order, and `told` of them; room that is not needed is given
    /// back.
    pub(super) fn compact(&mut self, mut told: impl FnMut(&E, Slot)) {
        let rank = |entries: &mut Slot, place: &Place<E>| {
            let before = *entries;
            *entries += usize::from(place.entry.is_some());
            Some(before)
        };
        let ranks: Vec<Slot> = self.places.iter().scan(0, rank).collect();
        let links = self.places.iter_mut().filter_map(|place| place.next.as_mut());
        self.first.values_mut().chain(links).for_each(|slot| *slot = ranks[*slot]);
        self.places.retain(|place| place.entry.is_some());
        self.iter().enumerate().for_each(|(slot, entry)| told(entry, slot));
        self.lowest.set(0);
        self.free = Vec::new();
        let needed = self.needed();
        self.places.shrink_to(needed);
        self.first.shrink_to(needed);
    }

    /// Room that was reserved is kept no longer.
    pub(super) fn forget_reserved(&mut self) {
        self.reserved = 0;
    }

    /// Gives back all room. The entries have moved together.
    pub(super) fn shrink_to_fit(&mut self) {
        self.places.shrink_to_fit();
        self.first.shrink_to_fit();
    }

    pub(super) fn insert(&mut self, hash: u64, entry: Rc<E>) -> Slot {
        let slot = self.free.pop().unwrap_or(self.places.len());
        self.lowest.set(self.lowest.get().min(slot));
        let home = match self.places.get(slot) {
            Some(free) => free.home,
            None => self.places.last().map_or(0, |last| last.home + 1),
        };
        let place = Place { home, entry: Some(entry), hash, next: self.first.insert(hash, slot) };
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

    /// The first place with an entry at `home` or after it, and its home.
    pub(super) fn from(&self, home: Home) -> Option<(Slot, Home)> {
        let slot = self.occupied(self.slot_of(home))?;
        Some((slot, self.places[slot].home))
    }

    /// The first place with this home or a later one.
    fn slot_of(&self, home: Home) -> Slot {
        match self.places.last() {
            // As long as nothing moved, homes are places.
            Some(last) if last.home >= self.places.len() => self.places.partition_point(|place| place.home < home),
            _ => home,
        }
    }

    fn occupied(&self, slot: Slot) -> Option<Slot> {
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
        assert_eq!((slots.first(1), slots.from(0)), (None, Some((1, 1))));
        assert_eq!(slots.insert(3, Rc::new(3)), first);
    }

    #[test]
    fn entries_that_move_together_are_found_as_before() {
        let mut slots = Slots::new();
        let placed: Vec<_> = (0..100).map(|entry| slots.insert(u64::from(entry) % 7, Rc::new(entry))).collect();
        let kept: Vec<u32> = (0..100).filter(|entry| entry % 9 == 1).collect();
        let gone = (0..100).filter(|entry| !kept.contains(entry));
        gone.for_each(|entry| drop(slots.remove(placed[entry as usize])));
        assert!(slots.is_sparse());
        let newest_first = |slots: &Slots<u32>, hash| {
            let slots_of = std::iter::successors(slots.first(hash), |&slot| slots.next(slot));
            slots_of.map(|slot| **slots.get(slot).unwrap()).collect::<Vec<_>>()
        };
        let before: Vec<_> = (0..7).map(|hash| newest_first(&slots, hash)).collect();
        let mut told = Vec::new();
        slots.compact(|&entry, slot| told.push((entry, slot)));
        assert_eq!(told, kept.iter().copied().zip(0..).collect::<Vec<_>>());
        assert_eq!((0..7).map(|hash| newest_first(&slots, hash)).collect::<Vec<_>>(), before);
        assert!(!slots.is_sparse() && slots.from(0) == Some((0, 1)));
        assert_eq!(slots.insert(1, Rc::new(1_000)), kept.len());
        assert_eq!(slots.take_all().len(), kept.len() + 1);
    }

    #[test]
    fn reserved_room_is_not_left_of_a_peak() {
        let mut slots = Slots::<u32>::new();
        slots.reserve(1_000);
        assert!(!slots.is_sparse());
        slots.compact(|_, _| ());
        assert!(slots.capacity() >= 1_000);
        slots.forget_reserved();
        assert!(slots.is_sparse());
        slots.compact(|_, _| ());
        assert_eq!(slots.capacity(), 0);
    }

    #[test]
    fn a_walk_from_home_to_home_meets_each_once_whatever_moves() {
        let mut slots = Slots::new();
        let placed: Vec<_> = (0..100).map(|entry| slots.insert(entry, Rc::new(entry))).collect();
        let mut met = Vec::new();
        let mut home = 0;
        while let Some((slot, at)) = slots.from(home) {
            met.push(**slots.get(slot).unwrap());
            home = at + 1;
            if met.len() == 10 {
                placed.iter().filter(|&slot| slot % 5 > 0).for_each(|&slot| drop(slots.remove(slot)));
                slots.compact(|_, _| ());
            } else if met.len() == 12 {
                slots.remove(0);
                slots.compact(|_, _| ());
                assert_eq!(slots.insert(1_000, Rc::new(1_000)), slots.len() - 1);
            }
        }
        let later = (10..100).filter(|entry| entry % 5 == 0).chain([1_000]);
        assert_eq!(met, (0..10).chain(later).collect::<Vec<_>>());
        slots.shrink_to_fit();
        assert_eq!(slots.take_all().len(), 20);
        assert_eq!((slots.len(), slots.from(0)), (0, None));
    }
}
