//! The type-free prefix of every box: two counts, a scratch word, the state word and the function table.
//!
//! # Invariants
//! - **H1** no `&mut Header` is ever made; the fields that change are `Cell`s. So a `&Header` may be formed from any
//!   pointer to an allocated box, whatever else is borrowed.
//! - **H2** a strong count that is immortal (N2), and a weak count whose top bit is set, stay so: the box is never freed.
//! - **H3** `weak` is the number of `Weak`s, plus one as long as the value has not been dropped and disposed of.
//!   The memory of the box stays allocated while `weak > 0`.
//! - **H4** `strong`, unless immortal, is noisy exactly for tracked boxes that are no candidates, and neither unreachable
//!   nor dead: those that a falling count makes candidates.
//! - **H5** a box is `Visited` or `Reachable` only while a pass looks for garbage, and belongs to it; `Unreachable` only while
//!   somebody owns a count of it, so that its finalizer finds it alive.
//! - **H6** the value of a box that is not `Dead` is whole, once its maker has put it in (G3). A `Dead` one stays so; the only
//!   exception is a box that waits for its first value (`new_cyclic`).

use std::cell::Cell;

use crate::generation::Generation;
pub(crate) use crate::object::strong::Released;
use crate::object::strong::StrongCount;
use crate::object::vtable::VTable;

/// The state word, low bit first.
///
/// | bits | meaning |
/// |---|---|
/// | 0-2 | which list holds it: 0 none, 1 + the index of a [`Buffer`] of candidates, or `TRACED`: the table of a collection in slices |
/// | 3-5 | [`Life`]; `Dead` whatever the lower two are, if the highest is set |
/// | 6 | `FINALIZE`: a finalizer has yet to run |
/// | 7 | `OBSERVED`: a `Weak` with a callback points here |
/// | 8-31 | birth epoch, modulo 2^24 |
///
/// With the feature `inspect` bit 8 is `EXCLUSIVE` (the value may be mutably borrowed by whoever has the only pointer), and the
/// epoch has one bit less.
mod bit {
    pub(super) const LIST: u32 = 0b111;
    pub(super) const TRACED: u32 = super::Buffer::COUNT as u32 + 1;
    pub(super) const LIFE_SHIFT: u32 = 3;
    pub(super) const LIFE: u32 = 0b111 << LIFE_SHIFT;
    pub(super) const DEAD: u32 = 0b100 << LIFE_SHIFT;
    pub(super) const FINALIZE: u32 = 1 << 6;
    pub(super) const OBSERVED: u32 = 1 << 7;
    #[cfg(feature = "inspect")]
    pub(super) const EXCLUSIVE: u32 = 1 << 8;
    /// What says nothing of age, life or lists.
    #[cfg(feature = "inspect")]
    pub(super) const BESIDE: u32 = FINALIZE | OBSERVED | EXCLUSIVE;
    #[cfg(not(feature = "inspect"))]
    pub(super) const BESIDE: u32 = FINALIZE | OBSERVED;
    pub(super) const EPOCH_SHIFT: u32 = if cfg!(feature = "inspect") { 9 } else { 8 };
}

/// Where a box stands between birth and death. Outside a collection it is `Live` or `Dead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Life {
    Live = 0,
    /// Reached by the pass that is running; `scratch` is its `gc_refs`.
    Visited = 1,
    /// Visited, and reachable from outside the visited boxes.
    Reachable = 2,
    /// Reachable by nobody but the heap, which owns one strong count until death or resurrection: finalizers run.
    Unreachable = 3,
    /// The value is being dropped, or was, or is not there yet (`new_cyclic`): a `Weak` does not upgrade.
    Dead = 4,
}

impl Life {
    const fn from_bits(state: u32) -> Self {
        match (state & bit::LIFE) >> bit::LIFE_SHIFT {
            0 => Self::Live,
            1 => Self::Visited,
            2 => Self::Reachable,
            3 => Self::Unreachable,
            _ => Self::Dead,
        }
    }
}

