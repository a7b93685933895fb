//! What collections did.

use std::time::Duration;

use crate::generation::Generation;

/// What one collection did, or one slice of a full one. Prints as one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The oldest generation that was collected.
    pub generation: Generation,
    /// Boxes looked at.
    pub visited: usize,
    /// Edges followed from them, while looking for garbage.
    pub edges: usize,
    /// Boxes that nothing outside of them referred to.
    pub unreachable: usize,
    /// Unreachable boxes that a finalizer made reachable again.
    pub resurrected: usize,
    /// Unreachable boxes that were reclaimed.
    pub collected: usize,
    /// From start to end, finalizers and destructors included, hooks of [`gc::on_collect`](crate::gc::on_collect) not.
    pub duration: Duration,
}

impl Collection {
    /// A collection that did nothing.
    pub(crate) const fn empty(generation: Generation) -> Self {
        Self {
            generation,
            visited: 0,
            edges: 0,
            unreachable: 0,
            resurrected: 0,
            collected: 0,
            duration: Duration::ZERO,
        }
    }
}

/// What hooks of [`gc::on_collect`](crate::gc::on_collect) are told of: each collection starts once and stops once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectEvent {
    /// A collection begins; nothing has happened yet.
    Start {
        /// The oldest generation that will be collected.
        generation: Generation,
    },
    /// A collection is over, and this is its report.
    Stop(Collection),
}

/// The collections of one generation, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerationStats {
    /// How many there were. Those in slices count when they are over.
    pub collections: u64,
    /// Boxes reclaimed.
    pub collected: u64,
    /// Boxes resurrected by a finalizer.
    pub resurrected: u64,
    /// Boxes looked at.
    pub visited: u64,
    /// Edges followed from them.
    pub edges: u64,
    /// Time spent.
    pub total_pause: Duration,
    /// The longest single collection, or slice of one.
    pub longest_pause: Duration,
}

impl GenerationStats {
    pub(crate) const NONE: Self = Self {
        collections: 0,
        collected: 0,
        resurrected: 0,
        visited: 0,
        edges: 0,
        total_pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
    };

    /// These figures with `collection` added, or a slice of one that is not over.
    pub(crate) fn with(self, collection: &Collection, is_over: bool) -> Self {
        Self {
            collections: self.collections + u64::from(is_over),
            collected: self.collected + collection.collected as u64,
            resurrected: self.resurrected + collection.resurrected as u64,
            visited: self.visited + collection.visited as u64,
            edges: self.edges + collection.edges as u64,
            total_pause: self.total_pause + collection.duration,
            longest_pause: self.longest_pause.max(collection.duration),
        }
    }
}

/// What this thread's heap holds and has done, as [`gc::stats`](crate::gc::stats) reports it. Prints as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Indexed by [`Generation::index`].
    pub generations: [GenerationStats; 3],
    /// Boxes ever made.
    pub allocated: u64,
    /// Boxes whose value is alive.
    pub live_objects: usize,
    /// Their size, header included.
    pub live_bytes: usize,
    /// Boxes that the next collections will suspect, and some that were suspected before they were frozen.
    pub candidates: usize,
    /// What the pools hold from the global allocator, used or not; large boxes are not among it.
    pub pool_bytes: usize,
}

impl Stats {
    /// Boxes reclaimed by collections, of all generations.
    pub fn collected(&self) -> u64 {
        self.generations.iter().map(|generation| generation.collected).sum()
    }
}
