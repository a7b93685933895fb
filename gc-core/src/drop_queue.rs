//! Deep drops without stack: boxes whose count reached zero below too many others that are being dropped wait here.
//!
//! # Invariants
//! - **D1** a box in the queue belongs to the queue: its count is zero, or one that the queue owns.
//! - **D2** no code but this module's runs while the queue is mutably borrowed.

#[cfg(gc_verify)]
mod verify;

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use crate::object::header::Header;
use crate::watchers::Aftermath;

/// How many drops may nest before they are put off.
pub(crate) const MAX_DEPTH: u32 = if cfg!(any(test, gc_stress)) { 3 } else { 32 };

/// What is put off.
pub(crate) enum Waiting {
    /// The end of a box.
    Box(NonNull<Header>),
    /// What is left to do for a box that is dead.
    Aftermath(Aftermath),
}

/// The drops of one thread that nest now, and those put off.
pub(crate) struct DropQueue {
    /// How many drops nest, with [`TIDY`] added unless the outermost has something to do at its end: zero says both.
    nested: Cell<u64>,
    waiting: UnsafeCell<Vec<Waiting>>,
}

/// Stacks have no room for as many drops.
const TIDY: u64 = 1 << 32;

impl DropQueue {
    pub(crate) const fn new() -> Self {
        Self { nested: Cell::new(TIDY), waiting: UnsafeCell::new(Vec::new()) }
    }

    /// How many drops nest now.
    #[inline]
    pub(crate) fn depth(&self) -> u32 {
        self.nested.get() as u32
    }

    pub(crate) fn set_depth(&self, depth: u32) {
        self.nested.set(self.nested.get() & TIDY | u64::from(depth));
    }

    /// One more drop nests.
    #[inline]
    pub(crate) fn enter(&self) {
        self.nested.set(self.nested.get() + 1);
    }

    /// One drop less nests. Returns whether it was the outermost, and something is to be cleaned up at its end: something
    /// waits, or somebody wants to be asked.
    #[inline]
    pub(crate) fn leave(&self) -> bool {
        let nested = self.nested.get() - 1;
        self.nested.set(nested);
        nested == 0
    }

    /// Nothing waits now; `always` asks for a clean-up all the same.
    pub(crate) fn set_clean_up(&self, always: bool) {
        let tidy = if always { 0 } else { TIDY };
        self.nested.set(u64::from(self.depth()) | tidy);
    }

    pub(crate) fn push(&self, waiting: Waiting) {
        self.set_clean_up(true);
        // SAFETY: nothing else borrows the queue (D2).
        unsafe { &mut *self.waiting.get() }.push(waiting);
    }

    /// What was put off last.
    pub(crate) fn pop(&self) -> Option<Waiting> {
        const KEPT: usize = 4096;
        // SAFETY: as in `push`.
        let waiting = unsafe { &mut *self.waiting.get() };
        let last = waiting.pop();
        if waiting.is_empty() && waiting.capacity() > KEPT {
            *waiting = Vec::new();
        }
        last
    }

    /// Gives back the memory of the empty queue.
    pub(crate) fn shrink(&self) {
        // SAFETY: as in `push`.
        let waiting = unsafe { &mut *self.waiting.get() };
        if waiting.is_empty() {
            *waiting = Vec::new();
        }
    }
}
