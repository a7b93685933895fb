//! What allocations and deaths are counted in, and what the policy decides from.
//!
//! # Invariants
//! - **F1** `counted`, `floor`, `excess`, `untracked` and `live_bytes` are what their names say, plus what is unborn, for the
//!   boxes that were not buried yet.
//! - **F2** `frozen` is how many of the tracked ones are older than the last freeze, as far as their epochs tell.

use std::cell::Cell;

use crate::generation::Generation;
use crate::policy::{
    self, DEFAULT_BUDGET, MAX_DOUBLINGS, MAX_SAVED, SLICE, Situation, Thresholds, WORK_PER_ALLOCATION,
};
use crate::report::{Collection, GenerationStats};

/// The figures of one heap.
pub(crate) struct Counters {
    /// How many boxes can be made before one that is to ask whether something is due: a countdown, so that one subtraction is
    /// all that a birth takes. And how many will ever have been made by then.
    unchecked: Cell<i64>,
    made_by_then: Cell<u64>,
    /// The least number of tracked boxes alive since the last collection began, and how many more there are now:
    /// CPython's "allocations minus deallocations", never below zero. While boxes are frozen, [`SUNK`] is added to the
    /// excess, so that every death is looked at.
    floor: Cell<usize>,
    excess: Cell<usize>,
    /// Tracked boxes alive that are frozen.
    frozen: Cell<usize>,
    /// Boxes, untracked and tracked, that are counted but not made yet: a collection comes first.
    unborn: [Cell<usize>; 2],
    unborn_bytes: Cell<usize>,
    untracked: Cell<usize>,
    live_bytes: Cell<usize>,
    /// Collections of the young and of the middle generation since the last of the next older one.
    younger: [Cell<usize>; 2],
    /// Tracked boxes alive, but for the frozen, after the last collection that made any old.
    aged: Cell<usize>,
    newly_old: Cell<usize>,
    old: Cell<usize>,
    /// What the full collection that is done in slices has reclaimed so far, of how many boxes.
    sliced: Cell<[usize; 2]>,
    fruitless: Cell<u32>,
    /// Boxes ever made, at the last full collection.
    full_at: Cell<u64>,
    /// The same, at the last one that began while nothing was frozen; and whether the last one did.
    all_at: Cell<u64>,
    sees_all: Cell<bool>,
    /// How many must have been made before automatic collections are paid for: younger ones, and full ones.
    paid_at: Cell<u64>,
    full_paid_at: Cell<u64>,
    budget: Cell<usize>,
    thresholds: Cell<Thresholds>,
    enabled: Cell<bool>,
    pauses: Cell<usize>,
    generations: [Cell<GenerationStats>; 3],
}

/// Negative as an `isize`, like all that the excess can be beside it.
const SUNK: usize = 0b11 << (usize::BITS - 2);

/// Deaths that are noted down together.
pub(super) struct Tally {
    boxes: usize,
    bytes: usize,
}

impl Tally {
    /// As many boxes, whose bytes are added one by one.
    pub(super) fn of(boxes: usize) -> Self {
        Self { boxes, bytes: 0 }
    }

    #[inline]
    pub(super) fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// One of the boxes is noted down by itself.
    pub(super) fn leave_one_out(&mut self) {
        self.boxes -= 1;
    }
}

impl Counters {
    pub(super) const fn new() -> Self {
        Self {
            // The first allocation is checked: it announces the thread's exit.
            unchecked: Cell::new(0),
            made_by_then: Cell::new(0),
            floor: Cell::new(0),
            excess: Cell::new(0),
            frozen: Cell::new(0),
            unborn: [const { Cell::new(0) }; 2],
            unborn_bytes: Cell::new(0),
            untracked: Cell::new(0),
            live_bytes: Cell::new(0),
            younger: [const { Cell::new(0) }; 2],
            aged: Cell::new(0),
            newly_old: Cell::new(0),
            old: Cell::new(0),
            sliced: Cell::new([0; 2]),
            fruitless: Cell::new(0),
            full_at: Cell::new(0),
            all_at: Cell::new(0),
            sees_all: Cell::new(true),
            paid_at: Cell::new(0),
            full_paid_at: Cell::new(0),
            budget: Cell::new(DEFAULT_BUDGET),
            thresholds: Cell::new(Thresholds::DEFAULT),
            enabled: Cell::new(true),
            pauses: Cell::new(0),
            generations: [const { Cell::new(GenerationStats::NONE) }; 3],
        }
    }

