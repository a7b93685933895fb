//! Checks B1, B2, M1, M2, O1 and O2.

use std::ptr::NonNull;

use super::Watchers;
use super::keyed::Keyed;
use super::observers::Observers;
use crate::object::header::{Header, Life};
use crate::object::observer::Observer;
use crate::verify::{Boxes, require};

impl Watchers {
    /// Checks both lists against all `boxes` of the thread. During a collection entries may hang on the dead.
    pub(crate) fn verify(&self, boxes: &Boxes, in_collection: bool) {
        self.observers.verify(boxes);
        self.keyed.verify(boxes, in_collection);
        for &boxed in boxes.keys() {
            // SAFETY: the box is allocated (O1).
            let said = unsafe { boxed.as_ref() }.is_observed();
            let is_watched = self.observers.contains(boxed) || self.keyed.contains(boxed);
            require!(said == is_watched, "B1", "the box {boxed:p} says watched: {said}, the lists: {is_watched}");
        }
    }

    /// How many weak pointers the two lists know to lead to a box.
    pub(crate) fn count(&self, target: NonNull<Header>) -> usize {
        self.observers.count(target) + self.keyed.count(target)
    }

    /// Whether the lists keep no memory.
    pub(crate) fn keep_nothing(&self) -> bool {
        self.observers.newest.borrow().capacity() + self.keyed.entries.borrow().capacity() == 0
    }
}

impl Observers {
    /// How many watch `target`.
    fn count(&self, target: NonNull<Header>) -> usize {
        // SAFETY: an observer in a list is allocated (O1, O2).
        let older = |&observer: &NonNull<Observer>| unsafe { observer.as_ref() }.older.get();
        std::iter::successors(self.newest.borrow().get(&target).copied(), older).count()
    }

    fn verify(&self, boxes: &Boxes) {
        for (&target, &head) in &*self.newest.borrow() {
            let known = boxes.get(&target).is_some_and(|known| !known.buried);
            require!(known, "O1", "{target:p} is watched, but no box, or a dead one");
            let mut newer = None;
            let mut next = Some(head);
            while let Some(at) = next {
                // SAFETY: an observer in a list is allocated (O1, O2).
                let observer = unsafe { at.as_ref() };
                require!(observer.target == target, "B2", "an observer of another box is in the list of {target:p}");
                require!(observer.newer.get() == newer, "B2", "the list of those who watch {target:p} is torn");
                let callback = observer.callback.take();
                require!(callback.is_some(), "O2", "an observer without a callback is in the list of {target:p}");
                observer.callback.set(callback);
                (newer, next) = (next, observer.older.get());
            }
        }
    }
}

impl Keyed {
    fn count(&self, key: NonNull<Header>) -> usize {
        self.entries.borrow().get(&key).map_or(0, Vec::len)
    }

    fn verify(&self, boxes: &Boxes, in_collection: bool) {
        for (&key, entries) in &*self.entries.borrow() {
            let known = boxes.get(&key).is_some_and(|known| !known.buried);
            require!(known, "M1", "entries hang on {key:p}, which is no box, or a dead one");
            // SAFETY: the box is allocated (M1).
            let is_dead = unsafe { key.as_ref() }.life() == Life::Dead;
            require!(in_collection || !is_dead, "M2", "entries still hang on {key:p}, which is dead");
            require!(!entries.is_empty(), "M2", "{key:p} has an empty list of entries");
            for (index, entry) in entries.iter().enumerate() {
                let (said, hangs_on) = (entry.index().get(), entry.key());
                require!(said == index, "M2", "entry {index} of {key:p} says that it is {said}");
                require!(hangs_on == key, "M2", "entry {index} of {key:p} hangs on {hangs_on:p}");
            }
        }
    }
}

#[cfg(test)]
mod tests;
