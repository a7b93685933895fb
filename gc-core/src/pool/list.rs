//! A list of blocks, linked through their headers.
//!
//! # Invariants
//! - **L1** the blocks in a list are allocated, and each is in one list only, once.

use std::cell::Cell;
use std::ptr::NonNull;

use super::block::{Block, Link};

pub(super) struct List {
    newest: Cell<Link>,
    oldest: Cell<Link>,
}

impl List {
    pub(super) const fn new() -> Self {
        Self { newest: Cell::new(None), oldest: Cell::new(None) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.newest.get().is_none()
    }

    /// The block pushed last.
    pub(super) fn newest(&self) -> Link {
        self.newest.get()
    }

    /// The block pushed first.
    #[cfg(gc_verify)]
    pub(super) fn oldest(&self) -> Link {
        self.oldest.get()
    }

    /// Whether `block` is the only one in the list.
    pub(super) fn is_only(&self, block: NonNull<Block>) -> bool {
        self.newest.get() == Some(block) && self.oldest.get() == Some(block)
    }

    /// # Safety
    /// `block` is allocated, in no list, and removed before it is freed (L1).
    pub(super) unsafe fn push(&self, block: NonNull<Block>) {
        let older = self.newest.replace(Some(block));
        // SAFETY: the caller's promise.
        unsafe { block.as_ref() }.older.set(older);
        match older {
            // SAFETY: a block in a list is allocated (L1).
            Some(older) => unsafe { older.as_ref() }.newer.set(Some(block)),
            None => self.oldest.set(Some(block)),
        }
    }

    /// Takes out the block pushed first.
    pub(super) fn pop_oldest(&self) -> Link {
        // SAFETY: it is in the list (L1).
        self.oldest.get().inspect(|&oldest| unsafe { self.remove(oldest) })
    }

    /// Takes out the block pushed last.
    pub(super) fn pop_newest(&self) -> Link {
        // SAFETY: it is in the list (L1).
        self.newest.get().inspect(|&newest| unsafe { self.remove(newest) })
    }

    /// # Safety
    /// `block` is in the list.
    pub(super) unsafe fn remove(&self, block: NonNull<Block>) {
        // SAFETY: a block in a list is allocated (L1).
        let state = unsafe { block.as_ref() };
        let (newer, older) = (state.newer.take(), state.older.take());
        match newer {
            // SAFETY: as above.
            Some(newer) => unsafe { newer.as_ref() }.older.set(older),
            None => self.newest.set(older),
        }
        match older {
            // SAFETY: as above.
            Some(older) => unsafe { older.as_ref() }.newer.set(newer),
            None => self.oldest.set(newer),
        }
    }
}
