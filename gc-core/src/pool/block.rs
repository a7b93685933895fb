//! One block: a header and the slots behind it.
//!
//! # Invariants
//! - **K1** a block is aligned to `ALIGN`, and every slot of it lies below the next multiple: masking a slot's address
//!   gives the block's.
//! - **K2** `used` is the number of slots handed out; `free` chains slots that are not, all below `fresh`; slots at or
//!   above the offset `fresh` were never handed out.
//! - **K3** `push` asks for attention exactly when `used` falls to `watch`.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

use super::STEP;

const ALIGN: usize = 32 * 1024;
/// A little less than `ALIGN`, so that the global allocator's own header fits between two neighbours.
pub(super) const BYTES: usize = ALIGN - 64;
const FIRST_SLOT: u32 = 64;
/// How many bytes of fresh slots are chained at a time: no page is touched before it is needed.
const BATCH: u32 = 2048;
/// No `used` count ever falls to it.
const NEVER: u32 = u32::MAX;

type Link = Option<NonNull<Block>>;

/// The first bytes of a block.
#[repr(C)]
pub(super) struct Block {
    free: Cell<Option<NonNull<Slot>>>,
    used: Cell<u32>,
    watch: Cell<u32>,
    fresh: Cell<u32>,
    slot_bytes: u32,
    previous: Cell<Link>,
    next: Cell<Link>,
}

const _: () = assert!(size_of::<Block>() <= FIRST_SLOT as usize);

/// A slot that nobody uses.
struct Slot {
    next: Option<NonNull<Slot>>,
}

/// A block without slots, in place of the current block where there is none.
struct Empty(Block);

// SAFETY: it is never written to: it has no slot to pop or push, and it is neither retired, watched nor linked.
unsafe impl Sync for Empty {}

static EMPTY: Empty = Empty(Block {
    free: Cell::new(None),
    used: Cell::new(0),
    watch: Cell::new(NEVER),
    fresh: Cell::new(BYTES as u32),
    slot_bytes: 0,
    previous: Cell::new(None),
    next: Cell::new(None),
});

impl Block {
    pub(super) const EMPTY: NonNull<Self> = NonNull::from_ref(&EMPTY.0);

    const LAYOUT: Layout = match Layout::from_size_align(BYTES, ALIGN) {
        Ok(layout) => layout,
        Err(_) => unreachable!(),
    };

    /// A new block of `class`, without a slot in use.
    pub(super) fn allocate(class: usize) -> NonNull<Self> {
        // SAFETY: the layout's size is not zero.
        let memory = unsafe { alloc(Self::LAYOUT) };
        let Some(block) = NonNull::new(memory.cast::<Self>()) else { handle_alloc_error(Self::LAYOUT) };
        // SAFETY: the memory is large and aligned enough for a `Block`, and ours.
        unsafe {
            block.write(Self {
                free: Cell::new(None),
                used: Cell::new(0),
                watch: Cell::new(NEVER),
                fresh: Cell::new(FIRST_SLOT),
                slot_bytes: (class * STEP) as u32,
                previous: Cell::new(None),
                next: Cell::new(None),
            });
        }
        block
    }

    /// # Safety
    /// `block` was allocated here, and nothing refers to it or its slots.
    pub(super) unsafe fn deallocate(block: NonNull<Self>) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(block.as_ptr().cast(), Self::LAYOUT) };
    }

    /// The block that a small slot lies in (K1).
    #[inline]
    pub(super) fn of(slot: NonNull<u8>) -> NonNull<Self> {
        let block = slot.as_ptr().map_addr(|address| address & !(ALIGN - 1));
        // SAFETY: a block is not at address zero.
        unsafe { NonNull::new_unchecked(block.cast()) }
    }

    pub(super) fn class(&self) -> usize {
        self.slot_bytes as usize / STEP
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used.get() == 0
    }

    #[inline]
    pub(super) fn pop(&self) -> Option<NonNull<u8>> {
        let slot = self.free.get()?;
        // SAFETY: a slot on the free list is allocated and holds a link (P3).
        self.free.set(unsafe { slot.as_ref() }.next);
        self.used.set(self.used.get() + 1);
        Some(slot.cast())
    }

    /// Takes a slot back; `true` asks for attention (K3).
    ///
    /// # Safety
    /// `slot` was popped from this block and belongs to the caller, who uses it no more.
    #[inline]
    pub(super) unsafe fn push(&self, slot: NonNull<u8>) -> bool {
        let slot = slot.cast::<Slot>();
        // SAFETY: the slot is the caller's (P3), is aligned to and at least as large as a word.
        unsafe { slot.write(Slot { next: self.free.get() }) };
        self.free.set(Some(slot));
        let used = self.used.get() - 1;
        self.used.set(used);
        used == self.watch.get()
    }

    /// Chains the next fresh slots of `block`, whose free list is empty; `false` if there is none left.
    ///
    /// # Safety
    /// `block` is an allocated block, or the empty one, with the provenance of the whole.
    pub(super) unsafe fn thread_free_slots(block: NonNull<Self>) -> bool {
        // SAFETY: the caller's promise.
        let state = unsafe { block.as_ref() };
        let first = state.fresh.get();
        let count = state.fresh_slots(first);
        for index in (0..count).rev() {
            // SAFETY: the offset is inside the block, below `BYTES`.
            let slot = unsafe { block.byte_add((first + index * state.slot_bytes) as usize) }.cast();
            // SAFETY: the slot is aligned and was never handed out (K2).
            unsafe { slot.write(Slot { next: state.free.get() }) };
            state.free.set(Some(slot));
        }
        if count > 0 {
            // The empty block, which all threads share, is left alone.
            state.fresh.set(first + count * state.slot_bytes);
        }
        count > 0
    }

    /// How many slots to chain at `first`.
    fn fresh_slots(&self, first: u32) -> u32 {
        let end = (first + BATCH.max(self.slot_bytes)).min(BYTES as u32);
        (end - first).checked_div(self.slot_bytes).unwrap_or(0)
    }

    /// Full and in no list from now on: the next slot that comes back asks for attention.
    pub(super) fn retire(&self) {
        if self.slot_bytes > 0 {
            self.watch.set(self.used.get() - 1);
        }
    }

    /// In a list from now on: asks for attention when it becomes empty.
    pub(super) fn link(&self, next: Link) {
        self.watch.set(0);
        self.previous.set(None);
        self.next.set(next);
    }

    pub(super) fn unlink(&self) -> (Link, Link) {
        (self.previous.take(), self.next.take())
    }

    pub(super) fn set_previous(&self, previous: Link) {
        self.previous.set(previous);
    }

    pub(super) fn set_next(&self, next: Link) {
        self.next.set(next);
    }

    /// The current block of its class from now on; unless it is to be `kept`, it asks for attention when empty.
    pub(super) fn watch_as_current(&self, kept: bool) {
        self.watch.set(if kept { NEVER } else { 0 });
    }
}