    /// One box more; `true` if a collection might be due.
    #[inline]
    pub(super) fn born(&self, tracked: bool, bytes: usize) -> bool {
        let kind = if tracked { &self.excess } else { &self.untracked };
        kind.set(kind.get() + 1);
        self.live_bytes.set(self.live_bytes.get() + bytes);
        let left = self.unchecked.get() - 1;
        self.unchecked.set(left);
        left < 0
    }

    /// Boxes ever made, and those unborn.
    fn counted(&self) -> u64 {
        self.made_by_then.get().wrapping_add_signed(-self.unchecked.get())
    }

    /// A collection comes before the box that was [`born`](Self::born) last, until [`resume`](Self::resume).
    pub(super) fn put_off(&self, tracked: bool, bytes: usize) {
        let unborn = &self.unborn[usize::from(tracked)];
        unborn.set(unborn.get() + 1);
        self.unborn_bytes.set(self.unborn_bytes.get() + bytes);
    }

    /// The box that was put off can be made now.
    pub(super) fn resume(&self, tracked: bool, bytes: usize) {
        let unborn = &self.unborn[usize::from(tracked)];
        unborn.set(unborn.get() - 1);
        self.unborn_bytes.set(self.unborn_bytes.get() - bytes);
    }

    /// How many boxes are counted, but not made yet.
    fn all_unborn(&self) -> usize {
        self.unborn.iter().map(Cell::get).sum()
    }

    /// Takes [`born`](Self::born) back: the box was not made after all.
    pub(super) fn unborn(&self, tracked: bool, bytes: usize) {
        self.unchecked.set(self.unchecked.get() + 1);
        if self.died(tracked, bytes) {
            self.died_beside_frozen(false);
        }
    }

    /// A box that was untracked is tracked from now on.
    pub(super) fn tracked_later(&self, frozen: bool) {
        self.untracked.set(self.untracked.get() - 1);
        self.excess.set(self.excess.get() + 1);
        if frozen {
            self.set_frozen(self.frozen.get() + 1);
        }
    }

    /// One box less; `true` if it is to be [looked at](Self::died_beside_frozen) as well.
    #[inline]
    pub(super) fn died(&self, tracked: bool, bytes: usize) -> bool {
        self.live_bytes.set(self.live_bytes.get() - bytes);
        if tracked {
            let left = self.excess.get().wrapping_sub(1);
            self.excess.set(left);
            if left.cast_signed() < 0 {
                if self.frozen.get() > 0 {
                    return true;
                }
                self.floor.set(self.floor.get() - 1);
                self.excess.set(0);
            }
        } else {
            self.untracked.set(self.untracked.get() - 1);
        }
        false
    }

    /// Tracked boxes have died, none of them while others are frozen.
    pub(super) fn died_together(&self, tally: Tally) {
        self.live_bytes.set(self.live_bytes.get() - tally.bytes);
        let recent = tally.boxes.min(self.excess.get());
        self.excess.set(self.excess.get() - recent);
        self.floor.set(self.floor.get() - (tally.boxes - recent));
    }

    /// The other half of [`died`](Self::died), for a tracked box that `was_frozen` or not.
    pub(super) fn died_beside_frozen(&self, was_frozen: bool) {
        if self.excess().cast_signed() < 0 {
            self.set_excess(0);
            self.floor.set(self.floor.get() - 1);
        }
        let frozen = self.frozen.get() - usize::from(was_frozen);
        // A frozen box that grew so old that it passes for a younger one is not known as such (`Epoch`).
        self.set_frozen(frozen.min(self.tracked()));
    }

    /// Changes the number of frozen boxes, and sinks the excess if there are any.
    fn set_frozen(&self, frozen: usize) {
        let excess = self.excess();
        self.frozen.set(frozen);
        self.set_excess(excess);
    }

    fn sunk(&self) -> usize {
        if self.frozen.get() > 0 { SUNK } else { 0 }
    }

    fn excess(&self) -> usize {
        self.excess.get().wrapping_sub(self.sunk())
    }