/// A moment between two collections, modulo [`ROUND`](Self::ROUND).
///
/// The modulus only makes a box that is some millions of collections old pass for a younger one for a while, even if it
/// is frozen: it is then walked by passes that could have left it out. An age is never overstated, so no box is taken for
/// frozen that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u32);

/// What it holds is the number of the epoch where it is in a state word.
impl Epoch {
    pub(crate) const FIRST: Self = Self(0);
    /// How many epochs a header can tell apart: 2^24, or half as many with the feature `inspect`.
    pub(crate) const ROUND: u64 = 1 << (u32::BITS - bit::EPOCH_SHIFT);
    /// What seems to be that long ago is yet to come.
    pub(crate) const HALF_A_ROUND: u32 = (Self::ROUND / 2) as u32;

    /// The epoch after as many ticks.
    #[inline]
    pub(crate) const fn at(tick: u64) -> Self {
        Self((tick as u32) << bit::EPOCH_SHIFT)
    }

    /// As a number below [`ROUND`](Self::ROUND).
    #[cfg(feature = "inspect")]
    pub(crate) const fn number(self) -> u32 {
        self.0 >> bit::EPOCH_SHIFT
    }

    /// How many ticks lie between `earlier` and `self`, as far as the modulus tells.
    pub(crate) const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0) >> bit::EPOCH_SHIFT
    }
}

/// Where candidates wait: in the buffer of their generation, or in that of the frozen, which no collection empties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buffer {
    Of(Generation),
    Frozen,
}

impl Buffer {
    pub(crate) const COUNT: usize = Generation::ALL.len() + 1;

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Of(generation) => generation.index(),
            Self::Frozen => Self::COUNT - 1,
        }
    }

    fn from_index(index: usize) -> Self {
        Generation::ALL.get(index).map_or(Self::Frozen, |&generation| Self::Of(generation))
    }
}

/// The first bytes of every box.
#[repr(C)]
pub(crate) struct Header {
    strong: StrongCount,
    weak: Cell<u32>,
    scratch: Cell<u32>,
    state: Cell<u32>,
    vtable: Cell<&'static VTable>,
}

const _: () = assert!(size_of::<Header>() == 16 + size_of::<usize>());

/// What holds up the death of one box, or of several: a finalizer to run, somebody to tell.
#[derive(Clone, Copy)]
pub(crate) struct Ceremony(u32);

impl Ceremony {
    pub(crate) const NONE: Self = Self(0);

    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn is_due(self) -> bool {
        self.0 & (bit::FINALIZE | bit::OBSERVED) != 0
    }
}

/// What a box is born with.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) vtable: &'static VTable,
    /// Its value has a finalizer.
    pub(crate) finalizes: bool,
}

impl Birth {
    /// The same, for a value that `finalizes`.
    #[inline]
    pub(crate) fn finalizing(self, finalizes: bool) -> Self {
        Self { finalizes, ..self }
    }

    /// The same, for a box that is tracked even if its type has no edges.
    pub(crate) fn tracked(self) -> Self {
        Self { vtable: self.vtable.twin.unwrap_or(self.vtable), ..self }
    }
}

impl Header {
    #[inline]
    pub(crate) fn new(birth: Birth, epoch: Epoch) -> Self {
        let finalize = if birth.finalizes { bit::FINALIZE } else { 0 };
        Self {
            strong: StrongCount::new(birth.vtable.tracked),
            weak: Cell::new(1),
            scratch: Cell::new(0),
            state: Cell::new(epoch.0 | finalize),
            vtable: Cell::new(birth.vtable),
        }
    }

