//! Which boxes nothing outside of them refers to, found in slices, between which the program goes on.
//!
//! Trial deletion ([`find`](super::find)) must see all counts and edges at one moment. What is done in slices is therefore a
//! guess, made by the same algorithm from what was seen at different moments, and made twice: the second round looks at nothing
//! but what the first one took for garbage. Then `find` itself looks at that, a group of connected boxes after the other, and
//! only what it finds unreachable is disposed of. "Concurrent Cycle Collection in Reference Counted Systems" (Bacon, Rajan,
//! 2001) checks its guesses likewise (the sigma test).
//!
//! Nothing that was garbage when the collection began is overlooked: nobody can change it, so its counts and edges are the
//! same at every moment. What became garbage since lost a reference, and was suspected for that: it waits for the next
//! collection.
//!
//! # Invariants
//! - **Y5** whenever user code can run, every box that the collection knows is in the table [`Traced`], which it leaves when
//!   it dies, or a candidate that was set aside: none is looked at that is not allocated.
//! - **Y6** a box that leaves the table alive, before it was proved live, is a candidate then, or somebody has the only
//!   pointer to it.

use std::ptr::NonNull;

use super::find::{look_into, prefetch};
use crate::candidates::{Candidates, Entry, Queue, Traced};
use crate::cycle::Host;
use crate::generation::Generation;
use crate::object::ephemeron::{Ephemeron, TrialNumber, WeakTable};
use crate::object::header::{Buffer, Header, Life};
use crate::object::tracer::{Admit, Pass, Slice};

/// A full collection under way, between two slices.
pub(crate) struct Slices {
    stage: Stage,
    /// Entries before it have been through the stage.
    cursor: u32,
    admit: Admit,
    number: TrialNumber,
    /// Boxes whose entries were marked after they had been through the stage.
    behind: Queue,
    /// The entries of boxes that were candidates.
    suspects: Vec<u32>,
    /// The entries of boxes that could not be looked into entirely.
    busy: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    First,
    Second,
}

/// What is done with one entry after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Its box is looked into, and the edges seen are counted. In the first round, they lead to further boxes; in the second, they
    /// make one group of the boxes at their ends.
    Count(Round),
    /// It is marked if edges do not explain all references to its box.
    Roots(Round),
    /// If it is marked, its box is looked into, and what that refers to is marked.
    Mark(Round),
    /// It leaves the table if it is marked.
    Release(Round),
    /// Its group is handed out.
    HandOut,
    /// No box is in the table any more, whose memory goes back.
    GiveBack,
}

impl Stage {
    fn is_of_first_round(self) -> bool {
        match self {
            Self::Count(round) | Self::Roots(round) | Self::Mark(round) | Self::Release(round) => round == Round::First,
            Self::HandOut | Self::GiveBack => false,
        }
    }
}

/// What a slice did.
#[derive(Default)]
pub(crate) struct Done {
    /// Edges, boxes and elements looked at.
    pub(crate) work: usize,
    /// Boxes met for the first time.
    pub(crate) visited: usize,
    /// Edges that were followed from them.
    pub(crate) edges: usize,
    /// Garbage, if it still is. Its boxes are in no list any more.
    pub(crate) garbage: Vec<NonNull<Header>>,
    /// There is nothing left to do, and the table is empty.
    pub(crate) is_over: bool,
}

impl Done {
    /// What allocations are to pay for: the search. What is disposed of has been paid for when it was made.
    pub(crate) fn search(&self) -> usize {
        self.work - DISPOSAL * self.garbage.len()
    }
}

/// To take in a candidate is so much work, and to dispose of a box.
const SUSPECT: usize = 2;
const DISPOSAL: usize = 8;
/// To give back the memory of so many entries is one.
const PAGED: usize = 16;

impl Slices {
    /// Begins a collection from the candidates that were set aside.
    pub(crate) fn new(admit: Admit, host: &impl Host) -> Self {
        Self {
            stage: Stage::Count(Round::First),
            cursor: 0,
            admit,
            number: host.number_trial(),
            behind: Queue::default(),
            suspects: Vec::new(),
            busy: Vec::new(),
        }
    }

