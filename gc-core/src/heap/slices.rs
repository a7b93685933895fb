//! Full collections in slices: how they begin, go on and end.

use std::ptr::NonNull;
use std::time::Instant;

use super::Heap;
use super::end::Nested;
use crate::cycle::{self, Found, Slices};
use crate::generation::Generation;
use crate::object::header::{Buffer, Header};
use crate::object::tracer::{Admit, Trial};
use crate::panics::FirstPanic;
use crate::report::Collection;

impl Heap {
    /// Begins a collection in slices from all candidates there are.
    pub(super) fn begin_slices(&self, admit: Admit) {
        self.candidates.set_aside();
        self.slices.set(Some(Box::new(Slices::new(admit, self))));
        self.counters.begin_slices();
    }

    /// A full collection is under way, between two slices.
    pub(super) fn is_sliced(&self) -> bool {
        let slices = self.slices.take();
        let is_sliced = slices.is_some();
        self.slices.set(slices);
        is_sliced
    }

    /// Goes on with the collection that is under way.
    pub(super) fn run_slice(&self, panics: &mut FirstPanic) -> Collection {
        #[cfg(gc_verify)]
        self.verify("before a slice", 0);
        let started = Instant::now();
        let empty = Collection::empty(Generation::Old);
        let Some(mut slices) = self.slices.take() else { return empty };
        // What a panic hook lets die waits until the collection is given up (Y4).
        let nested = Nested::begin(self);
        let Some(done) = panics.catch(|| slices.go_on(&self.candidates, self, self.counters.slice())) else {
            self.suspect_all_again(*slices);
            panics.catch(|| drop(nested));
            self.counters.charge(Generation::Old, self.counters.slice());
            self.counters.finish_slice(&empty, true);
            return empty;
        };
        nested.leave();
        if !done.is_over {
            self.slices.set(Some(slices));
        }
        self.counters.charge(Generation::Old, done.search());
        let (unreachable, disposal) = self.dispose_if_garbage(done.garbage, panics);
        let collection = Collection {
            generation: Generation::Old,
            visited: done.visited,
            edges: done.edges,
            unreachable,
            resurrected: disposal.resurrected,
            collected: disposal.collected,
            duration: started.elapsed(),
        };
        self.counters.finish_slice(&collection, done.is_over);
        if self.debug.is_on() {
            self.show_end(&collection);
        }
        if done.is_over {
            self.trim(Generation::Old);
        }
        #[cfg(gc_verify)]
        self.verify("after a slice", 0);
        collection
    }

    /// Disposes of what of `guess` is referred to only from among itself, which is how much. The rest is suspected again.
    fn dispose_if_garbage(&self, guess: Vec<NonNull<Header>>, panics: &mut FirstPanic) -> (usize, cycle::Disposal) {
        if guess.is_empty() {
            return (0, cycle::Disposal { collected: 0, resurrected: 0 });
        }
        let suspect_again = |found: &Found| {
            for &suspect in found.survivors.iter().chain(&found.busy) {
                // SAFETY: a survivor is live (T5); a box leaves the candidates before its memory is given up (C2).
                unsafe { self.candidates.insert(suspect, Buffer::Of(Generation::Old)) };
            }
        };
        // SAFETY: the boxes were in the table, each once, hence live (C4, C5), and are in no list now; no user code ran since.
        let found = unsafe { self.find(guess, Admit::NOBODY, Trial::NO_LIMIT, panics, suspect_again) };
        let unreachable = found.unreachable.len();
        // SAFETY: `find` says that they are referred to only from among themselves; no user code ran since (T5, Y2).
        (unreachable, unsafe { self.dispose(found.unreachable, panics) })
    }

    /// Gives up the collection that is under way, if there is one: what it has not proved live is suspected again.
    pub(super) fn abandon_slices(&self) {
        if let Some(slices) = self.slices.take() {
            self.suspect_all_again(*slices);
        }
    }

    fn suspect_all_again(&self, slices: Slices) {
        let suspects = slices.abandon(&self.candidates);
        for suspect in suspects.into_iter().chain(std::iter::from_fn(|| self.candidates.next_aside())) {
            // SAFETY: a box of the table is live (C5), and so is a candidate (C2).
            let buffer = self.clock.buffer_of(unsafe { suspect.as_ref() });
            // SAFETY: as above; a box leaves the candidates before its memory is given up.
            unsafe { self.candidates.insert(suspect, buffer) };
        }
    }
}
