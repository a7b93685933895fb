//! When a collection is due, and of which generation. No heap here: figures in, decision out.
//!
//! The rules are CPython's (`gc.get_threshold`, `gc.get_count` and the 25 % rule of its full collections), plus one:
//! candidates do not wait for ever when nothing else ages.

use crate::generation::Generation;

/// How many allocations and younger collections make a collection due.
///
/// A collection is due when the count of its generation (see [`gc::counts`](crate::gc::counts)) exceeds the threshold.
/// `young: 0` turns automatic collections off.
///
/// # Examples
/// ```
/// use gc_core::gc::{self, Thresholds};
///
/// gc::set_thresholds(Thresholds::new().young(10_000).old(20));
/// assert_eq!(gc::thresholds(), Thresholds { young: 10_000, middle: 10, old: 20 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Tracked boxes made, less those freed, since the last collection.
    pub young: usize,
    /// Collections of the young generation since the last one of the middle.
    pub middle: usize,
    /// Collections of the middle generation since the last one of the old.
    pub old: usize,
}

impl Thresholds {
    /// No threshold may be larger.
    pub const MAX: usize = u32::MAX as usize;

    pub(crate) const DEFAULT: Self = Self { young: 700, middle: 10, old: 10 };

    /// The default thresholds, to start from.
    pub const fn new() -> Self {
        Self::DEFAULT
    }

    /// These, with another [`young`](Self#structfield.young).
    #[must_use]
    pub const fn young(self, young: usize) -> Self {
        Self { young, ..self }
    }

    /// These, with another [`middle`](Self#structfield.middle).
    #[must_use]
    pub const fn middle(self, middle: usize) -> Self {
        Self { middle, ..self }
    }

    /// These, with another [`old`](Self#structfield.old).
    #[must_use]
    pub const fn old(self, old: usize) -> Self {
        Self { old, ..self }
    }

    /// # Panics
    /// If a threshold is out of range.
    pub(crate) fn check(self) {
        for (name, value) in [("young", self.young), ("middle", self.middle), ("old", self.old)] {
            assert!(
                value <= Self::MAX,
                "threshold `{name}` is {value}; expected at most {} (and `young: 0` to turn automatic collections off)",
                Self::MAX,
            );
        }
    }
}

impl Default for Thresholds {
    /// 700, 10, 10, as CPython up to 3.11.
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Candidates wait for at most this many allocations, or as many as tracked boxes survived the last full collection,
/// whichever is more.
pub(crate) const PATIENCE: u64 = 100_000;

/// How often the patience doubles while full collections find next to nothing.
pub(crate) const MAX_DOUBLINGS: u32 = 2;

/// How much work an automatic young or middle collection does, unless the user says otherwise: a millisecond or two.
pub(crate) const DEFAULT_BUDGET: usize = 200_000;

/// Whether a full collection of so many boxes is likely to stay within the budget: it has four edges and boxes for each to look at.
pub(crate) fn is_small(tracked: usize, budget: usize) -> bool {
    !cfg!(any(test, gc_stress)) && tracked <= budget / 4
}

/// How much work a slice of a full collection does, unless the budget is less: one or two tenths of a millisecond.
pub(crate) const SLICE: usize = if cfg!(any(test, gc_stress)) { 2 } else { 2_000 };

/// An allocation pays for so much work: boxes, edges and elements of collections looked at. Without that, a box of a million
/// edges among few others could be walked again and again.
pub(crate) const WORK_PER_ALLOCATION: u64 = 32;

/// How many allocations pay for work that is done later.
pub(crate) const MAX_SAVED: u64 = 10_000;

/// What a decision is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    /// A full collection is under way, in slices.
    pub(crate) is_sliced: bool,
    pub(crate) thresholds: Thresholds,
    /// Tracked allocations less deallocations; young collections; middle collections.
    pub(crate) counts: [usize; 3],
    /// Tracked boxes that became old since the last full collection.
    pub(crate) newly_old: usize,
    /// Tracked boxes that survived it.
    pub(crate) old: usize,
    pub(crate) candidates: usize,
    /// How many full collections, one after the other, have found next to nothing: up to [`MAX_DOUBLINGS`].
    pub(crate) fruitless: u32,
    /// Allocations, of boxes of any kind, since the last full collection.
    pub(crate) since_full: u64,
    /// Allocations that have yet to pay for young and middle collections.
    pub(crate) unpaid: u64,
    /// Allocations that have yet to pay for full ones.
    pub(crate) full_unpaid: u64,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Collect(Generation),
    /// Do the next slice of the full collection that is under way.
    GoOn,
    /// Nothing can be due before this many further allocations.
    Wait(u64),
}

/// Whether a full collection that reclaimed so many of the boxes that it looked at was hardly worth it.
pub(crate) fn is_fruitless(collected: usize, visited: usize) -> bool {
    /// To look at so few costs next to nothing.
    const FEW: usize = 10_000;
    visited > FEW && collected < visited / 8
}

impl Situation {
    pub(crate) fn decide(&self) -> Decision {
        let [young, ..] = self.counts;
        if self.thresholds.young == 0 {
            return Decision::Wait(u64::MAX);
        }
        if young > self.thresholds.young && self.unpaid == 0 {
            return Decision::Collect(self.oldest_due());
        }
        let until_young = self.unpaid.max(self.thresholds.young.saturating_sub(young) as u64 + 1);
        if self.is_sliced {
            return match self.full_unpaid {
                0 => Decision::GoOn,
                unpaid => Decision::Wait(until_young.min(unpaid)),
            };
        }
        let until_full = self.until_full();
        if self.candidates > 0 && until_full == 0 {
            return Decision::Collect(Generation::Old);
        }
        // Without candidates, there may be some soon.
        Decision::Wait(until_young.min(if self.candidates > 0 { until_full } else { PATIENCE }))
    }