    /// Goes on until that was as much work as `limit`, or garbage was found that is.
    ///
    /// # Panics
    /// If a `trace` does. There is nothing to do then but to [`abandon`](Self::abandon) the collection.
    pub(crate) fn go_on(&mut self, candidates: &Candidates, host: &impl Host, limit: usize) -> Done {
        let mut slice = Running { slices: self, candidates, host, current: 0, group: 0, done: Done::default() };
        while slice.done.work < limit && !slice.done.is_over {
            slice.go_on(limit);
        }
        slice.done
    }

    /// Afterwards the table is empty. Hands out what is to be suspected again: all that may be garbage is reached from there.
    pub(crate) fn abandon(self, candidates: &Candidates) -> Vec<NonNull<Header>> {
        let traced = &candidates.traced;
        let boxed = |index: u32| traced.entry(index).boxed();
        let suspects: Vec<_> = if self.stage.is_of_first_round() {
            self.suspects.iter().chain(&self.busy).filter_map(|&index| boxed(index)).collect()
        } else {
            // All that is left was found unreachable.
            (0..traced.len()).filter_map(boxed).collect()
        };
        for index in 0..traced.len() {
            traced.release(traced.entry(index));
        }
        traced.clear();
        suspects
    }
}

/// A slice.
struct Running<'a, H> {
    slices: &'a mut Slices,
    candidates: &'a Candidates,
    host: &'a H,
    /// The entry whose box is looked into.
    current: u32,
    /// In the second round, the one that stands for its group.
    group: u32,
    done: Done,
}

