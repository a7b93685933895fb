//! Collections: when allocation starts one, and how one runs.

use std::cell::Cell;
use std::ptr::NonNull;
use std::time::Instant;

use super::{Heap, drop_strong};
use crate::cycle::{self, Found, Host};
use crate::generation::Generation;
use crate::object::header::Header;
use crate::object::observer::Observer;
use crate::observers::Callback;
use crate::panics::FirstPanic;
use crate::policy::Decision;
use crate::report::Collection;

impl Heap {
    /// An allocation's slow path: the box to be is counted already.
    #[cold]
    #[inline(never)]
    pub(super) fn check(&self, tracked: bool, bytes: usize) {
        /// Takes the count back if the collection panics.
        struct Unborn<'a>(&'a Heap, bool, usize);
        impl Drop for Unborn<'_> {
            fn drop(&mut self) {
                self.0.counters.unborn(self.1, self.2);
            }
        }
        let unborn = Unborn(self, tracked, bytes);
        self.announce_exit();
        self.collect_if_due();
        std::mem::forget(unborn);
    }

    fn collect_if_due(&self) {
        if !self.counters.is_automatic() {
            return self.counters.check_after(u64::MAX);
        }
        if !self.is_idle() {
            return self.counters.check_after(1);
        }
        match self.counters.situation(self.candidates.len()).decide() {
            Decision::Wait(allocations) => self.counters.check_after(allocations),
            Decision::Collect(generation) => {
                self.counters.check_after(1);
                self.collect(generation);
            }
        }
    }

    /// No code that a heap calls is running (E2).
    pub(super) fn is_idle(&self) -> bool {
        !self.collecting.get() && self.drop_queue.depth() == 0 && !std::thread::panicking()
    }

    /// Collects `generation` and the younger ones; does nothing inside another collection.
    ///
    /// # Panics
    /// With the first panic of a `trace`, finalizer, callback or destructor, once everything else is done.
    pub(crate) fn collect(&self, generation: Generation) -> Collection {
        if self.collecting.get() {
            return Collection::empty(generation);
        }
        let mut panics = FirstPanic::default();
        let collection = {
            let _collecting = Flag::raise(&self.collecting);
            self.run(generation, &mut panics)
        };
        if self.exiting.get() {
            self.give_back();
        }
        panics.resume();
        collection
    }

    fn run(&self, generation: Generation, panics: &mut FirstPanic) -> Collection {
        let started = Instant::now();
        self.counters.begin(generation);
        let admit = self.clock.begin(generation);
        let candidates = self.candidates.drain(generation);
        // SAFETY: drained candidates are live (C2), and no other collection runs (`collecting`).
        let found = unsafe { cycle::find(candidates, admit, panics) };
        self.suspect_again(&found, generation);
        let (visited, edges, unreachable) = (found.visited, found.edges, found.unreachable.len());
        // SAFETY: `find` says that they are referred to only from among themselves, and no user code ran since.
        let disposal = unsafe { cycle::dispose(found.unreachable, self, panics) };
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
        self.counters.finish(&collection);
        collection
    }

    /// Survivors wait for the next older generation; those of a full collection are proved live. A box that could not
    /// be looked into stays a candidate, and so do all if the pass was broken off.
    fn suspect_again(&self, found: &Found, generation: Generation) {
        let buffer = if found.aborted { generation } else { generation.older() };
        let proved_live = generation == Generation::Old && !found.aborted;
        let survivors = if proved_live { &[] } else { found.survivors.as_slice() };
        for &suspect in survivors.iter().chain(&found.busy) {
            // SAFETY: a survivor is live.
            if !unsafe { suspect.as_ref() }.is_quiet() {
                // SAFETY: as above; a box leaves the candidates before its memory is given up.
                unsafe { self.candidates.insert(suspect, buffer) };
            }
        }
    }
}

impl Host for Heap {
    fn take_callbacks(&self, target: NonNull<Header>, callbacks: &mut Vec<Callback>) {
        self.observers.take(target, callbacks);
    }

    unsafe fn silence(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise.
        unsafe { self.observers.remove(observer) };
    }

    unsafe fn let_go(&self, owned: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe { drop_strong(owned) };
    }

    unsafe fn free(&self, dead: NonNull<Header>) {
        // SAFETY: the pass owns a count (Y1).
        if unsafe { dead.as_ref() }.strong() == 1 {
            // SAFETY: that count was the only one left.
            unsafe { self.bury(dead) };
        } else {
            // Somebody's destructor panicked and leaked a pointer, or a `Trace` contract is broken: rather a leak.
            self.count_death(dead);
        }
    }
}

/// A flag that is up as long as this lives.
struct Flag<'a>(&'a Cell<bool>);

impl<'a> Flag<'a> {
    fn raise(flag: &'a Cell<bool>) -> Self {
        flag.set(true);
        Self(flag)
    }
}

impl Drop for Flag<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
