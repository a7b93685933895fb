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
//! - **P2** a block is in exactly one state: current (of its class), in the list of the scarce (it has room), in that of the
//!   roomy (half of it or more is room), or full and in no list.
//! - **P3** a slot on a free list belongs to nobody else; the first word of it is the list's link.
//! - **P4** an empty block in a list is the only roomy one of its class.

mod block;
mod give_back;
mod list;
#[cfg(feature = "inspect")]
mod registry;
mod reserve;
#[cfg(gc_verify)]
mod verify;

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

use block::Block;
use list::List;
use reserve::Reserve;

/// Slots come in steps of this many bytes up to `FINE`, and in steps of `MAX_ALIGN` beyond: programs of many types need fewer
/// blocks, and no box takes more than malloc would give to an `Rc`.
const STEP: usize = 8;
const FINE: usize = 128;
/// A slot is aligned to this if its size is a multiple of it.
const MAX_ALIGN: usize = 16;
/// Larger boxes come from the global allocator.
const MAX_SMALL: usize = 512;
const CLASSES: usize = MAX_SMALL / STEP + 1;

const _: () = assert!(CLASSES - 1 <= u64::BITS as usize);

/// The blocks of one thread.
pub(crate) struct Pool {
    current: [Cell<NonNull<Block>>; CLASSES],
    scarce: [List; CLASSES],
    roomy: [List; CLASSES],
    /// A bit for each class that ever had a block.
    known: Cell<u64>,
    reserve: Reserve,
    /// A class may keep an empty block. Off when the thread ends.
    keeps_empty: Cell<bool>,
}

/// Which slots a layout fits, if any.
#[inline]
const fn class_of(layout: Layout) -> Option<usize> {
    if cfg!(gc_system_alloc) || layout.size() > MAX_SMALL || layout.align() > MAX_ALIGN {
        return None;
    }
    let step = if layout.align() > STEP || layout.size() > FINE { MAX_ALIGN } else { STEP };
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
            scarce: [const { List::new() }; CLASSES],
            roomy: [const { List::new() }; CLASSES],
            known: Cell::new(0),
            reserve: Reserve::new(),
            keeps_empty: Cell::new(true),
        }
    }

    /// Bytes held in blocks, used or not.
    pub(crate) fn held_bytes(&self) -> usize {
        self.reserve.blocks() * block::BYTES
    }

    /// Uninitialized memory for `layout`, if there is a slot for it at hand.
    #[inline(always)]
    pub(crate) fn pop(&self, layout: Layout) -> Option<NonNull<u8>> {
        let class = class_of(layout)?;
        // SAFETY: the current block is allocated (P1).
        unsafe { self.current[class].get().as_ref() }.pop()
    }

    /// Uninitialized memory for `layout`, whose size is not zero.
    pub(crate) fn allocate(&self, layout: Layout) -> NonNull<u8> {
        class_of(layout).map_or_else(|| allocate_large(layout), |class| self.refill(class))
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
        if unsafe { Self::free_slot(memory) } {
            self.attend(memory);
        }
    }

    /// Takes back memory that lies in a slot, without a look at the pool; `true` if that has to [attend](Self::attend) to it
    /// at once.
    ///
    /// # Safety
    /// As for [`deallocate`](Self::deallocate), of memory that there [are slots for](has_slots_for).
    #[inline(always)]
    #[must_use]
    pub(crate) unsafe fn free_slot(memory: NonNull<u8>) -> bool {
        // SAFETY: a small slot lies in an allocated block (P1).
        let block = unsafe { Block::of(memory).as_ref() };
        // SAFETY: the slot belongs to the caller (P3).
        unsafe { block.push(memory) }
    }

    /// Pops a slot of `class` from a block with room, which becomes the current one.
    fn refill(&self, class: usize) -> NonNull<u8> {
        loop {
            let current = self.current[class].get();
            // SAFETY: the current block is allocated (P1).
            let block = unsafe { current.as_ref() };
            if let Some(slot) = block.pop() {
                return slot;
            }
            // SAFETY: P1; `current` keeps the pointer that the allocation gave.
            if unsafe { Block::find_free_slots(current) } {
                continue;
            }
            block.retire();
            self.make_current(class, self.next_with_room(class));
        }
    }

    /// A block with room, out of its list. Those with little come first, so that others become empty, and the oldest of them,
    /// which have had the time to get more.
    fn next_with_room(&self, class: usize) -> NonNull<Block> {
        self.scarce[class].pop_oldest().or_else(|| self.roomy[class].pop_oldest()).unwrap_or_else(|| {
            self.known.set(self.known.get() | 1 << (class - 1));
            self.reserve.take(class)
        })
    }

    fn make_current(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        if self.may_keep_empty(class) {
            state.watch_nothing();
        } else {
            state.watch_end();
        }
        self.current[class].set(block);
    }

    /// Whether the class would request a block soon, if an empty one went back.
    fn may_keep_empty(&self, class: usize) -> bool {
        self.keeps_empty.get() && self.roomy[class].is_empty() && !self.reserve.is_peak_over()
    }

    /// The current block of a class, if it has one.
    fn current(&self, class: usize) -> Option<NonNull<Block>> {
        Some(self.current[class].get()).filter(|&block| block != Block::EMPTY)
    }
}

fn allocate_large(layout: Layout) -> NonNull<u8> {
    // SAFETY: a box has a header, so its size is not zero (G1).
    let memory = unsafe { std::alloc::alloc(layout) };
    NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout))
}

#[cfg(test)]
mod tests;
