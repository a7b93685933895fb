//! The strong count of a box, and whether its fall is news: one word, so that a clone and a drop are an addition each and
//! one look at the sign of the sum.
//!
//! # Invariants
//! - **N1** the word is `count - 1` for a *quiet* count, whose fall is of interest only if it was the last one, and
//!   `NOISY + count` for a *noisy* one. So the sign of what is left after a fall says whether somebody must attend to it.
//! - **N2** from `LEAST_IMMORTAL` up to `NONE`, exclusively, a count is immortal: whoever attends to its fall puts it back,
//!   so it stays so for ever. A quiet count becomes immortal when it overflows, a noisy one some time before.

use std::cell::Cell;

/// A strong count.
pub(crate) struct StrongCount(Cell<u32>);

/// What is left of a count after one was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Released {
    /// It was the last one.
    Last,
    Shared,
    Immortal,
}

const NOISY: u32 = 1 << 31;
const NOISY_ONE: u32 = NOISY + 1;
const LEAST_IMMORTAL: u32 = 0xFF00_0000;
/// Far from both ends of the immortal range, which no number of clones and drops leaves unnoticed.
const IMMORTAL: u32 = 0xFF80_0000;
/// A quiet count of zero.
const NONE: u32 = u32::MAX;

/// The word of a count that becomes noisy, or immortal if it is too large for that.
#[inline]
const fn noisy_word(count: u32) -> u32 {
    if count < LEAST_IMMORTAL - NOISY { NOISY + count } else { IMMORTAL }
}

impl StrongCount {
    /// A count of 1.
    #[inline]
    pub(crate) const fn new(noisy: bool) -> Self {
        Self(Cell::new(if noisy { NOISY_ONE } else { 0 }))
    }

    #[inline]
    pub(crate) fn get(&self) -> u32 {
        match self.0.get() {
            NONE => 0,
            word if word < NOISY => word + 1,
            word => word - NOISY,
        }
    }

    /// Whether the count is 1.
    #[inline]
    pub(crate) fn is_one(&self) -> bool {
        matches!(self.0.get(), 0 | NOISY_ONE)
    }

    /// The word of a count of 1 that is quiet.
    pub(crate) const QUIET_ONE: u32 = 0;

    #[inline]
    pub(crate) fn word(&self) -> u32 {
        self.0.get()
    }

    /// Afterwards the count is another one, and quiet.
    #[inline]
    pub(crate) fn set_quiet(&self, count: u32) {
        self.0.set(count.wrapping_sub(1));
    }

    /// Whether a fall of this count, which is not immortal, is news.
    #[inline]
    pub(crate) fn is_noisy(&self) -> bool {
        (NOISY..LEAST_IMMORTAL).contains(&self.0.get())
    }

    /// Afterwards the count is noisy or not, unless it is immortal.
    #[inline]
    pub(crate) fn set_noisy(&self, noisy: bool) {
        if self.is_immortal() {
            return;
        }
        let count = self.get();
        match noisy {
            true => self.0.set(noisy_word(count)),
            false => self.set_quiet(count),
        }
    }

    /// Afterwards the count, which is above zero, is noisy. Returns it, unless it is immortal.
    #[inline]
    pub(crate) fn rouse(&self) -> Option<u32> {
        let word = self.0.get();
        if word < LEAST_IMMORTAL - NOISY_ONE {
            self.0.set(word + NOISY_ONE);
            return Some(word + 1);
        }
        self.rouse_rare()
    }

    /// [`rouse`](Self::rouse), of a count that is noisy already, or too large for that.
    #[cold]
    fn rouse_rare(&self) -> Option<u32> {
        self.set_noisy(true);
        self.is_noisy().then(|| self.get())
    }

    /// The same count, which is noisy and not immortal, but quiet.
    #[inline]
    pub(crate) fn hush(&self) {
        self.0.set(self.0.get().wrapping_sub(NOISY_ONE));
    }

    /// One more than this count, which is noisy, above zero and not immortal, but quiet.
    #[inline]
    pub(crate) fn hush_one_more(&self) {
        self.0.set(self.0.get() & !NOISY);
    }

    #[inline]
    pub(crate) fn is_immortal(&self) -> bool {
        (LEAST_IMMORTAL..NONE).contains(&self.0.get())
    }

    /// One more, than one at least.
    #[inline]
    pub(crate) fn rise(&self) {
        let more = self.0.get().wrapping_add(1);
        self.0.set(more);
        if more.cast_signed() < 0 {
            self.check_rise();
        }
    }

    /// A quiet count has overflowed, unless this one is noisy and far from it.
    #[inline]
    fn check_rise(&self) {
        // SAFETY: the pointer is the cell's own, and no other thread has it (E3). Without `volatile` the compiler would keep
        // what was written in a register, for which every clone would pay.
        let more = unsafe { self.0.as_ptr().read_volatile() };
        if !(NOISY + 1..LEAST_IMMORTAL).contains(&more) {
            self.saturate();
        }
    }

