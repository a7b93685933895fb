//! What collections show of their work when they are asked to: once for each collection, never for an allocation or a death.
//!
//! # Invariants
//! - **E4** each box in `saved` is live, and the heap owns one strong count of it for each time that it is there.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, Write};
use std::ptr::NonNull;

use super::{Heap, drop_strong};
use crate::debug::DebugFlags;
use crate::generation::Generation;
use crate::object::header::{Header, Life};
use crate::panics::FirstPanic;
use crate::report::Collection;
#[cfg(gc_verify)]
use crate::verify::{Boxes, require};

pub(super) struct Debug {
    flags: Cell<DebugFlags>,
    /// Garbage that was not reclaimed.
    saved: RefCell<Vec<NonNull<Header>>>,
}

impl Debug {
    pub(super) const fn new() -> Self {
        Self { flags: Cell::new(DebugFlags::NONE), saved: RefCell::new(Vec::new()) }
    }

    /// Checks E4, as far as a count can tell.
    #[cfg(gc_verify)]
    pub(super) fn verify(&self, boxes: &Boxes) {
        for saved in &*self.saved.borrow() {
            require!(boxes.get(saved).is_some_and(|known| !known.buried), "E4", "{saved:p} is saved, but dead");
        }
    }

    /// Breaks E4.
    #[cfg(all(test, gc_verify))]
    pub(super) fn save(&self, saved: NonNull<Header>) {
        self.saved.borrow_mut().push(saved);
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.flags.get() != DebugFlags::NONE
    }
}

impl Heap {
    pub(crate) fn debug(&self) -> DebugFlags {
        self.debug.flags.get()
    }

    pub(crate) fn set_debug(&self, flags: DebugFlags) {
        self.debug.flags.set(flags);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn show_start(&self, generation: Generation) {
        if self.debug().contains(DebugFlags::STATS) {
            let [young, middle, old] = self.counters.counts();
            say(format_args!(
                "collecting the {generation} generation: counts {young}, {middle}, {old}, candidates {}",
                self.candidates.len()
            ));
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn show_end(&self, collection: &Collection) {
        if self.debug().contains(DebugFlags::STATS) {
            say(format_args!("done: {collection}"));
        }
    }

    /// Shows garbage that was found, and returns what of it is to be disposed of: nothing, if all is saved.
    ///
    /// # Safety
    /// The boxes are as `cycle::find` left them.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn show_garbage(&self, unreachable: Vec<NonNull<Header>>) -> Vec<NonNull<Header>> {
        if self.debug().contains(DebugFlags::COLLECTABLE) {
            for found in &unreachable {
                // SAFETY: the box is allocated (the caller's promise), and no `&mut Header` exists (H1).
                let vtable = unsafe { found.as_ref() }.vtable();
                say(format_args!("collectable <{} at {found:p}>", (vtable.type_name)()));
            }
        }
        // At the end of the thread nobody could take it.
        if !self.debug().contains(DebugFlags::SAVE_ALL) || self.exiting.get() {
            return unreachable;
        }
        for saved in &unreachable {
            // SAFETY: as above.
            let header = unsafe { saved.as_ref() };
            header.set_life(Life::Live);
            header.retain_strong();
        }
        self.debug.saved.borrow_mut().extend(unreachable);
        Vec::new()
    }

    /// The garbage that was saved: of each box one strong count, which is the caller's from now on.
    pub(crate) fn take_saved(&self) -> Vec<NonNull<Header>> {
        self.debug.saved.take()
    }

    /// How many boxes are saved.
    pub(crate) fn saved_len(&self) -> usize {
        self.debug.saved.borrow().len()
    }

    /// Gives saved garbage up: nobody can take it any more.
    pub(super) fn give_up_saved(&self) {
        let mut panics = FirstPanic::default();
        for saved in self.take_saved() {
            // SAFETY: the count was the heap's (E4).
            panics.catch(|| unsafe { drop_strong(saved) });
        }
        panics.forget();
    }
}

/// Prints one line, if there is somebody to read it.
fn say(what: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "gc: {what}");
}
