//! Numbers for objects that the memory panel can keep: it takes them modulo 2^32.
//!
//! An object's number is a hash of its [id](super::super::Object::id). Of two objects with the same hash, the one with the smaller
//! id, which is the older one, keeps it, and the other is hashed again; so an object has the same number in the next
//! snapshot, but for few that come after another of their hash.
//!
//! # Invariants
//! - **I12** no two objects of a snapshot have the same number, and none a number below `RESERVED`.

use std::collections::{HashMap, HashSet};

use super::super::{Object, Snapshot};

/// The numbers below are those of nodes that are no objects.
const RESERVED: u64 = 16;
/// How many numbers there are beyond them.
const NUMBERS: u64 = (1 << 32) - RESERVED;

/// The numbers by which DevTools shows the objects of a snapshot: `@4017312`. Made by [`Snapshot::devtools_ids`].
///
/// An object has the same number in every snapshot of its thread, with few exceptions in heaps of millions, so that DevTools can
/// compare two files.
#[derive(Clone, Debug)]
pub struct DevToolsIds {
    /// The numbers of those that gave way to another.
    moved: HashMap<usize, u32>,
}

impl Snapshot {
    /// The numbers by which DevTools shows the objects that [`write_heapsnapshot`](Self::write_heapsnapshot) writes.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, inspect::Snapshot};
    ///
    /// let gc = Gc::new(1);
    /// let id = || {
    ///     let snapshot = Snapshot::capture();
    ///     snapshot.devtools_ids().of(snapshot.find(&gc).unwrap())
    /// };
    /// assert_eq!(id(), id());
    /// ```
    #[must_use]
    pub fn devtools_ids(&self) -> DevToolsIds {
        DevToolsIds::new(|| self.objects().map(Object::id))
    }
}

impl DevToolsIds {
    /// The number of an object of the snapshot that this was made for.
    #[must_use]
    pub fn of(&self, object: Object<'_>) -> u32 {
        self.number(object.index(), object.id())
    }

    fn number(&self, index: usize, id: u64) -> u32 {
        self.moved.get(&index).copied().unwrap_or_else(|| hash(id, 0))
    }

    fn new<I: Iterator<Item = u64>>(ids: impl Fn() -> I) -> Self {
        let mut numbers: Vec<_> = ids().map(|id| hash(id, 0)).collect();
        numbers.sort_unstable();
        let shared: HashSet<_> = numbers.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        if shared.is_empty() {
            return Self { moved: HashMap::new() };
        }
        let mut crowded: Vec<_> = ids().enumerate().filter(|&(_, id)| shared.contains(&hash(id, 0))).collect();
        crowded.sort_unstable_by_key(|&(_, id)| (hash(id, 0), id));
        let mut taken = HashSet::new();
        let mut is_free = |number| numbers.binary_search(&number).is_err() && taken.insert(number);
        let younger = crowded.chunk_by(|a, b| hash(a.1, 0) == hash(b.1, 0)).flat_map(|same| &same[1..]);
        let moved =
            younger.map(|&(index, id)| (index, (1..).map(|turn| hash(id, turn)).find(|&number| is_free(number))));
        Self { moved: moved.filter_map(|(index, number)| Some((index, number?))).collect() }
    }
}

/// A number for an id. The steps are those of SplitMix64 (Steele, Lea, Flood, 2014).
fn hash(id: u64, turn: u64) -> u32 {
    let mut mixed = id.wrapping_add((turn + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (RESERVED + mixed % NUMBERS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(ids: &[u64]) -> Vec<u32> {
        let made = DevToolsIds::new(|| ids.iter().copied());
        ids.iter().enumerate().map(|(index, &id)| made.number(index, id)).collect()
    }

    fn are_distinct(mut numbers: Vec<u32>) -> bool {
        let length = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() == length && numbers.iter().all(|&number| u64::from(number) >= RESERVED)
    }

    /// Two ids with the same hash, the smaller one first.
    fn rivals() -> [u64; 2] {
        let mut seen = HashMap::new();
        (0..)
            .find_map(|id| seen.insert(hash(id, 0), id).map(|first| [first, id]))
            .expect("there are more ids than hashes")
    }

    #[test]
    fn a_million_boxes_have_numbers_of_their_own() {
        let ids: Vec<_> = (0..1_000_000).map(|number| 0xaaa_aaaa_0001 + number * 3).collect();
        assert!(are_distinct(numbers(&ids)));
    }

    #[test]
    fn of_two_with_the_same_hash_the_older_one_keeps_it() {
        let [old, young] = rivals();
        let [other, kept] = numbers(&[young, old])[..] else { panic!("two numbers") };
        assert_eq!(kept, hash(old, 0));
        assert_ne!(other, kept);
        assert_eq!(numbers(&[old]), [kept]);
    }

    #[test]
    fn those_that_give_way_do_not_meet_again() {
        let [old, young] = rivals();
        let same = [old, young, young, young, old];
        assert!(are_distinct(numbers(&same)));
    }
}
