//! Collections: when allocation starts one, and how one runs.

use std::cell::Cell;
use std::ptr::NonNull;
use std::time::Instant;

use super::counters::Tally;
use super::end::Nested;
use super::{Heap, drop_strong};
use crate::cycle::{self, Disposal, Found, Host, Outcome};
use crate::generation::Generation;
use crate::object::ephemeron::{Ephemeron, TrialNumber};
use crate::object::header::{Buffer, Header};
use crate::object::observer::Observer;
use crate::object::tracer::Admit;
use crate::panics::FirstPanic;
use crate::policy::Decision;
use crate::report::{CollectEvent, Collection};
#[cfg(gc_verify)]
use crate::verify;
use crate::watchers::Aftermath;

/// An allocation's slow path, where a collection may be due: the box to be is counted already.
#[cold]
#[inline(never)]
pub(super) fn check(tracked: bool, bytes: usize) {
    Heap::with(|heap| heap.check(tracked, bytes));
}

impl Heap {
    fn check(&self, tracked: bool, bytes: usize) {
        /// Takes the count back if the collection panics.
        struct Unborn<'a>(&'a Heap, bool, usize);
        impl Drop for Unborn<'_> {
            fn drop(&mut self) {
                self.0.counters.resume(self.1, self.2);
                self.0.counters.unborn(self.1, self.2);
            }
        }
        let unborn = Unborn(self, tracked, bytes);
        self.counters.put_off(tracked, bytes);
        self.announce_exit();
        self.collect_if_due();
        self.counters.resume(tracked, bytes);
        std::mem::forget(unborn);
    }

    fn collect_if_due(&self) {
        if !self.counters.is_automatic() {
            return self.counters.check_after(u64::MAX);
        }
        if !self.is_idle() {
            return self.counters.check_after(1);
        }
        self.candidates.trim();
        match self.counters.situation(self.candidates.len(), self.is_sliced()).decide() {
            Decision::Wait(allocations) => self.counters.check_after(allocations),
            Decision::Collect(generation) => {
                self.counters.check_after(1);
                let limit = Some(self.counters.limit(generation));
                self.collect_by(generation, |panics| self.run(generation, limit, panics));
            }
            Decision::GoOn => {
                self.counters.check_after(1);
                self.collect_by(Generation::Old, |panics| self.run_slice(panics));
            }
        }
    }

    /// No code that a heap calls is running (E2).
    pub(super) fn is_idle(&self) -> bool {
        !self.collecting.get() && self.drop_queue.depth() == 0 && !std::thread::panicking()
    }

    /// Collects `generation` and the younger ones, and tells the hooks; does nothing inside another collection.
    ///
    /// # Panics
    /// With the first panic of a hook, `trace`, finalizer, callback or destructor, once everything else is done.
    pub(crate) fn collect(&self, generation: Generation) -> Collection {
        if self.collecting.get() {
            return Collection::empty(generation);
        }
        if generation == Generation::Old {
            self.abandon_slices();
        }
        self.collect_by(generation, |panics| self.run(generation, None, panics))
    }

    /// Collects `generation`, or does a slice of that, by `run`, and tells the hooks. No collection is under way.
    fn collect_by(&self, generation: Generation, run: impl FnOnce(&mut FirstPanic) -> Collection) -> Collection {
        let mut panics = FirstPanic::default();
        let collection = {
            let _collecting = Flag::raise(&self.collecting);
            let audience = self.hooks.audience();
            audience.tell(CollectEvent::Start { generation }, &mut panics);
            let collection = run(&mut panics);
            audience.tell(CollectEvent::Stop(collection), &mut panics);
            collection
        };
        if self.exiting.get() {
            self.give_back();
        }
        panics.resume();
        collection
    }

    /// With a `limit` the collection is automatic, and allocations pay for it. If there is more work than that, a full one is
    /// done in slices; a younger one reclaims nothing, and its candidates wait for an older generation's.
    fn run(&self, generation: Generation, limit: Option<usize>, panics: &mut FirstPanic) -> Collection {
        #[cfg(gc_verify)]
        self.verify("before a collection", 0);
        let started = Instant::now();
        let shows = self.debug.is_on();
        if shows {
            self.show_start(generation);
        }
        self.counters.begin(generation);
        let admit = self.clock.begin(generation, self.counters.made());
        if generation == Generation::Old && limit.is_some_and(|limit| limit < self.candidates.len()) {
            self.begin_slices(admit);
            return self.run_slice(panics);
        }
        let candidates = self.take_candidates(generation);
        let limit_of_find = limit.unwrap_or(usize::MAX);
        // SAFETY: drained candidates are live (C2), and no other collection runs (`collecting`).
        let found = unsafe {
            self.find(candidates, admit, limit_of_find, panics, |found| self.suspect_again(found, generation))
        };
        if limit.is_some() {
            self.counters.charge(generation, found.work);
        }
        let (visited, edges, unreachable) = (found.visited, found.edges, found.unreachable.len());
        let outcome = found.outcome;
        // SAFETY: `find` says that they are referred to only from among themselves; no user code ran since (T5, Y2).
        let disposal = unsafe { self.dispose(found.unreachable, panics) };
        self.candidates.recycle(found.survivors);
        let collection = Collection {
            generation,
            visited,
            edges,
            unreachable,
            resurrected: disposal.resurrected,
            collected: disposal.collected,
            duration: started.elapsed(),
        };
        if generation == Generation::Old && outcome == Outcome::TooMuch {
            self.begin_slices(admit);
            self.counters.finish_slice(&collection, false);
        } else {
            self.counters.finish(&collection);
            match limit {
                _ if generation < Generation::Old => {}
                Some(_) => self.counters.judge(collection.collected, visited),
                None => self.counters.forgive(),
            }
            self.trim(generation);
        }
        if shows {
            self.show_end(&collection);
        }
        #[cfg(gc_verify)]
        self.verify("after a collection", 0);
        collection
    }

    /// [`cycle::find`]; `suspect_again` takes care of the candidates before anything else can happen.
    ///
    /// # Safety
    /// As for `cycle::find`.
    pub(super) unsafe fn find(
        &self,
        candidates: Vec<NonNull<Header>>,
        admit: Admit,
        limit: usize,
        panics: &mut FirstPanic,
        suspect_again: impl FnOnce(&Found),
    ) -> Found {
        // What a panic hook lets die waits until the pass is broken off (Y4).
        let nested = Nested::begin(self);
        // SAFETY: the caller's promise.
        let found = unsafe { cycle::find(candidates, admit, limit, self, panics) };
        suspect_again(&found);
        match found.outcome {
            Outcome::Failed => drop(panics.catch(|| drop(nested))),
            _ => nested.leave(),
        }
        found
    }

    /// [`cycle::dispose`], of what is not saved instead; shows it first, if it is to be shown.
    ///
    /// # Safety
    /// As for `cycle::dispose`.
    pub(super) unsafe fn dispose(&self, unreachable: Vec<NonNull<Header>>, panics: &mut FirstPanic) -> Disposal {
        // SAFETY: the caller's promise: `find` left them.
        let garbage = if self.debug.is_on() { unsafe { self.show_garbage(unreachable) } } else { unreachable };
        // SAFETY: the caller's promise.
        unsafe { cycle::dispose(garbage, self, panics) }
    }

    /// Gives back what is left of a peak. Of the pool, only full collections do: what they find unused twice is not needed soon.
    pub(super) fn trim(&self, collected: Generation) {
        self.candidates.trim();
        if collected == Generation::Old {
            self.pool.trim();
        }
    }

    /// The candidates of `generation` and the younger ones, of which only their headers know any more. Those frozen since they
    /// were suspected are set aside.
    pub(super) fn take_candidates(&self, generation: Generation) -> Vec<NonNull<Header>> {
        let mut candidates = self.candidates.drain(generation);
        if self.counters.frozen() > 0 {
            candidates.retain(|&suspect| {
                // SAFETY: drained candidates are live (C2).
                let header = unsafe { suspect.as_ref() };
                let frozen = self.clock.is_frozen(header);
                if frozen {
                    header.leave_list();
                    // SAFETY: as above; a box leaves the candidates before its memory is given up.
                    unsafe { self.candidates.insert(suspect, Buffer::Frozen) };
                }
                !frozen
            });
        }
        candidates
    }

    /// Survivors wait for the next older generation; those of a full collection are proved live. A box that could not
    /// be looked into stays a candidate, and so do all if the pass was broken off.
    fn suspect_again(&self, found: &Found, generation: Generation) {
        let failed = found.outcome == Outcome::Failed;
        let buffer = Buffer::Of(if failed { generation } else { generation.older() });
        let proved_live = generation == Generation::Old && found.outcome == Outcome::Complete;
        let survivors = if proved_live { &[] } else { found.survivors.as_slice() };
        for &suspect in survivors.iter().chain(&found.busy) {
            // SAFETY: a survivor is live; a box leaves the candidates before its memory is given up (C2).
            unsafe { self.candidates.insert(suspect, buffer) };
        }
        // Nobody may ever suspect those of a cycle but the frozen among them, once they are thawed.
        for &met in &found.frozen {
            // SAFETY: an edge of a live box leads to it; as above.
            unsafe { self.candidates.insert(met, Buffer::Frozen) };
        }
    }
}