    /// One less. Returns whether somebody must attend to it, beginning with [`fallen`](Self::fallen).
    #[inline]
    pub(crate) fn fall(&self) -> bool {
        let fewer = self.0.get().wrapping_sub(1);
        self.0.set(fewer);
        fewer.cast_signed() < 0
    }

    /// What is left, after a fall that must be attended to.
    #[inline]
    pub(crate) fn fallen(&self) -> Released {
        // In this order, from one noisy pointer on: more of them, the immortal, none that is quiet, none that is noisy.
        const fn order(word: u32) -> u32 {
            word.wrapping_sub(NOISY_ONE)
        }
        let left = order(self.0.get());
        if left >= order(NONE) {
            Released::Last
        } else if left < order(LEAST_IMMORTAL) {
            Released::Shared
        } else {
            self.saturate();
            Released::Immortal
        }
    }

    // No call: a function that makes one saves registers first, for every clone.
    #[inline]
    fn saturate(&self) {
        self.0.set(IMMORTAL);
    }
}

#[cfg(test)]
impl StrongCount {
    /// The largest noisy count that is not immortal.
    pub(crate) const MAX_NOISY: u32 = LEAST_IMMORTAL - NOISY - 1;

    /// As if it had risen or fallen to `count`.
    pub(crate) fn pretend(&self, count: u32) {
        let noisy = self.0.get() >= NOISY && self.0.get() != NONE;
        self.0.set(if noisy { noisy_word(count) } else { count.wrapping_sub(1) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(noisy: bool, count: u32) -> StrongCount {
        let strong = StrongCount::new(noisy);
        strong.pretend(count);
        strong
    }

    fn assert_immortal(strong: &StrongCount) {
        assert!(strong.is_immortal() && !strong.is_noisy());
        for _ in 0..3 {
            assert!(strong.fall());
            assert_eq!(strong.fallen(), Released::Immortal);
        }
        strong.rise();
        for noisy in [true, false] {
            strong.set_noisy(noisy);
            assert!(strong.is_immortal());
        }
    }

    #[test]
    fn a_count_that_overflows_becomes_immortal_and_stays_so() {
        for (noisy, last) in [(false, NOISY), (true, StrongCount::MAX_NOISY)] {
            let strong = count(noisy, last);
            assert!(!strong.is_immortal());
            strong.rise();
            assert_immortal(&strong);
        }
    }

    #[test]
    fn an_immortal_count_may_rise_for_ever() {
        let strong = count(true, LEAST_IMMORTAL - NOISY);
        strong.0.set(NONE - 1);
        for _ in 0..3 {
            strong.rise();
            assert_immortal(&strong);
        }
    }

    #[test]
    fn a_large_quiet_count_is_immortal_once_it_is_noisy() {
        let strong = count(false, NOISY - 1);
        assert!(!strong.is_immortal());
        strong.set_noisy(true);
        assert_immortal(&strong);
        for large in [NOISY - 1, IMMORTAL - NOISY, LEAST_IMMORTAL - NOISY] {
            let strong = count(false, large);
            assert_eq!((strong.rouse(), strong.rouse()), (None, None));
            assert_immortal(&strong);
        }
        assert_eq!(count(false, StrongCount::MAX_NOISY).rouse(), Some(StrongCount::MAX_NOISY));
    }

    #[test]
    fn the_last_fall_is_told_from_the_others() {
        for noisy in [false, true] {
            let strong = count(noisy, 3);
            for left in [2, 1] {
                assert_eq!(strong.fall(), noisy);
                assert_eq!((strong.get(), strong.is_one()), (left, left == 1));
                assert!(!noisy || strong.fallen() == Released::Shared);
            }
            assert!(strong.fall());
            assert_eq!((strong.get(), strong.fallen()), (0, Released::Last));
        }
    }

    #[test]
    fn a_count_keeps_its_number_when_its_noise_changes() {
        let strong = count(true, 7);
        for (noisy, number) in [(false, 7), (true, 7), (true, 0), (false, 0), (true, 0)] {
            strong.pretend(number);
            strong.set_noisy(noisy);
            assert_eq!((strong.get(), strong.is_noisy()), (number, noisy));
        }
    }

    #[test]
    fn a_noisy_count_is_hushed() {
        let hushed = count(true, 5);
        hushed.hush();
        assert_eq!((hushed.get(), hushed.is_noisy()), (5, false));
        assert_eq!((hushed.rouse(), hushed.rouse()), (Some(5), Some(5)));
        assert_eq!((hushed.get(), hushed.is_noisy()), (5, true));
        let owned = count(true, 5);
        owned.hush_one_more();
        assert_eq!((owned.get(), owned.is_noisy()), (6, false));
    }

    #[test]
    fn a_fall_below_zero_frees_nothing() {
        let strong = count(false, 0);
        assert!(strong.fall());
        assert_eq!(strong.fallen(), Released::Immortal);
    }
}
