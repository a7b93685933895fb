//! What allocations and deaths are counted in, and what the policy decides from.

use std::cell::Cell;

use crate::generation::Generation;
use crate::policy::{Situation, Thresholds};
use crate::report::{Collection, GenerationStats};

/// The figures of one heap.
pub(crate) struct Counters {
    /// Boxes ever made.
    made: Cell<u64>,
    /// Nothing can be due before `made` has reached this.
    next_check: Cell<u64>,
    /// Tracked boxes alive, and the least that number has been since the last collection began: their difference is
    /// CPython's "allocations minus deallocations", never below zero.
    tracked: Cell<usize>,
    floor: Cell<usize>,
    untracked: Cell<usize>,
    live_bytes: Cell<usize>,
    /// Collections of the young and of the middle generation since the last of the next older one.
    younger: [Cell<usize>; 2],
    /// Tracked boxes alive after the last collection that made any old.
    aged: Cell<usize>,
    newly_old: Cell<usize>,
    old: Cell<usize>,
    /// `made` at the last full collection, and what that looked at.
    full_at: Cell<u64>,
    full_cost: Cell<u64>,
    thresholds: Cell<Thresholds>,
    enabled: Cell<bool>,
    pauses: Cell<usize>,
    generations: [Cell<GenerationStats>; 3],
}

impl Counters {
    pub(super) const fn new() -> Self {
        Self {
            made: Cell::new(0),
            // The first allocation is checked: it announces the thread's exit.
            next_check: Cell::new(0),
            tracked: Cell::new(0),
            floor: Cell::new(0),
            untracked: Cell::new(0),
            live_bytes: Cell::new(0),
            younger: [const { Cell::new(0) }; 2],
            aged: Cell::new(0),
            newly_old: Cell::new(0),
            old: Cell::new(0),
            full_at: Cell::new(0),
            full_cost: Cell::new(0),
            thresholds: Cell::new(Thresholds::DEFAULT),
            enabled: Cell::new(true),
            pauses: Cell::new(0),
            generations: [const { Cell::new(GenerationStats::NONE) }; 3],
        }
    }

    /// One box more; `true` if a collection might be due.
    #[inline]
    pub(super) fn born(&self, tracked: bool, bytes: usize) -> bool {
        let kind = if tracked { &self.tracked } else { &self.untracked };
        kind.set(kind.get() + 1);
        self.live_bytes.set(self.live_bytes.get() + bytes);
        let made = self.made.get() + 1;
        self.made.set(made);
        made >= self.next_check.get()
    }

    /// Takes [`born`](Self::born) back: the box was not made after all.
    pub(super) fn unborn(&self, tracked: bool, bytes: usize) {
        self.made.set(self.made.get() - 1);
        self.died(tracked, bytes);
    }

    /// A box that was untracked is tracked from now on.
    pub(super) fn tracked_later(&self) {
        self.untracked.set(self.untracked.get() - 1);
        self.tracked.set(self.tracked.get() + 1);
    }

    /// One box less.
    #[inline]
    pub(super) fn died(&self, tracked: bool, bytes: usize) {
        self.live_bytes.set(self.live_bytes.get() - bytes);
        if tracked {
            let left = self.tracked.get() - 1;
            self.tracked.set(left);
            if left < self.floor.get() {
                self.floor.set(left);
            }
        } else {
            self.untracked.set(self.untracked.get() - 1);
        }
    }

    /// Nothing can be due before this many further allocations.
    pub(super) fn check_after(&self, allocations: u64) {
        self.next_check.set(self.made.get().saturating_add(allocations));
    }

    pub(super) fn is_automatic(&self) -> bool {
        self.enabled.get() && self.pauses.get() == 0
    }

    /// A collection of `generation` begins: the counts of what it covers start again.
    pub(super) fn begin(&self, generation: Generation) {
        self.floor.set(self.tracked.get());
        for count in self.younger.iter().take(generation.index()) {
            count.set(0);
        }
        if let Some(count) = self.younger.get(generation.index()) {
            count.set(count.get() + 1);
        }
    }

    /// A collection is over.
    pub(super) fn finish(&self, collection: &Collection) {
        let total = &self.generations[collection.generation.index()];
        total.set(total.get().with(collection));
        let tracked = self.tracked.get();
        match collection.generation {
            Generation::Young => return,
            Generation::Middle => {
                let grown = tracked.saturating_sub(self.aged.get());
                self.newly_old.set(self.newly_old.get() + grown);
            }
            Generation::Old => {
                self.newly_old.set(0);
                self.old.set(tracked);
                self.full_at.set(self.made.get());
                self.full_cost.set((collection.visited + collection.edges) as u64);
            }
        }
        self.aged.set(tracked);
    }

    pub(super) fn situation(&self, candidates: usize) -> Situation {
        Situation {
            thresholds: self.thresholds.get(),
            counts: self.counts(),
            newly_old: self.newly_old.get(),
            old: self.old.get(),
            tracked: self.tracked.get(),
            candidates,
            since_full: self.made.get() - self.full_at.get(),
            full_cost: self.full_cost.get(),
        }
    }

    pub(crate) fn counts(&self) -> [usize; 3] {
        let [middle, old] = &self.younger;
        [self.tracked.get() - self.floor.get(), middle.get(), old.get()]
    }

    pub(crate) fn thresholds(&self) -> Thresholds {
        self.thresholds.get()
    }

    pub(crate) fn set_thresholds(&self, thresholds: Thresholds) {
        self.thresholds.set(thresholds);
        self.check_after(0);
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.set(enabled);
        self.check_after(0);
    }

    pub(super) fn pause(&self) {
        self.pauses.set(self.pauses.get() + 1);
    }

    pub(super) fn unpause(&self) {
        self.pauses.set(self.pauses.get() - 1);
        self.check_after(0);
    }

    pub(super) fn generations(&self) -> [GenerationStats; 3] {
        self.generations.each_ref().map(Cell::get)
    }

    pub(super) fn made(&self) -> u64 {
        self.made.get()
    }

    pub(super) fn live(&self) -> usize {
        self.tracked.get() + self.untracked.get()
    }

    pub(super) fn live_bytes(&self) -> usize {
        self.live_bytes.get()
    }
}
