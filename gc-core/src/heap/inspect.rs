//! All boxes of a heap, for those who want to look at them. Compiled with the feature `inspect` alone.
//!
//! Small boxes are found in their slots, so that nobody pays for them before somebody looks; the others are entered in a roll.
//!
//! # Invariants
//! - **I1** `EXCLUSIVE` in a header is set by whoever borrows the value mutably through the only pointer to the box
//!   (`Gc::get_mut`), and nobody can tell when that ends. But as long as it lasts there is no other pointer to the box, strong or
//!   weak, it is no candidate, and the one pointer is in no value that may be looked into.
//! - **I2** the roll has each box that lies in no slot, as long as its memory is there.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use super::Heap;
use super::collect::Flag;
use super::end::Nested;
use crate::object::ephemeron::Ephemeron;
use crate::object::header::{Epoch, Header};
use crate::object::prefix::header_in;
use crate::object::vtable::Allocation;
use crate::pool;
use crate::spread::{Spread, WordMap, shrink};
#[cfg(gc_verify)]
use crate::verify::{Boxes, require};

/// The boxes that lie in no slot of the pool.
pub(super) struct Roll {
    unpooled: RefCell<WordMap<NonNull<Header>, ()>>,
    /// Somebody looks into the boxes.
    observed: Cell<bool>,
}

impl Roll {
    pub(super) const fn new() -> Self {
        Self { unpooled: RefCell::new(WordMap::with_hasher(Spread)), observed: Cell::new(false) }
    }

    #[inline(always)]
    pub(super) fn born(&self, header: NonNull<Header>, allocation: Allocation) {
        if !pool::has_slots_for(allocation.layout) {
            self.enter(header);
        }
    }

    #[cold]
    #[inline(never)]
    fn enter(&self, header: NonNull<Header>) {
        self.unpooled.borrow_mut().insert(header, ());
    }

    #[inline]
    pub(super) fn freed(&self, header: NonNull<Header>, allocation: Allocation) {
        if !pool::has_slots_for(allocation.layout) {
            let mut unpooled = self.unpooled.borrow_mut();
            unpooled.remove(&header);
            shrink(&mut unpooled);
        }
    }
}

#[cfg(all(test, gc_verify))]
impl Roll {
    /// Breaks I2.
    pub(super) fn forget_all(&self) {
        self.unpooled.borrow_mut().clear();
    }
}

impl Heap {
    /// All boxes whose memory is there, dead ones too, in the order of their addresses.
    pub(crate) fn boxes(&self) -> Vec<NonNull<Header>> {
        let mut boxes = Vec::with_capacity(self.counters.live());
        // SAFETY: a slot in use is the memory of a box, with the provenance of its block (P3, K1).
        self.pool.for_each_slot(|slot| boxes.push(unsafe { header_in(slot) }));
        boxes.extend(self.roll.unpooled.borrow().keys());
        boxes.sort_unstable();
        boxes
    }

    /// Checks that the boxes found are those that there are.
    #[cfg(gc_verify)]
    pub(super) fn verify_boxes(&self, boxes: &Boxes) {
        let found = self.boxes();
        let strange = found.iter().find(|found| !boxes.contains_key(found));
        require!(strange.is_none(), "J1", "{strange:?} is found, but is no box");
        require!(found.len() == boxes.len(), "I2", "{} boxes are found, there are {}", found.len(), boxes.len());
    }

    /// Runs `look`, which looks into boxes, and during which nothing is collected. `None` if somebody else looks into them: we are
    /// inside a `trace`.
    pub(crate) fn while_unchanged<R>(&self, look: impl FnOnce() -> R) -> Option<R> {
        if self.roll.observed.get() {
            return None;
        }
        // What a panic hook lets die waits until nobody looks any more (Y4).
        let _nested = Nested::begin(self);
        let _observed = Flag::raise(&self.roll.observed);
        let _collecting = (!self.collecting.get()).then(|| Flag::raise(&self.collecting));
        Some(look())
    }

    /// Shows the entries of weak tables that hang on `key`.
    pub(crate) fn visit_entries_of(&self, key: NonNull<Header>, visit: &mut dyn FnMut(&dyn Ephemeron)) {
        self.watchers.visit_entries(key, visit);
    }

    /// Begins an epoch. Boxes that are born in it or later are new to whoever asks now; no box becomes older.
    pub(crate) fn mark_epoch(&self) -> Epoch {
        self.clock.mark(self.counters.made())
    }

    /// Whether `birth` was in `epoch` or later.
    pub(crate) fn is_since(&self, epoch: Epoch, birth: Epoch) -> bool {
        let now = self.clock.now();
        now.since(birth) <= now.since(epoch)
    }
}