    fn set_excess(&self, excess: usize) {
        self.excess.set(excess.wrapping_add(self.sunk()));
    }

    /// Tracked boxes alive.
    fn tracked(&self) -> usize {
        self.floor.get() + self.excess()
    }

    /// Afterwards the excess is zero.
    fn level(&self) {
        self.floor.set(self.tracked());
        self.set_excess(0);
    }

    /// Everything alive is frozen now: what collections look at begins anew.
    pub(super) fn freeze(&self) {
        let [_, unborn_tracked] = &self.unborn;
        self.set_frozen(self.tracked() - unborn_tracked.get());
        self.level();
        self.younger.iter().chain([&self.aged, &self.newly_old, &self.old]).for_each(|count| count.set(0));
        self.check_after(0);
    }

    /// Nothing is frozen any more: what was is old.
    pub(super) fn thaw(&self) {
        let thawed = self.frozen.get();
        self.set_frozen(0);
        for count in [&self.aged, &self.old] {
            count.set(count.get() + thawed);
        }
        if thawed > 0 {
            // Those that waited have not been looked at since then.
            self.full_at.set(self.all_at.get());
        }
        self.check_after(0);
    }

    /// Tracked boxes alive that are frozen.
    pub(super) fn frozen(&self) -> usize {
        self.frozen.get()
    }

    /// Tracked boxes alive that collections may look at.
    fn unfrozen(&self) -> usize {
        self.tracked() - self.frozen.get()
    }

    /// Nothing can be due before this many further allocations.
    pub(super) fn check_after(&self, allocations: u64) {
        let unchecked = i64::try_from(allocations).unwrap_or(i64::MAX) - 1;
        self.made_by_then.set(self.counted().wrapping_add_signed(unchecked));
        self.unchecked.set(unchecked);
    }

    pub(super) fn is_automatic(&self) -> bool {
        self.enabled.get() && self.pauses.get() == 0
    }

    /// A collection of `generation` begins: the counts of what it covers start again.
    pub(super) fn begin(&self, generation: Generation) {
        if generation == Generation::Old {
            self.sees_all.set(self.frozen.get() == 0);
        }
        self.level();
        for count in self.younger.iter().take(generation.index()) {
            count.set(0);
        }
        if let Some(count) = self.younger.get(generation.index()) {
            count.set(count.get() + 1);
        }
    }

    /// How much work an automatic collection may do at one go.
    pub(super) fn limit(&self, generation: Generation) -> usize {
        let budget = self.budget.get();
        if generation < Generation::Old || policy::is_small(self.unfrozen(), budget) { budget } else { self.slice() }
    }

    /// How much work a slice of a full collection may do: some, or there would be no end of it.
    pub(super) fn slice(&self) -> usize {
        match self.budget.get() {
            usize::MAX => usize::MAX,
            budget => budget.clamp(1, SLICE),
        }
    }

    /// Afterwards `work` of a collection is to be paid for by allocations. Some that were made before count for younger ones,
    /// which do little work many times; full ones look back on what the last one did.
    pub(super) fn charge(&self, generation: Generation, work: usize) {
        let (paid_at, saved) = match generation {
            Generation::Young | Generation::Middle => (&self.paid_at, MAX_SAVED),
            Generation::Old => (&self.full_paid_at, 0),
        };
        let from = paid_at.get().max(self.counted().saturating_sub(saved));
        paid_at.set(from + work as u64 / WORK_PER_ALLOCATION);
    }

    /// A full collection goes on in slices.
    pub(super) fn begin_slices(&self) {
        self.sliced.set([0; 2]);
        self.newly_old.set(0);
        self.aged.set(self.unfrozen());
    }

    /// A slice of a full collection is over, which may be the last.
    pub(super) fn finish_slice(&self, slice: &Collection, is_last: bool) {
        self.add(slice, is_last);
        let [collected, visited] = self.sliced.get();
        let [collected, visited] = [collected + slice.collected, visited + slice.visited];
        self.sliced.set([collected, visited]);
        if is_last {
            self.finish_full();
            self.judge(collected, visited);
        }
    }

    fn finish_full(&self) {
        self.old.set(self.unfrozen());
        self.full_at.set(self.counted());
        if self.sees_all.get() {
            self.all_at.set(self.counted());
        }
    }

