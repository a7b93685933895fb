//! Ages: epochs, and which of them are young, middle, old and frozen.
//!
//! # Invariants
//! - **A1** no box is older than the heap, and `frozen <= middle <= now`.
//! - **A2** a candidate waits in the buffer of its generation or of a younger one, or, if it is frozen, in that of the frozen:
//!   no collection that would walk into it leaves it out.

use std::cell::Cell;

use crate::generation::Generation;
use crate::object::header::{Buffer, Epoch, Header};
use crate::object::tracer::Admit;

/// Counts collections and freezes, in ticks. A box born since the last tick is young.
///
/// With the feature `inspect`, a look at the heap is a tick as well, so that boxes born later are told from those that were seen; but
/// nothing becomes older by it.
pub(super) struct Clock {
    now: Cell<u64>,
    /// The epoch that boxes are born in: of `now`.
    epoch: Cell<Epoch>,
    /// Boxes born since then are young.
    #[cfg(feature = "inspect")]
    young: Cell<u64>,
    /// Boxes born since then are not old.
    middle: Cell<u64>,
    /// Boxes born before then are frozen; never later than `middle`.
    frozen: Cell<u64>,
    /// How many boxes had ever been made at the last tick.
    made: Cell<u64>,
}

impl Clock {
    pub(super) const fn new() -> Self {
        let [now, middle, frozen, made] = [const { Cell::new(0) }; 4];
        Self {
            now,
            epoch: Cell::new(Epoch::FIRST),
            #[cfg(feature = "inspect")]
            young: Cell::new(0),
            middle,
            frozen,
            made,
        }
    }

    /// The epoch that boxes are born in.
    #[inline]
    pub(super) fn now(&self) -> Epoch {
        self.epoch.get()
    }

    fn set_now(&self, tick: u64) {
        self.now.set(tick);
        self.epoch.set(Epoch::at(tick));
    }

    /// When boxes were frozen, when the middle generation begins, and now.
    #[cfg(gc_verify)]
    pub(super) fn ticks(&self) -> [u64; 3] {
        [self.frozen.get(), self.middle.get(), self.now.get()]
    }

    /// How many ticks ago that was.
    fn since(&self, tick: u64) -> u32 {
        u32::try_from(self.now.get() - tick).unwrap_or(u32::MAX)
    }

    #[inline]
    fn age(&self, header: &Header) -> u32 {
        self.now().since(header.birth())
    }

    pub(super) fn generation_of(&self, header: &Header) -> Generation {
        match self.age(header) {
            age if age <= self.youth() => Generation::Young,
            age if age <= self.since(self.middle.get()) => Generation::Middle,
            _ => Generation::Old,
        }
    }

    /// How old a young box may be.
    fn youth(&self) -> u32 {
        #[cfg(feature = "inspect")]
        return self.since(self.young.get());
        #[cfg(not(feature = "inspect"))]
        0
    }

    pub(super) fn is_frozen(&self, header: &Header) -> bool {
        self.age(header) > self.since(self.frozen.get())
    }

    /// Where the box waits once it is suspected.
    pub(super) fn buffer_of(&self, header: &Header) -> Buffer {
        match self.generation_of(header) {
            Generation::Old if self.is_frozen(header) => Buffer::Frozen,
            generation => Buffer::Of(generation),
        }
    }

    /// Begins a collection, when `made` boxes have ever been made: everything alive becomes older. Returns what it may
    /// walk into.
    pub(super) fn begin(&self, generation: Generation, made: u64) -> Admit {
        let within = match generation {
            Generation::Young => self.youth(),
            Generation::Middle => self.since(self.middle.get()),
            Generation::Old => self.since(self.frozen.get()),
        };
        let admit = Admit {
            now: self.now(),
            within: i32::try_from(within).unwrap_or(i32::MAX),
            notes_frozen: generation == Generation::Old && self.frozen.get() > 0,
        };
        self.tick(made);
        if generation > Generation::Young {
            self.middle.set(self.now.get());
        }
        admit
    }

    /// Afterwards no box is young. Without births since the last tick that is so already, and no epoch is used up.
    fn tick(&self, made: u64) {
        self.advance(made);
        #[cfg(feature = "inspect")]
        self.young.set(self.now.get());
    }

    /// Afterwards no box was born in the present epoch.
    fn advance(&self, made: u64) {
        if self.made.replace(made) != made {
            self.set_now(self.now.get() + 1);
        }
    }

    /// Begins an epoch, and no age changes. Boxes are born in it from now on, when `made` have ever been made.
    #[cfg(feature = "inspect")]
    pub(super) fn mark(&self, made: u64) -> Epoch {
        self.advance(made);
        self.now()
    }

    /// Afterwards everything alive is frozen; `made` boxes have ever been made.
    pub(super) fn freeze(&self, made: u64) {
        self.tick(made);
        self.middle.set(self.now.get());
        self.frozen.set(self.now.get());
    }