impl<'a, H: Host> Running<'a, H> {
    fn traced(&self) -> &'a Traced {
        &self.candidates.traced
    }

    /// Takes entries through the stage, until that was as much work as `limit` or they end with a chunk of the table; begins
    /// the next stage after the last.
    fn go_on(&mut self, limit: usize) {
        if self.slices.stage == Stage::GiveBack {
            return self.give_back();
        }
        let first = self.slices.cursor;
        let is_marking_done = matches!(self.slices.stage, Stage::Mark(_)) && self.traced().are_all_marked();
        if first == self.traced().len() || is_marking_done {
            return self.finish_stage();
        }
        for (index, entry) in (first..).zip(self.traced().entries_from(first)) {
            if self.done.work >= limit {
                return;
            }
            self.done.work += 1;
            self.slices.cursor = index + 1;
            if let Some(boxed) = entry.boxed() {
                self.attend(index, entry, boxed);
            }
        }
    }

    /// Takes the entry of a box through the stage.
    #[inline]
    fn attend(&mut self, index: u32, entry: &'a Entry, boxed: NonNull<Header>) {
        match self.slices.stage {
            Stage::Count(_) => self.look_into(index, boxed),
            Stage::Roots(Round::First) if !entry.is_explained() => self.traced().mark(entry),
            Stage::Roots(Round::Second) if !entry.is_explained_again() => self.traced().mark(entry),
            Stage::Mark(_) if entry.is_marked() => self.look_into(index, boxed),
            Stage::Release(_) if entry.is_marked() => {
                self.traced().release(entry);
            }
            Stage::Release(Round::First) => entry.start_over(index),
            Stage::HandOut => self.hand_out(index),
            Stage::Roots(_) | Stage::Mark(_) | Stage::Release(_) | Stage::GiveBack => {}
        }
    }

    /// Every entry there is has been through the stage.
    fn finish_stage(&mut self) {
        self.done.work += 1;
        let stage = self.slices.stage;
        let next = match stage {
            Stage::Count(Round::First) if self.take_suspects() => return,
            Stage::Count(round) => Stage::Roots(round),
            // The second round finds out as well what is reachable from there, by looking at the others alone.
            Stage::Roots(Round::First) if self.traced().are_most_marked() => self.release(Round::First),
            Stage::Roots(Round::Second) if self.traced().are_none_marked() => Stage::HandOut,
            Stage::Roots(round) => Stage::Mark(round),
            Stage::Mark(round) if self.traced().are_all_marked() => self.release(round),
            Stage::Mark(round) => match self.traced().dequeue(&mut self.slices.behind) {
                Some(index) => return self.look_into_late(index),
                None => self.release(round),
            },
            Stage::Release(_) if self.traced().boxes() == 0 => return self.finish(),
            Stage::Release(Round::First) => Stage::Count(Round::Second),
            Stage::Release(Round::Second) => Stage::HandOut,
            Stage::HandOut | Stage::GiveBack => return self.finish(),
        };
        if matches!(next, Stage::Count(_)) {
            self.slices.number = self.host.number_trial();
        }
        (self.slices.stage, self.slices.cursor) = (next, 0);
    }

    /// What is reachable is marked.
    fn release(&mut self, round: Round) -> Stage {
        self.slices.behind = Queue::default();
        self.keep_busy_suspected();
        Stage::Release(round)
    }

    fn finish(&mut self) {
        self.traced().forget_entries();
        (self.slices.stage, self.slices.cursor) = (Stage::GiveBack, 0);
    }

    fn give_back(&mut self) {
        match self.traced().give_back_some() {
            0 => self.done.is_over = true,
            entries => self.done.work += entries / PAGED + 1,
        }
    }

    fn look_into_late(&mut self, index: u32) {
        if let Some(boxed) = self.traced().entry(index).boxed() {
            self.look_into(index, boxed);
        }
    }

    fn look_into(&mut self, index: u32, boxed: NonNull<Header>) {
        let soon = index.saturating_add(AHEAD);
        if soon < self.traced().len() {
            prefetch(self.traced().entry(soon).boxed().as_ref());
        }
        self.current = index;
        if self.slices.stage == Stage::Count(Round::Second) {
            self.group = self.root(index);
        }
        let host = self.host;
        // SAFETY: a traced box is allocated (C5), and no `&mut Header` exists (H1).
        let _shown = Shown::begin(unsafe { boxed.as_ref() });
        // SAFETY: a traced box is allocated (C5). Its value is whole: it is alive, since it leaves the table when it dies (Y5).
        unsafe { look_into(boxed, host, Pass::Slice(self)) };
    }

    // ----- the boxes to look at -----

    /// Takes in some of the candidates that were set aside; `false` if there were none.
    fn take_suspects(&mut self) -> bool {
        /// As many as begin a search together.
        const SOME: usize = 64;
        let before = self.done.work;
        let candidates = self.candidates;
        for suspect in std::iter::from_fn(|| candidates.next_aside()).take(SOME) {
            self.done.work += SUSPECT;
            self.take_in_suspect(suspect, 0);
        }
        self.done.work > before
    }

    /// Takes in a box that was a candidate, to which `seen` edges were seen.
    fn take_in_suspect(&mut self, suspect: NonNull<Header>, seen: u32) {
        let index = self.traced().len();
        self.take_in(suspect, seen);
        if self.traced().len() > index {
            self.slices.suspects.push(index);
        }
    }

    /// Takes in a live box, to which `seen` edges were seen, if the collection is to look into it.
    fn take_in(&mut self, met: NonNull<Header>, seen: u32) {
        // SAFETY: candidates are allocated (C2), and so is what an edge leads to (T1); no `&mut Header` exists (H1).
        let header = unsafe { met.as_ref() };
        if !header.is_noisy() {
            return;
        }
        if !self.slices.admit.allows(header) {
            if self.slices.admit.are_others_frozen(header) {
                // Nobody may ever suspect those of a cycle but the frozen among them. They may have been thawed meanwhile.
                // SAFETY: as above; a box leaves the candidates before its memory is given up (C2).
                unsafe { self.candidates.insert(met, self.host.buffer_of(header)) };
            }
            return;
        }
        self.done.visited += 1;
        // SAFETY: as above; a box leaves the table before its memory is given up.
        if unsafe { self.traced().insert(met, seen) }.is_none() {
            // SAFETY: as above.
            unsafe { self.candidates.insert(met, Buffer::Of(Generation::Old)) };
        }
    }

    /// An edge to a box that is not in the table.
    fn meet(&mut self, met: NonNull<Header>, header: &Header) {
        if header.life() != Life::Live {
            return;
        }
        if !header.is_candidate() {
            self.take_in(met, 1);
        } else if self.candidates.remove_from_aside(header) {
            self.take_in_suspect(met, 1);
        }
    }

    // ----- what is reachable -----

    fn mark(&mut self, index: u32) {
        let entry = self.traced().entry(index);
        if !entry.is_marked() {
            self.traced().mark(entry);
            if index < self.slices.cursor {
                self.traced().enqueue(index, &mut self.slices.behind);
            }
        }
    }

    /// Reachable boxes that could not be looked into stay candidates. The others may yet prove reachable in the second round.
    fn keep_busy_suspected(&mut self) {
        for index in std::mem::take(&mut self.slices.busy) {
            let entry = self.traced().entry(index);
            if !entry.is_marked() {
                self.slices.busy.push(index);
            } else if let Some(busy) = self.traced().release(entry) {
                // SAFETY: a traced box is allocated (C5); a box leaves the candidates before its memory is given up.
                unsafe { self.candidates.insert(busy, Buffer::Of(Generation::Old)) };
            }
        }
    }

    // ----- groups -----

    /// Afterwards the box of `index` belongs to the group of the one that is looked into.
    fn connect(&self, index: u32) {
        let (root, other_root) = (self.group, self.root(index));
        if root != other_root {
            let (entry, other) = (self.traced().entry(root), self.traced().entry(other_root));
            other.group().set(root);
            entry.next().swap(other.next());
        }
    }

    /// The entry that stands for the group of `index`. Entries on the way come closer to it ("path splitting", Tarjan and van Leeuwen, 1984).
    #[inline]
    fn root(&self, mut index: u32) -> u32 {
        let group = |index| self.traced().entry(index).group();
        let mut next = group(index).get();
        while next != index {
            let after = group(next).get();
            group(index).set(after);
            (index, next) = (next, after);
        }
        index
    }

    /// Takes the boxes of a group out of the table.
    fn hand_out(&mut self, first: u32) {
        let mut index = first;
        loop {
            if let Some(garbage) = self.traced().release(self.traced().entry(index)) {
                self.done.work += DISPOSAL;
                self.done.garbage.push(garbage);
            }
            index = self.traced().entry(index).next().get();
            if index == first {
                return;
            }
        }
    }

    /// The entry of a box that is in the table.
    fn index_of(header: &Header) -> Option<u32> {
        header.is_traced().then(|| header.scratch())
    }
}

