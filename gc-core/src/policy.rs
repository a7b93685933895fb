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

/// Candidates wait for at most this many allocations, or as many as there are tracked boxes, whichever is more.
pub(crate) const PATIENCE: u64 = 100_000;

/// How many edges an automatic young or middle collection follows, unless the user says otherwise: about a millisecond.
pub(crate) const DEFAULT_BUDGET: usize = 200_000;

/// A collection that was broken off, or a full one, is paid for by an allocation for this many boxes and edges that it
/// looked at, before another one is due. The quarter rule alone would let a box of a million edges among few others be
/// walked again and again.
pub(crate) const WORK_PER_ALLOCATION: u64 = 32;

/// What a decision is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    pub(crate) thresholds: Thresholds,
    /// Tracked allocations less deallocations; young collections; middle collections.
    pub(crate) counts: [usize; 3],
    /// Tracked boxes that became old since the last full collection.
    pub(crate) newly_old: usize,
    /// Tracked boxes that survived it.
    pub(crate) old: usize,
    /// Tracked boxes alive.
    pub(crate) tracked: usize,
    pub(crate) candidates: usize,
    /// Allocations, of boxes of any kind, since the last full collection.
    pub(crate) since_full: u64,
    /// Boxes and edges that it looked at.
    pub(crate) full_cost: u64,
    /// Allocations that pay for the last young or middle collection, which was broken off.
    pub(crate) unpaid: u64,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Collect(Generation),
    /// Nothing can be due before this many further allocations.
    Wait(u64),
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
        let patience = self.patience();
        if self.candidates > 0 && self.since_full >= patience {
            return Decision::Collect(Generation::Old);
        }
        let until_young = self.unpaid.max(self.thresholds.young.saturating_sub(young) as u64 + 1);
        let until_full = if self.candidates > 0 { patience - self.since_full } else { patience };
        Decision::Wait(until_young.min(until_full))
    }

    /// The oldest generation whose count exceeds its threshold. A full collection also waits until what it would look
    /// at for the first time is a quarter of the old, so that the work of all of them is linear.
    fn oldest_due(&self) -> Generation {
        let [_, middle, old] = self.counts;
        let is_paid = self.since_full >= self.full_cost / WORK_PER_ALLOCATION;
        if old > self.thresholds.old && self.newly_old >= self.old / 4 && is_paid {
            Generation::Old
        } else if middle > self.thresholds.middle {
            Generation::Middle
        } else {
            Generation::Young
        }
    }

    /// A full collection made for the sake of old candidates alone must have been paid for by as many allocations as
    /// it will cost.
    fn patience(&self) -> u64 {
        PATIENCE.max(self.tracked as u64).max(self.full_cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Situation = Situation {
        thresholds: Thresholds::DEFAULT,
        counts: [0; 3],
        newly_old: 0,
        old: 0,
        tracked: 0,
        candidates: 0,
        since_full: 0,
        full_cost: 0,
        unpaid: 0,
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
        let situation = Situation { counts: [701, 11, 11], full_cost: 5_000_000, since_full: 100_000, ..QUIET };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Middle));
        let situation = Situation { since_full: 160_000, ..situation };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Old));
    }

    #[test]
    fn a_collection_that_was_broken_off_is_paid_for_by_allocations() {
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
    fn candidates_do_not_wait_for_ever() {
        let situation = Situation { candidates: 1, since_full: PATIENCE, ..QUIET };
        assert_eq!(situation.decide(), Decision::Collect(Generation::Old));
        assert_eq!(Situation { candidates: 0, ..situation }.decide(), Decision::Wait(701));
        assert_eq!(Situation { since_full: PATIENCE - 5, ..situation }.decide(), Decision::Wait(5));
        let large = Situation { tracked: 1_000_000, ..situation };
        assert_eq!(large.decide(), Decision::Wait(701));
    }
}