    /// Somebody asked for a full collection, after which old garbage waits no longer than usual.
    pub(super) fn forgive(&self) {
        self.fruitless.set(0);
    }

    /// An automatic full collection has looked at so many boxes, and reclaimed some of them.
    pub(super) fn judge(&self, collected: usize, visited: usize) {
        let is_fruitless = policy::is_fruitless(collected, visited);
        self.fruitless.set(if is_fruitless { MAX_DOUBLINGS.min(self.fruitless.get() + 1) } else { 0 });
    }

    /// Adds to the totals what a collection did, or a slice of one that goes on.
    fn add(&self, collection: &Collection, is_over: bool) {
        let total = &self.generations[collection.generation.index()];
        total.set(total.get().with(collection, is_over));
    }

    /// A collection is over.
    pub(super) fn finish(&self, collection: &Collection) {
        self.add(collection, true);
        let tracked = self.unfrozen();
        match collection.generation {
            Generation::Young => return,
            Generation::Middle => {
                let grown = tracked.saturating_sub(self.aged.get());
                self.newly_old.set(self.newly_old.get() + grown);
            }
            Generation::Old => {
                self.newly_old.set(0);
                self.finish_full();
            }
        }
        self.aged.set(tracked);
    }

    pub(super) fn situation(&self, candidates: usize, is_sliced: bool) -> Situation {
        Situation {
            is_sliced,
            thresholds: self.thresholds.get(),
            counts: self.counts(),
            newly_old: self.newly_old.get(),
            old: self.old.get(),
            candidates,
            fruitless: self.fruitless.get(),
            since_full: self.counted() - self.full_at.get(),
            unpaid: self.paid_at.get().saturating_sub(self.counted()),
            full_unpaid: self.full_paid_at.get().saturating_sub(self.counted()),
        }
    }

    pub(crate) fn counts(&self) -> [usize; 3] {
        let [middle, old] = &self.younger;
        [self.excess(), middle.get(), old.get()]
    }

    pub(crate) fn thresholds(&self) -> Thresholds {
        self.thresholds.get()
    }

    pub(crate) fn set_thresholds(&self, thresholds: Thresholds) {
        self.thresholds.set(thresholds);
        self.check_after(0);
    }

    pub(crate) fn budget(&self) -> usize {
        self.budget.get()
    }

    pub(crate) fn set_budget(&self, work: usize) {
        self.budget.set(work);
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

    /// Boxes ever made, without one that a collection comes before.
    pub(super) fn made(&self) -> u64 {
        self.counted() - self.all_unborn() as u64
    }

    /// Tracked boxes alive, without those that a collection comes before.
    #[cfg(gc_verify)]
    pub(super) fn tracked_made(&self) -> usize {
        let [_, unborn_tracked] = &self.unborn;
        self.tracked() - unborn_tracked.get()
    }

    pub(super) fn live(&self) -> usize {
        self.tracked() + self.untracked.get() - self.all_unborn()
    }

    pub(super) fn live_bytes(&self) -> usize {
        self.live_bytes.get() - self.unborn_bytes.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_boxes_are_frozen_than_are_alive() {
        let counters = Counters::new();
        (0..3).for_each(|_| assert!(counters.born(true, 1)));
        counters.freeze();
        for left in (0..3).rev() {
            // As if all had grown too old to be known as frozen.
            assert!(counters.died(true, 1));
            counters.died_beside_frozen(false);
            assert_eq!((counters.frozen(), counters.live(), counters.counts()), (left, left, [0; 3]));
        }
        counters.born(true, 1);
        assert!(!counters.died(true, 1));
    }

    #[test]
    fn a_collection_in_slices_is_judged_as_a_whole() {
        let counters = Counters::new();
        let slice = Collection { visited: 6_000, ..Collection::empty(Generation::Old) };
        for (collected, fruitless) in [([0, 0], 1), ([0, 0], 2), ([0, 0], MAX_DOUBLINGS), ([6_000, 0], 0)] {
            counters.begin_slices();
            for (collected, is_last) in collected.into_iter().zip([false, true]) {
                counters.finish_slice(&Collection { collected, ..slice }, is_last);
            }
            assert_eq!(counters.situation(1, false).fruitless, fruitless);
        }
    }
}