    #[inline]
    pub(crate) fn vtable(&self) -> &'static VTable {
        self.vtable.get()
    }

    /// Afterwards the box, which is no candidate, is one of another table, whose boxes take as much memory.
    pub(crate) fn retype(&self, birth: Birth) {
        self.vtable.set(birth.vtable);
        self.replace(bit::FINALIZE, if birth.finalizes { bit::FINALIZE } else { 0 });
        if self.life() == Life::Live {
            self.set_noisy(birth.vtable.tracked);
        }
    }

    // ----- counts -----

    #[inline]
    pub(crate) fn strong(&self) -> u32 {
        self.strong.get()
    }

    /// Afterwards the running pass has reached this box, and has yet to explain so many references.
    #[inline]
    pub(crate) fn visit(&self, references: u32) {
        self.set_life(Life::Visited);
        self.scratch.set(references);
    }

    /// [`visit`](Self::visit), of a box that is a candidate until then, or noisy: all its strong count is to be explained,
    /// which is returned.
    #[inline]
    pub(crate) fn visit_candidate(&self) -> u32 {
        let Some(references) = self.strong.rouse() else {
            self.replace(bit::LIST, 0);
            return self.visit_immortal();
        };
        self.replace(bit::LIST | bit::LIFE, (Life::Visited as u32) << bit::LIFE_SHIFT);
        self.scratch.set(references);
        references
    }

    /// [`visit`](Self::visit), of a box whose count says nothing any more: no number of edges explains it.
    #[cold]
    pub(crate) fn visit_immortal(&self) -> u32 {
        self.set_life(Life::Live);
        self.scratch.set(1);
        1
    }

    /// Whether the strong count is too large to be counted (N2).
    pub(crate) fn is_immortal(&self) -> bool {
        self.strong.is_immortal()
    }

    /// Afterwards the noisy box has one strong pointer more, the caller's, and is dead, unless [`set_life`](Self::set_life)
    /// says something else. Returns what holds its death up.
    #[inline]
    pub(crate) fn own(&self) -> Ceremony {
        let state = self.state.get();
        self.state.set(state | bit::DEAD);
        self.strong.hush_one_more();
        Ceremony(state)
    }

    /// Afterwards nobody refers to the box, which is dead: no `Weak` upgrades, and no pass considers it.
    #[inline]
    pub(crate) fn die(&self) {
        self.state.set(self.state.get() | bit::DEAD);
        self.strong.set_quiet(0);
    }

    /// Afterwards whoever calls has the only pointer to the box, whose count was zero, and no pass considers it.
    pub(crate) fn hold(&self, life: Life) {
        self.set_life(life);
        self.strong.set_quiet(1);
    }

    /// As if the strong count had risen or fallen to `count`.
    #[cfg(test)]
    pub(crate) fn pretend_strong(&self, count: u32) {
        self.strong.pretend(count);
    }

    #[inline]
    pub(crate) fn weak(&self) -> u32 {
        self.weak.get()
    }

    /// Whether nothing refers to this box, which is quiet, but for one strong pointer.
    #[inline]
    pub(crate) fn is_alone(&self) -> bool {
        // One word, for one comparison.
        u64::from(self.weak.get()) << 32 | u64::from(self.strong.word()) == 1 << 32 | u64::from(StrongCount::QUIET_ONE)
    }

    /// Whether there is only one strong pointer, so that the value may be changed or moved out; not while a pass looks at it.
    #[inline]
    pub(crate) fn is_changeable(&self) -> bool {
        self.is_sole() && self.life() == Life::Live
    }

    /// Whether there is only one strong pointer.
    #[inline]
    pub(crate) fn is_sole(&self) -> bool {
        self.strong.is_one()
    }

    /// One more strong pointer.
    #[inline]
    pub(crate) fn retain_strong(&self) {
        self.strong.rise();
    }

    /// One strong pointer less. Returns whether somebody must attend to it.
    #[inline]
    pub(crate) fn strong_falls(&self) -> bool {
        self.strong.fall()
    }

    /// What is left of the strong count, after a fall that must be attended to.
    #[inline]
    pub(crate) fn fallen(&self) -> Released {
        self.strong.fallen()
    }

    /// One strong pointer less.
    pub(crate) fn release_strong(&self) -> Released {
        if self.strong.fall() { self.strong.fallen() } else { Released::Shared }
    }

    /// One more `Weak`.
    #[inline]
    pub(crate) fn retain_weak(&self) {
        retain(&self.weak);
    }

    /// One `Weak` less, or the value's own share of `weak` (H3).
    #[inline]
    pub(crate) fn release_weak(&self) -> Released {
        release(&self.weak)
    }

    /// Whether a fall of the strong count makes this box a candidate (H4).
    #[inline]
    pub(crate) fn is_noisy(&self) -> bool {
        self.strong.is_noisy()
    }

    #[inline]
    pub(crate) fn set_noisy(&self, noisy: bool) {
        self.strong.set_noisy(noisy);
    }

    // ----- the scratch word -----

    /// The index in the buffer or table that holds it; during a pass, the `gc_refs` of a visited box.
    #[inline]
    pub(crate) fn scratch(&self) -> u32 {
        self.scratch.get()
    }

    #[inline]
    pub(crate) fn set_scratch(&self, word: u32) {
        self.scratch.set(word);
    }

    // ----- the state word -----

    #[inline]
    pub(crate) fn life(&self) -> Life {
        Life::from_bits(self.state.get())
    }

    #[inline]
    pub(crate) fn set_life(&self, life: Life) {
        self.replace(bit::LIFE, (life as u32) << bit::LIFE_SHIFT);
    }

    /// Whether it is `Visited`.
    #[inline]
    pub(crate) fn is_visited(&self) -> bool {
        self.state.get() & bit::LIFE == (Life::Visited as u32) << bit::LIFE_SHIFT
    }

    /// Whether a buffer or a table holds this box.
    #[inline]
    pub(crate) fn is_listed(&self) -> bool {
        self.state.get() & bit::LIST != 0
    }

    /// Whether a buffer holds this box.
    #[inline]
    pub(crate) fn is_candidate(&self) -> bool {
        self.is_listed() && !self.is_traced()
    }

    /// Whether a collection in slices has come across this box, and holds it in its table.
    #[inline]
    pub(crate) fn is_traced(&self) -> bool {
        self.state.get() & bit::LIST == bit::TRACED
    }

    /// Whether the box is live, and in no list.
    #[inline]
    pub(crate) fn is_at_rest(&self) -> bool {
        self.state.get() & (bit::LIFE | bit::LIST) == 0
    }

    /// Whether the box was born in `epoch`, is live, and in no list.
    #[inline]
    pub(crate) fn is_untouched_since(&self, epoch: Epoch) -> bool {
        self.state.get() & !bit::BESIDE == epoch.0
    }

    /// The buffer that holds this candidate.
    #[inline]
    pub(crate) fn buffer(&self) -> Buffer {
        let number = self.state.get() & bit::LIST;
        Buffer::from_index(number as usize - 1)
    }

    /// Afterwards this noisy box is a candidate at `index` of `buffer`.
    #[inline]
    pub(crate) fn enter_buffer(&self, buffer: Buffer, index: u32) {
        self.strong.hush();
        // It was in none, since it is noisy (H4).
        self.state.set(self.state.get() | (buffer.index() as u32 + 1));
        self.scratch.set(index);
    }

    /// Afterwards this noisy box is one of the table of a collection in slices, at `index`.
    pub(crate) fn enter_table(&self, index: u32) {
        self.replace(bit::LIST, bit::TRACED);
        self.scratch.set(index);
    }

    /// Afterwards the table does not hold this box.
    #[inline]
    pub(crate) fn leave_table(&self) {
        self.replace(bit::LIST, 0);
    }

    /// Afterwards no list holds this box.
    #[inline]
    pub(crate) fn leave_list(&self) {
        self.replace(bit::LIST, 0);
        self.set_noisy(true);
    }

    #[inline]
    pub(crate) fn birth(&self) -> Epoch {
        Epoch(self.state.get() >> bit::EPOCH_SHIFT << bit::EPOCH_SHIFT)
    }

    /// A finalizer has yet to run.
    #[inline]
    pub(crate) fn awaits_finalizer(&self) -> bool {
        self.state.get() & bit::FINALIZE != 0
    }

    pub(crate) fn set_finalized(&self) {
        self.replace(bit::FINALIZE, 0);
    }

    /// The value that came later than its box has a finalizer.
    pub(crate) fn await_finalizer(&self) {
        self.replace(bit::FINALIZE, bit::FINALIZE);
    }

    #[inline]
    pub(crate) fn is_observed(&self) -> bool {
        self.state.get() & bit::OBSERVED != 0
    }

    pub(crate) fn set_observed(&self, observed: bool) {
        self.replace(bit::OBSERVED, if observed { bit::OBSERVED } else { 0 });
    }

    /// Whoever has the only pointer to the box borrows the value mutably, perhaps for a long time.
    #[cfg(feature = "inspect")]
    pub(crate) fn set_exclusive(&self, exclusive: bool) {
        self.replace(bit::EXCLUSIVE, if exclusive { bit::EXCLUSIVE } else { 0 });
    }

    /// Whether the value may be mutably borrowed, as far as the header tells (I1). What it says in vain is forgotten.
    #[cfg(feature = "inspect")]
    pub(crate) fn is_exclusive(&self) -> bool {
        if self.state.get() & bit::EXCLUSIVE == 0 {
            return false;
        }
        let may_be = self.is_sole() && self.weak() == 1 && !self.is_listed();
        self.set_exclusive(may_be);
        may_be
    }

    /// Nothing has to be done before death: the box is no candidate, dies silently, and no pass looks at it.
    #[inline]
    pub(crate) fn is_unattached(&self) -> bool {
        self.state.get() & (bit::LIST | bit::LIFE | bit::FINALIZE | bit::OBSERVED) == 0
    }

    /// Whether the running pass may still look at it.
    #[inline]
    pub(crate) fn is_looked_at(&self) -> bool {
        matches!(self.life(), Life::Visited | Life::Reachable)
    }

    /// Death holds nothing up: no finalizer to run, no callback to call.
    #[inline]
    pub(crate) fn dies_silently(&self) -> bool {
        self.state.get() & (bit::FINALIZE | bit::OBSERVED) == 0
    }

    #[inline]
    fn replace(&self, mask: u32, bits: u32) {
        self.state.set(self.state.get() & !mask | bits);
    }
}