    /// Afterwards nothing is frozen. What was is old.
    pub(super) fn thaw(&self) {
        self.frozen.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gc_box;
    use crate::generation::Generation::{Middle, Old, Young};

    const ROUND: u64 = Epoch::ROUND;

    fn born(clock: &Clock) -> Header {
        Header::new(gc_box::leaf::<()>(), clock.now())
    }

    /// A clock on which boxes are made all the time, after as many ticks.
    fn clock_at(tick: u64) -> Clock {
        let clock = Clock::new();
        clock.set_now(tick);
        clock.middle.set(tick);
        clock
    }

    /// Lets as many young collections pass.
    fn wait(clock: &Clock, ticks: u64) {
        clock.set_now(clock.now.get() + ticks);
    }

    /// Whether a collection of everything would walk into the box.
    fn admits(clock: &Clock, header: &Header) -> bool {
        let admit = clock.begin(Old, clock.made.get());
        admit.now.since(header.birth()).cast_signed() <= admit.within
    }

    #[test]
    fn a_box_is_promoted_by_collections_of_its_generation() {
        let clock = Clock::new();
        let header = born(&clock);
        assert_eq!(clock.generation_of(&header), Young);
        for (collected, becomes) in [(Young, Middle), (Young, Middle), (Middle, Old), (Old, Old), (Young, Old)] {
            clock.begin(collected, clock.made.get() + 1);
            assert_eq!(clock.generation_of(&header), becomes, "after a collection of {collected:?}");
        }
    }

    #[test]
    fn collections_without_births_promote_and_use_no_epoch_up() {
        let clock = Clock::new();
        let header = born(&clock);
        for (collected, becomes) in [(Young, Middle), (Young, Middle), (Middle, Old), (Old, Old), (Young, Old)] {
            clock.begin(collected, 1);
            assert_eq!(clock.generation_of(&header), becomes, "after a collection of {collected:?}");
        }
        assert_eq!(clock.now.get(), 1);
        assert_eq!(clock.generation_of(&born(&clock)), Young);
    }

    #[cfg(feature = "inspect")]
    #[test]
    fn a_mark_tells_what_was_born_since_and_promotes_nothing() {
        let clock = Clock::new();
        let (before, mark) = (born(&clock), clock.mark(1));
        let after = born(&clock);
        assert_eq!(
            [&before, &after].map(|header| clock.now().since(header.birth()) <= clock.now().since(mark)),
            [false, true]
        );
        assert_eq!(clock.mark(1), mark, "nothing was born since");
        assert_eq!([&before, &after].map(|header| clock.generation_of(header)), [Young, Young]);
        let admit = clock.begin(Young, 2);
        assert!([&before, &after].iter().all(|header| admit.now.since(header.birth()).cast_signed() <= admit.within));
        assert_eq!([&before, &after].map(|header| clock.generation_of(header)), [Middle, Middle]);
        let admit = clock.begin(Young, 2);
        assert!([&before, &after].iter().all(|header| admit.now.since(header.birth()).cast_signed() > admit.within));
    }

    #[test]
    fn what_was_alive_is_frozen_and_what_comes_is_not() {
        for tick in [0, 1, ROUND - 2, ROUND - 1, ROUND, 5 * ROUND - 1, 1 << 40] {
            let clock = clock_at(tick);
            let before = born(&clock);
            assert!(!clock.is_frozen(&before));
            clock.freeze(1);
            let after = born(&clock);
            for passed in 0..4 {
                assert_eq!((clock.is_frozen(&before), clock.is_frozen(&after)), (true, false), "{tick} + {passed}");
                assert_eq!(clock.buffer_of(&before), Buffer::Frozen);
                assert_eq!((admits(&clock, &before), admits(&clock, &after)), (false, true));
                assert_eq!(clock.generation_of(&before), Old);
                wait(&clock, 1);
            }
            clock.thaw();
            assert!(!clock.is_frozen(&before) && admits(&clock, &before));
            assert_eq!((clock.generation_of(&before), clock.buffer_of(&before)), (Old, Buffer::Of(Old)));
        }
    }

    #[test]
    fn thawed_boxes_are_old_at_once() {
        let clock = Clock::new();
        let before = born(&clock);
        clock.freeze(1);
        clock.thaw();
        assert_eq!(clock.generation_of(&before), Old);
        for younger in [Young, Middle] {
            let admit = clock.begin(younger, 1);
            assert!(admit.now.since(before.birth()).cast_signed() > admit.within);
        }
    }

    #[test]
    fn freezing_again_freezes_what_came_meanwhile() {
        let clock = Clock::new();
        clock.freeze(1);
        let header = born(&clock);
        clock.freeze(2);
        assert!(clock.is_frozen(&header) && !clock.is_frozen(&born(&clock)));
    }

    #[test]
    fn no_box_born_later_ever_passes_for_frozen() {
        let clock = clock_at(ROUND - 1);
        clock.freeze(1);
        let after = born(&clock);
        for passed in [1, ROUND / 2, ROUND - 1, ROUND, ROUND + 1, 3 * ROUND, u64::from(u32::MAX)] {
            wait(&clock, passed);
            assert!(!clock.is_frozen(&after) && !clock.is_frozen(&born(&clock)));
            assert!(admits(&clock, &after));
        }
    }

    #[test]
    fn a_frozen_box_is_known_as_such_until_its_age_is_a_round() {
        let clock = clock_at(3);
        let before = born(&clock);
        clock.freeze(1);
        wait(&clock, ROUND - 2);
        assert!(clock.is_frozen(&before));
        wait(&clock, 1);
        assert!(!clock.is_frozen(&before));
    }
}