    /// The oldest generation whose count exceeds its threshold. A full collection also waits until what it would look
    /// at for the first time is a quarter of the old, so that the work of all of them is linear.
    fn oldest_due(&self) -> Generation {
        let [_, middle, old] = self.counts;
        let is_full_due = old > self.thresholds.old && self.newly_old >= self.old / 4 && self.full_unpaid == 0;
        if is_full_due && !self.is_sliced {
            Generation::Old
        } else if middle > self.thresholds.middle {
            Generation::Middle
        } else {
            Generation::Young
        }
    }

    /// How many allocations are to be made before a full collection for the sake of old candidates alone: it may look at
    /// all that is old.
    fn until_full(&self) -> u64 {
        let patience = PATIENCE.max(self.old as u64) << self.fruitless;
        self.full_unpaid.max(patience.saturating_sub(self.since_full))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Situation = Situation {
        is_sliced: false,
        thresholds: Thresholds::DEFAULT,
        counts: [0; 3],
        newly_old: 0,
        old: 0,
        candidates: 0,
        fruitless: 0,
        since_full: 0,
        unpaid: 0,
        full_unpaid: 0,
    };

    #[test]
    fn the_oldest_generation_over_its_threshold_is_collected() {
        use Generation::{Middle, Old, Young};
        for (counts, expected) in [
            ([701, 0, 0], Young),
            ([701, 10, 11], Old),
            ([701, 10, 10], Young),
            ([701, 11, 10], Middle),
            ([701, 11, 11], Old),
        ] {
            let situation = Situation { counts, ..QUIET };
            assert_eq!(situation.decide(), Decision::Collect(expected), "{counts:?}");
        }
    }

    #[test]
    fn a_full_collection_waits_for_a_quarter_of_the_old() {
        let situation = Situation { counts: [701, 11, 11], old: 1000, newly_old: 249, ..QUIET };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Middle));
        let situation = Situation { newly_old: 250, ..situation };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Old));
    }

    #[test]
    fn a_full_collection_is_paid_for_by_allocations() {
        let situation = Situation { counts: [701, 11, 11], full_unpaid: 1, ..QUIET };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Middle));
        let situation = Situation { full_unpaid: 0, ..situation };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Old));
    }

    #[test]
    fn a_younger_collection_is_paid_for_by_allocations() {
        let situation = Situation { counts: [9999, 0, 0], unpaid: 70, ..QUIET };
        assert_eq!(situation.decide(), Decision::Wait(70));
        let situation = Situation { unpaid: 0, ..situation };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Young));
    }

    #[test]
    fn a_young_threshold_of_zero_turns_everything_off() {
        let thresholds = Thresholds { young: 0, ..Thresholds::DEFAULT };
        let situation = Situation { thresholds, candidates: 1, since_full: u64::MAX, counts: [9999; 3], ..QUIET };
        assert_eq!(situation.decide(), Decision::Wait(u64::MAX));
    }

    #[test]
    fn the_builder_sets_one_threshold_at_a_time() {
        const BUILT: Thresholds = Thresholds::new().young(1).middle(2).old(3);
        assert_eq!(BUILT, Thresholds { young: 1, middle: 2, old: 3 });
        assert_eq!(Thresholds::new().middle(0), Thresholds { middle: 0, ..Thresholds::default() });
        assert_eq!(Thresholds::new(), Thresholds::default());
    }

    #[test]
    fn nothing_is_due_before_the_wait_is_over() {
        assert_eq!(QUIET.decide(), Decision::Wait(701));
        let almost = Situation { counts: [700, 99, 99], ..QUIET };
        assert_eq!(almost.decide(), Decision::Wait(1));
    }

    #[test]
    fn a_collection_in_slices_goes_on_once_they_are_paid_for_and_younger_ones_come_between() {
        let situation = Situation { is_sliced: true, candidates: 9, since_full: u64::MAX, full_unpaid: 312, ..QUIET };
        assert_eq!(situation.decide(), Decision::Wait(312));
        let situation = Situation { full_unpaid: 0, ..situation };
        assert_eq!(situation.decide(), Decision::GoOn);
        let situation = Situation { counts: [701, 11, 11], ..situation };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Middle));
        let almost = Situation { counts: [700, 0, 0], full_unpaid: 312, ..situation };
        assert_eq!(almost.decide(), Decision::Wait(1));
    }

    #[test]
    fn candidates_do_not_wait_for_ever() {
        let situation = Situation { candidates: 1, since_full: PATIENCE, ..QUIET };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Old));
        assert_eq!(Situation { candidates: 0, ..situation }.decide(), Decision::Wait(701));
        assert_eq!(Situation { since_full: PATIENCE - 5, ..situation }.decide(), Decision::Wait(5));
        let large = Situation { old: 1_000_000, ..situation };
        assert_eq!(large.decide(), Decision::Wait(701));
        let fruitless = Situation { fruitless: 2, since_full: 4 * PATIENCE - 5, ..situation };
        assert_eq!(fruitless.decide(), Decision::Wait(5));
        let unpaid = Situation { full_unpaid: 7, ..situation };
        assert_eq!(unpaid.decide(), Decision::Wait(7));
    }
}
