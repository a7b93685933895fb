//! Where empty blocks go to and new ones come from: the global allocator, or a reserve of blocks that were missed after they had
//! been given back.
//!
//! A peak that comes once leaves nothing here. Where one follows the other, the reserve grows to what they need, within a
//! bound; what has not been needed between two trims goes back.
//!
//! # Invariants
//! - **R1** `unused` <= `len` <= `allowed` <= `most`; `len` is the length of `kept`, whose blocks are allocated and empty.

use std::cell::Cell;
use std::ptr::NonNull;

use super::block::Block;
use super::list::List;
#[cfg(feature = "inspect")]
use super::registry::Registry;
#[cfg(gc_verify)]
use crate::verify::require;

/// How many blocks may be kept: a mebibyte.
const MOST: usize = 64;
/// So many blocks given in a row are a peak that is over.
const MANY: usize = 4;

pub(super) struct Reserve {
    /// Blocks from the global allocator, in use or not.
    blocks: Cell<usize>,
    #[cfg(feature = "inspect")]
    registry: Registry,
    kept: List,
    len: Cell<usize>,
    /// How many may be kept now, and ever.
    allowed: Cell<usize>,
    most: Cell<usize>,
    /// The least `len` since the last trim.
    unused: Cell<usize>,
    /// Blocks given back to the global allocator and not missed yet; trims forget them by and by.
    gone: Cell<usize>,
    /// How many were given since one was taken.
    in_a_row: Cell<usize>,
}

impl Reserve {
    pub(super) const fn new() -> Self {
        Self {
            blocks: Cell::new(0),
            #[cfg(feature = "inspect")]
            registry: Registry::new(),
            kept: List::new(),
            len: Cell::new(0),
            allowed: Cell::new(0),
            most: Cell::new(MOST),
            unused: Cell::new(0),
            gone: Cell::new(0),
            in_a_row: Cell::new(0),
        }
    }

    /// How many blocks there are, in use or not.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.get()
    }

    /// The blocks, in use or not.
    #[cfg(feature = "inspect")]
    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Whether so many blocks came one after the other that no empty one should be kept anywhere.
    pub(super) fn is_peak_over(&self) -> bool {
        self.in_a_row.get() >= MANY
    }

    /// Visits the blocks that are kept, which are as many as are counted.
    #[cfg(gc_verify)]
    pub(super) fn verify(&self, mut visit: impl FnMut(NonNull<Block>)) {
        let mut kept = 0;
        self.kept.verify(|block| {
            kept += 1;
            visit(block);
        });
        let counted = self.len.get();
        require!(kept == counted, "R1", "{counted} blocks are counted in reserve, {kept} are there");
        let rising = [self.unused.get(), counted, self.allowed.get(), self.most.get()];
        require!(rising.is_sorted(), "R1", "unused, kept, allowed and most blocks of the reserve are {rising:?}");
    }

    /// Breaks R1.
    #[cfg(all(test, gc_verify))]
    pub(super) fn break_order(&self) {
        self.unused.set(self.len.get() + 1);
    }

    /// A block of `class` without a slot in use.
    pub(super) fn take(&self, class: usize) -> NonNull<Block> {
        self.in_a_row.set(0);
        let Some(block) = self.pop() else { return self.request(class) };
        // SAFETY: kept blocks are allocated and empty (R1), and this one is in no list any more.
        unsafe { Block::reuse(block, class) };
        block
    }

    fn request(&self, class: usize) -> NonNull<Block> {
        if let Some(gone) = self.gone.get().checked_sub(1) {
            self.gone.set(gone);
            self.allowed.set((self.allowed.get() + 1).min(self.most.get()));
        }
        self.blocks.set(self.blocks.get() + 1);
        let block = Block::allocate(class);
        #[cfg(feature = "inspect")]
        self.registry.enter(block);
        block
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// It was taken here, is empty, and nothing refers to it.
    pub(super) unsafe fn give(&self, block: NonNull<Block>) {
        self.in_a_row.set(self.in_a_row.get() + 1);
        if self.len.get() < self.allowed.get() {
            self.len.set(self.len.get() + 1);
            // SAFETY: the caller's promise.
            return unsafe { self.kept.push(block) };
        }
        self.gone.set(self.gone.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { self.free(block) };
    }

    /// Gives back the blocks that have not been needed since the last call.
    pub(super) fn trim(&self) {
        if self.len.get() == 0 && self.gone.get() == 0 {
            return;
        }
        self.gone.set(self.gone.get().div_ceil(2));
        let unused = self.unused.get();
        self.allowed.set(self.allowed.get() - unused);
        self.free_kept(unused);
        self.unused.set(self.len.get());
    }

    /// Afterwards no block is kept, now and in future.
    pub(super) fn close(&self) {
        self.most.set(0);
        self.allowed.set(0);
        self.free_kept(usize::MAX);
    }

    fn free_kept(&self, count: usize) {
        for block in std::iter::from_fn(|| self.pop()).take(count) {
            // SAFETY: kept blocks are allocated and empty (R1), and this one is in no list any more.
            unsafe { self.free(block) };
        }
    }

    fn pop(&self) -> Option<NonNull<Block>> {
        let block = self.kept.pop_newest()?;
        self.len.set(self.len.get() - 1);
        self.unused.set(self.unused.get().min(self.len.get()));
        Some(block)
    }

    /// # Safety
    /// As for [`give`](Self::give).
    unsafe fn free(&self, block: NonNull<Block>) {
        self.blocks.set(self.blocks.get() - 1);
        #[cfg(feature = "inspect")]
        self.registry.leave(block);
        // SAFETY: the caller's promise.
        unsafe { Block::deallocate(block) };
    }
}