impl Host for Heap {
    fn number_trial(&self) -> TrialNumber {
        self.trials.replace(self.trials.get().next())
    }

    fn buffer_of(&self, header: &Header) -> Buffer {
        self.clock.buffer_of(header)
    }

    fn visit_entries(&self, key: NonNull<Header>, visit: &mut dyn FnMut(&dyn Ephemeron)) {
        self.watchers.visit_entries(key, visit);
    }

    fn take_aftermath(&self, dead: NonNull<Header>, aftermath: &mut Vec<Aftermath>) {
        self.watchers.take(dead, aftermath);
    }

    fn has_observers(&self) -> bool {
        self.watchers.has_observers()
    }

    unsafe fn silence(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise.
        unsafe { self.watchers.remove(observer) };
    }

    unsafe fn let_go(&self, owned: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe { drop_strong(owned) };
    }

    unsafe fn free(&self, dead: &[NonNull<Header>]) {
        if self.counters.frozen() > 0 {
            // SAFETY: the caller's promise.
            return dead.iter().for_each(|&dead| unsafe { self.bury_garbage(dead) });
        }
        let mut tally = Tally::of(dead.len());
        for &dead in dead {
            // SAFETY: the pass owns a count (Y1).
            let header = unsafe { dead.as_ref() };
            if header.is_alone() && header.vtable().pooled {
                // SAFETY: the pass's count is the only one left, and no weak pointer (Y1).
                unsafe { Self::bury_alone(dead, header.vtable(), &mut tally) };
            } else {
                tally.leave_one_out();
                // SAFETY: the caller's promise.
                unsafe { self.bury_garbage(dead) };
            }
        }
        self.counters.died_together(tally);
    }

    #[cfg(gc_verify)]
    fn verify(&self, moment: &'static str, visited: usize) {
        self.verify(moment, visited);
    }
}

impl Heap {
    /// # Safety
    /// As for [`Host::free`].
    #[cold]
    #[inline(never)]
    unsafe fn bury_garbage(&self, dead: NonNull<Header>) {
        // SAFETY: the pass owns a count (Y1).
        if unsafe { dead.as_ref() }.is_sole() {
            // SAFETY: that count was the only one left (Y1).
            unsafe { self.bury(dead) };
        } else {
            // Somebody's destructor panicked and leaked a pointer, or a `Trace` contract is broken: rather a leak.
            #[cfg(gc_verify)]
            verify::buried(dead);
            self.count_death(dead);
        }
    }
}

/// A flag that is up as long as this lives.
pub(super) struct Flag<'a>(&'a Cell<bool>);

impl<'a> Flag<'a> {
    pub(super) fn raise(flag: &'a Cell<bool>) -> Self {
        flag.set(true);
        Self(flag)
    }
}

impl Drop for Flag<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
