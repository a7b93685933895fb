//! All blocks of a pool, among them the full ones, which are in no list. Compiled with the feature `inspect` alone.

use std::cell::RefCell;
use std::ptr::NonNull;

use super::Pool;
use super::block::Block;
use crate::spread::{Spread, WordMap, shrink};

/// The blocks from the global allocator that were not given back, in no order.
pub(super) struct Registry(RefCell<WordMap<NonNull<Block>, ()>>);

impl Registry {
    pub(super) const fn new() -> Self {
        Self(RefCell::new(WordMap::with_hasher(Spread)))
    }

    pub(super) fn enter(&self, block: NonNull<Block>) {
        self.0.borrow_mut().insert(block, ());
    }

    pub(super) fn leave(&self, block: NonNull<Block>) {
        let mut blocks = self.0.borrow_mut();
        blocks.remove(&block);
        shrink(&mut blocks);
    }

    fn all(&self) -> Vec<NonNull<Block>> {
        self.0.borrow().keys().copied().collect()
    }
}

impl Pool {
    /// Visits the slots in use, in the order of their addresses. Nothing is borrowed meanwhile, but no slot is to be asked for
    /// or given back.
    pub(crate) fn for_each_slot(&self, mut visit: impl FnMut(NonNull<u8>)) {
        let mut blocks = self.reserve.registry().all();
        blocks.sort_unstable();
        for block in blocks {
            // SAFETY: a block in the registry is allocated, and has the provenance of the whole (P1).
            unsafe { Block::for_each_used(block, &mut visit) };
        }
    }
}
