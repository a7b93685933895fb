//! Where boxes live: size classes of slots inside aligned blocks, owned by one thread.
//!
//! A small box is popped from the free list of its class's current block and pushed back to the list of the block it
//! lies in, found by masking its address: no locks, no headers, no search. Large and over-aligned boxes, and every box
//! under `--cfg gc_system_alloc`, come from the global allocator.
//!
//! The design is that of free-list sharding by page (Leijen, Zorn, de Moura, "Mimalloc: Free List Sharding in
//! Action", 2019), without its threads.
//!
//! # Invariants
//! - **P1** every block in `current` or a list is allocated; `current` may also be the shared empty block, which has
//!   no free slot and is never written to.
//! - **P2** a block is in exactly one state: current (of its class), listed (it has room), or full and in no list.
//! - **P3** a slot on a free list belongs to nobody else; the first word of it is the list's link.

mod block;

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

use block::Block;

/// Slots come in steps of this many bytes.
const STEP: usize = 8;
/// A slot is aligned to this if its size is a multiple of it.
const MAX_ALIGN: usize = 16;
/// Larger boxes come from the global allocator.
const MAX_SMALL: usize = 512;
const CLASSES: usize = MAX_SMALL / STEP + 1;

/// The blocks of one thread.
pub(crate) struct Pool {
    current: [Cell<NonNull<Block>>; CLASSES],
    /// Head of the list of blocks of a class that have room.
    listed: [Cell<Option<NonNull<Block>>>; CLASSES],
    blocks: Cell<usize>,
    /// Current blocks are kept when they become empty. Off when the thread ends.
    keep_current: Cell<bool>,
}

/// Which slots a layout fits, if any.
#[inline]
const fn class_of(layout: Layout) -> Option<usize> {
    if cfg!(gc_system_alloc) || layout.size() > MAX_SMALL || layout.align() > MAX_ALIGN {
        return None;
    }
    let step = if layout.align() > STEP { layout.align() } else { STEP };
    Some(layout.size().next_multiple_of(step) / STEP)
}

/// Whether memory for `layout` comes from blocks.
#[inline]
pub(crate) const fn has_slots_for(layout: Layout) -> bool {
    class_of(layout).is_some()
}

impl Pool {
    pub(crate) const fn new() -> Self {
        Self {
            current: [const { Cell::new(Block::EMPTY) }; CLASSES],
            listed: [const { Cell::new(None) }; CLASSES],
            blocks: Cell::new(0),
            keep_current: Cell::new(true),
        }
    }

    /// Bytes held in blocks, used or not.
    pub(crate) fn held_bytes(&self) -> usize {
        self.blocks.get() * block::BYTES
    }

    /// Uninitialized memory for `layout`, whose size is not zero.
    #[inline(always)]
    pub(crate) fn allocate(&self, layout: Layout) -> NonNull<u8> {
        let Some(class) = class_of(layout) else { return allocate_large(layout) };
        // SAFETY: the current block is allocated (P1).
        let block = unsafe { self.current[class].get().as_ref() };
        match block.pop() {
            Some(slot) => slot,
            None => self.refill(class),
        }
    }

    /// Takes memory back.
    ///
    /// # Safety
    /// `memory` was allocated here for `layout`, with the provenance it was handed out with, and is used no more.
    #[inline]
    pub(crate) unsafe fn deallocate(&self, memory: NonNull<u8>, layout: Layout) {
        if class_of(layout).is_none() {
            // SAFETY: the caller's promise; large memory came from the global allocator.
            return unsafe { std::alloc::dealloc(memory.as_ptr(), layout) };
        }
        // SAFETY: the caller's promise.
        unsafe { self.free_slot(memory) };
    }

    /// Takes back memory that lies in a slot.
    ///
    /// # Safety
    /// As for [`deallocate`](Self::deallocate), of memory that there [are slots for](has_slots_for).
    #[inline(always)]
    pub(crate) unsafe fn free_slot(&self, memory: NonNull<u8>) {
        let block = Block::of(memory);
        // SAFETY: a small slot lies in an allocated block (P1).
        let state = unsafe { block.as_ref() };
        // SAFETY: the slot belongs to the caller (P3).
        if unsafe { state.push(memory) } {
            self.attend(block);
        }
    }

    /// Pops a slot of `class` from a block with room, which becomes the current one.
    #[cold]
    #[inline(never)]
    fn refill(&self, class: usize) -> NonNull<u8> {
        loop {
            let current = self.current[class].get();
            // SAFETY: the current block is allocated (P1).
            let block = unsafe { current.as_ref() };
            if let Some(slot) = block.pop() {
                return slot;
            }
            // SAFETY: P1; `current` keeps the pointer that the allocation gave.
            if unsafe { Block::thread_free_slots(current) } {
                continue;
            }
            block.retire();
            self.make_current(class, self.next_with_room(class));
        }
    }

    fn next_with_room(&self, class: usize) -> NonNull<Block> {
        if let Some(block) = self.listed[class].get() {
            self.unlist(block);
            return block;
        }
        self.blocks.set(self.blocks.get() + 1);
        Block::allocate(class)
    }

    fn make_current(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: P1.
        unsafe { block.as_ref() }.watch_as_current(self.keep_current.get());
        self.current[class].set(block);
    }

    /// A block asked for attention: it was full and has room again, or it has become empty.
    #[cold]
    #[inline(never)]
    fn attend(&self, block: NonNull<Block>) {
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        let class = state.class();
        if !state.is_empty() {
            self.list(block);
        } else if self.current[class].get() == block {
            self.current[class].set(Block::EMPTY);
            self.release(block);
        } else {
            self.unlist(block);
            self.release(block);
        }
    }

    fn list(&self, block: NonNull<Block>) {
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        let head = &self.listed[state.class()];
        state.link(head.get());
        if let Some(next) = head.replace(Some(block)) {
            // SAFETY: P1.
            unsafe { next.as_ref() }.set_previous(Some(block));
        }
    }

    fn unlist(&self, block: NonNull<Block>) {
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        let (previous, next) = state.unlink();
        match previous {
            // SAFETY: P1.
            Some(previous) => unsafe { previous.as_ref() }.set_next(next),
            None => self.listed[state.class()].set(next),
        }
        if let Some(next) = next {
            // SAFETY: P1.
            unsafe { next.as_ref() }.set_previous(previous);
        }
    }

    fn release(&self, block: NonNull<Block>) {
        self.blocks.set(self.blocks.get() - 1);
        // SAFETY: the block is empty, and neither current nor listed any more (P2).
        unsafe { Block::deallocate(block) };
    }

    /// The thread ends: empty blocks go back now, the others as soon as they are empty.
    pub(crate) fn retire(&self) {
        self.keep_current.set(false);
        for class in 0..CLASSES {
            let block = self.current[class].replace(Block::EMPTY);
            // SAFETY: P1.
            let state = unsafe { block.as_ref() };
            if block == Block::EMPTY {
                continue;
            }
            if state.is_empty() {
                self.release(block);
            } else {
                self.list(block);
            }
        }
    }
}

#[cold]
#[inline(never)]
fn allocate_large(layout: Layout) -> NonNull<u8> {
    // SAFETY: a box has a header, so its size is not zero.
    let memory = unsafe { std::alloc::alloc(layout) };
    NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout))
}

#[cfg(test)]
mod tests;