impl<H: Host> Slice for Running<'_, H> {
    fn edge(&mut self, target: NonNull<Header>) {
        self.done.work += 1;
        // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
        let header = unsafe { target.as_ref() };
        let Some(index) = Self::index_of(header) else {
            if self.slices.stage == Stage::Count(Round::First) {
                self.done.edges += 1;
                self.meet(target, header);
            }
            return;
        };
        match self.slices.stage {
            Stage::Count(Round::First) => {
                self.done.edges += 1;
                self.traced().entry(index).see();
            }
            Stage::Count(Round::Second) => {
                self.traced().entry(index).see();
                self.connect(index);
            }
            Stage::Mark(_) => self.mark(index),
            Stage::Roots(_) | Stage::Release(_) | Stage::HandOut | Stage::GiveBack => {}
        }
    }

    fn look_at(&mut self, elements: usize) {
        self.done.work += elements;
    }

    fn report_busy(&mut self) {
        let current = self.current;
        if matches!(self.slices.stage, Stage::Count(_)) && self.slices.busy.last() != Some(&current) {
            self.slices.busy.push(current);
        }
    }

    fn table(&mut self, table: &dyn WeakTable) {
        let (standing, number) = (table.standing(), self.slices.number);
        match self.slices.stage {
            Stage::Count(_) => drop(standing.visited.set(number)),
            Stage::Mark(_) => drop(standing.reached.set(number)),
            _ => {}
        }
    }

    fn is_due(&mut self, entry: &dyn Ephemeron) -> bool {
        let number = self.slices.number;
        // SAFETY: the key is allocated (M1), and no `&mut Header` exists (H1).
        let key = Self::index_of(unsafe { entry.key().as_ref() });
        self.done.work += 1;
        match self.slices.stage {
            Stage::Count(_) if entry.is_lent() => {
                self.report_busy();
                false
            }
            Stage::Count(round) => {
                if let (Some(key), Round::Second) = (key, round) {
                    self.connect(key);
                }
                entry.counted().set(number)
            }
            Stage::Mark(_) => {
                key.is_none_or(|key| self.traced().entry(key).is_marked())
                    && entry.is_table_reachable(number)
                    && entry.counted().set(number.marking())
            }
            Stage::Roots(_) | Stage::Release(_) | Stage::HandOut | Stage::GiveBack => false,
        }
    }
}

/// A box that is looked into now: it is `Visited`, so that nothing frees or changes its value meanwhile (Y4).
struct Shown<'a>(&'a Header);

impl<'a> Shown<'a> {
    fn begin(header: &'a Header) -> Self {
        header.set_life(Life::Visited);
        Self(header)
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        // Unless it waits in the drop queue.
        if self.0.is_visited() {
            self.0.set_life(Life::Live);
        }
    }
}

/// How many entries ahead to prefetch.
const AHEAD: u32 = 4;