/// A weak count whose top bit is set is immortal (H2).
const IMMORTAL: u32 = 0xC000_0000;

#[inline]
fn retain(count: &Cell<u32>) {
    let more = count.get().wrapping_add(1);
    count.set(more);
    if more.cast_signed() < 0 {
        saturate(count);
    }
}

/// A single signed comparison tells the two rare cases from the common one.
#[inline]
fn release(count: &Cell<u32>) -> Released {
    let fewer = count.get().wrapping_sub(1);
    count.set(fewer);
    if fewer.cast_signed() > 0 {
        Released::Shared
    } else if fewer == 0 {
        Released::Last
    } else {
        saturate(count);
        Released::Immortal
    }
}

#[cold]
#[inline(never)]
fn saturate(count: &Cell<u32>) {
    count.set(IMMORTAL);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_count_that_overflows_becomes_immortal_and_stays_so() {
        let count = Cell::new(i32::MAX as u32);
        retain(&count);
        for _ in 0..3 {
            assert_eq!(release(&count), Released::Immortal);
        }
        retain(&count);
        assert_eq!(release(&count), Released::Immortal);
    }

    #[test]
    fn the_last_release_is_told_from_the_others() {
        let count = Cell::new(2);
        assert_eq!(release(&count), Released::Shared);
        assert_eq!(release(&count), Released::Last);
    }

    #[test]
    fn a_header_says_which_buffer_holds_it() {
        let header = Header::new(crate::gc_box::traced::<Option<crate::Gc<()>>>(), Epoch::at(9));
        for buffer in Generation::ALL.map(Buffer::Of).into_iter().chain([Buffer::Frozen]) {
            header.leave_list();
            header.enter_buffer(buffer, 7);
            assert_eq!((header.buffer(), header.scratch(), header.life()), (buffer, 7, Life::Live));
        }
        header.leave_list();
        assert_eq!((header.is_candidate(), header.is_noisy(), header.birth()), (false, true, Epoch::at(9)));
    }

    #[test]
    fn epochs_wrap_without_a_gap() {
        let last = u64::from(u32::MAX >> bit::EPOCH_SHIFT);
        assert_eq!(Epoch::at(last + 1), Epoch::FIRST);
        assert_eq!(Epoch::at(last + 1).since(Epoch::at(last)), 1);
    }
}
