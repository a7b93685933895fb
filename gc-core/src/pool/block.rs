//! One block: a header and the slots behind it.
//!
//! # Invariants
//! - **K1** a block is aligned to `ALIGN`, and every slot of it lies below the next multiple: masking a slot's address
//!   gives the block's.
//! - **K2** `watch` and `until_watch` add up to the number of slots handed out, modulo 2^32; `free`, or `asleep` while the block
//!   sleeps, chains slots that are not, all below `fresh`; slots at or above the offset `fresh` were never handed out.
//! - **K3** `push` asks for attention exactly when that number falls to `watch`.

#[cfg(gc_verify)]
mod verify;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

#[cfg(gc_verify)]
pub(super) use verify::Position;

use super::{MAX_ALIGN, STEP};

/// Small enough that what is left of a peak holds on to little, large enough that the header is a quarter of a percent.
const ALIGN: usize = if cfg!(gc_stress) { 4 * 1024 } else { 16 * 1024 };
/// A little less than `ALIGN`, so that the global allocator's own header fits between two neighbours: glibc's malloc then
/// puts them side by side.
pub(super) const BYTES: usize = ALIGN - 16;
const FIRST_SLOT: u32 = 48;
/// How many bytes of fresh slots are chained at a time: no page is touched before it is needed.
const BATCH: u32 = 2048;
/// No slot is smaller than a step.
#[cfg(feature = "inspect")]
const MOST_SLOTS: usize = BYTES / STEP;
#[cfg(feature = "inspect")]
const BITS: usize = u64::BITS as usize;
/// No number of slots ever falls to it.
const NEVER: u32 = u32::MAX;

pub(super) type Link = Option<NonNull<Block>>;

/// The first bytes of a block.
#[repr(C)]
pub(super) struct Block {
    free: Cell<Option<NonNull<Slot>>>,
    /// How many slots are to come back until the block asks for attention: a countdown, so that one addition is all that a slot
    /// takes.
    until_watch: Cell<u32>,
    watch: Cell<u32>,
    fresh: Cell<u32>,
    slot_bytes: u16,
    /// What it was requested as, from the global allocator.
    request: Request,
    /// Neighbours in a list.
    pub(super) newer: Cell<Link>,
    pub(super) older: Cell<Link>,
    /// The free list of an empty block that nobody has used for a while.
    asleep: Cell<Option<NonNull<Slot>>>,
}

const _: () = assert!(size_of::<Block>() <= FIRST_SLOT as usize);

/// Global allocators often round memory of a block's size up to its power of two, and align it so of themselves; asked for
/// the alignment, they may take twice as much. glibc's, too, puts it behind the last block, which is aligned.
#[derive(Clone, Copy)]
enum Request {
    Plain,
    Aligned,
}

impl Request {
    const fn layout(self) -> Layout {
        let align = match self {
            Self::Plain => MAX_ALIGN,
            Self::Aligned => ALIGN,
        };
        match Layout::from_size_align(BYTES, align) {
            Ok(layout) => layout,
            Err(_) => unreachable!(),
        }
    }

    fn make(self) -> NonNull<Block> {
        // SAFETY: the layout's size is not zero (K1).
        let memory = unsafe { alloc(self.layout()) };
        NonNull::new(memory.cast()).unwrap_or_else(|| handle_alloc_error(self.layout()))
    }

    /// # Safety
    /// The memory was made for this request, and nothing refers to it.
    unsafe fn take_back(self, memory: NonNull<Block>) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(memory.as_ptr().cast(), self.layout()) };
    }
}

/// A slot that nobody uses.
struct Slot {
    next: Option<NonNull<Slot>>,
}

/// A block without slots, in place of the current block where there is none.
struct Empty(Block);

// SAFETY: it is never written to: it has no slot to pop or push, and it is neither retired, watched nor linked (P1).
unsafe impl Sync for Empty {}

static EMPTY: Empty = Empty(Block::new(BYTES as u32, 0, Request::Plain));

impl Block {
    pub(super) const EMPTY: NonNull<Self> = NonNull::from_ref(&EMPTY.0);

    const fn new(fresh: u32, slot_bytes: u16, request: Request) -> Self {
        Self {
            free: Cell::new(None),
            until_watch: Cell::new(0_u32.wrapping_sub(NEVER)),
            watch: Cell::new(NEVER),
            fresh: Cell::new(fresh),
            slot_bytes,
            request,
            newer: Cell::new(None),
            older: Cell::new(None),
            asleep: Cell::new(None),
        }
    }

    /// A new block of `class`, without a slot in use.
    pub(super) fn allocate(class: usize) -> NonNull<Self> {
        let (block, request) = Self::request();
        // SAFETY: the memory is large and aligned enough for a `Block`, and ours (K1).
        unsafe { block.write(Self::new(FIRST_SLOT, (class * STEP) as u16, request)) };
        block
    }

    /// Memory that is aligned to `ALIGN`.
    fn request() -> (NonNull<Self>, Request) {
        let plain = Request::Plain.make();
        if plain.addr().get().is_multiple_of(ALIGN) {
            return (plain, Request::Plain);
        }
        // SAFETY: it was just made (K1).
        unsafe { Request::Plain.take_back(plain) };
        (Request::Aligned.make(), Request::Aligned)
    }

    /// Makes an empty block one of `class`. One that was of that class keeps its chain of slots.
    ///
    /// # Safety
    /// It is in no list, and nothing refers to it or its slots.
    pub(super) unsafe fn reuse(block: NonNull<Self>, class: usize) {
        // SAFETY: the caller's promise: it is allocated.
        let state = unsafe { block.as_ref() };
        if state.class() != class {
            // SAFETY: as above.
            unsafe { block.write(Self::new(FIRST_SLOT, (class * STEP) as u16, state.request)) };
        }
    }

    /// # Safety
    /// `block` was allocated here, and nothing refers to it or its slots.
    pub(super) unsafe fn deallocate(block: NonNull<Self>) {
        // SAFETY: the caller's promise: it is allocated.
        let request = unsafe { block.as_ref() }.request;
        // SAFETY: the caller's promise.
        unsafe { request.take_back(block) };
    }

    /// The block that a small slot lies in (K1).
    #[inline]
    pub(super) fn of(slot: NonNull<u8>) -> NonNull<Self> {
        let block = slot.as_ptr().map_addr(|address| address & !(ALIGN - 1));
        // SAFETY: a block is not at address zero (K1).
        unsafe { NonNull::new_unchecked(block.cast()) }
    }

    pub(super) fn class(&self) -> usize {
        self.slot_bytes as usize / STEP
    }

    /// How many slots are handed out.
    fn used(&self) -> u32 {
        self.watch.get().wrapping_add(self.until_watch.get())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used() == 0
    }

    /// Whether half of its slots, or more, are nobody's.
    pub(super) fn is_roomy(&self) -> bool {
        self.used() <= self.half()
    }

    pub(super) fn is_full(&self) -> bool {
        self.used() == self.slots()
    }

    fn half(&self) -> u32 {
        self.slots() / 2
    }

    fn slots(&self) -> u32 {
        (BYTES as u32 - FIRST_SLOT) / u32::from(self.slot_bytes)
    }

    #[inline]
    pub(super) fn pop(&self) -> Option<NonNull<u8>> {
        let slot = self.free.get()?;
        #[cfg(gc_verify)]
        self.verify_free(slot.cast());
        // SAFETY: a slot on the free list is allocated and holds a link (P3).
        self.free.set(unsafe { slot.as_ref() }.next);
        self.until_watch.set(self.until_watch.get().wrapping_add(1));
        Some(slot.cast())
    }

    /// Takes a slot back; `true` asks for attention (K3).
    ///
    /// # Safety
    /// `slot` was popped from this block and belongs to the caller, who uses it no more.
    #[inline]
    pub(super) unsafe fn push(&self, slot: NonNull<u8>) -> bool {
        #[cfg(gc_verify)]
        // SAFETY: the slot is the caller's (P3), who uses it no more.
        unsafe {
            self.verify_returned(slot)
        };
        let slot = slot.cast::<Slot>();
        // SAFETY: the slot is the caller's (P3), is aligned to and at least as large as a word.
        unsafe { slot.write(Slot { next: self.free.get() }) };
        self.free.set(Some(slot));
        let left = self.until_watch.get().wrapping_sub(1);
        self.until_watch.set(left);
        left == 0
    }

    /// Finds free slots for `block`, whose free list is empty: those that slept, or the next fresh ones. `false` if there is
    /// none left.
    ///
    /// # Safety
    /// `block` is an allocated block, or the empty one, with the provenance of the whole.
    pub(super) unsafe fn find_free_slots(block: NonNull<Self>) -> bool {
        // SAFETY: the caller's promise.
        let state = unsafe { block.as_ref() };
        if state.asleep.get().is_some() {
            state.free.set(state.asleep.take());
            return true;
        }
        let first = state.fresh.get();
        let count = state.fresh_slots(first);
        if count == 0 {
            // The empty block, which all threads share, is left alone.
            return false;
        }
        // SAFETY: the offset is inside the block, below `BYTES` (K2).
        let mut slot = unsafe { block.byte_add(first as usize) }.cast::<Slot>();
        #[cfg(gc_verify)]
        // SAFETY: the slots were never handed out (K2).
        unsafe {
            state.poison(slot.cast(), count)
        };
        state.free.set(Some(slot));
        for _ in 1..count {
            // SAFETY: as above.
            let next = unsafe { slot.byte_add(state.slot_bytes as usize) };
            // SAFETY: the slot is aligned and was never handed out (K2).
            unsafe { slot.write(Slot { next: Some(next) }) };
            slot = next;
        }
        // SAFETY: as above.
        unsafe { slot.write(Slot { next: None }) };
        state.fresh.set(first + count * u32::from(state.slot_bytes));
        true
    }

    /// How many slots to chain at `first`.
    fn fresh_slots(&self, first: u32) -> u32 {
        let bytes = u32::from(self.slot_bytes);
        let end = (first + BATCH.max(bytes)).min(BYTES as u32);
        (end - first).checked_div(bytes).unwrap_or(0)
    }

    /// Visits the slots in use, in the order of their addresses.
    ///
    /// # Safety
    /// `block` is allocated, and has the provenance of the whole.
    #[cfg(feature = "inspect")]
    pub(super) unsafe fn for_each_used(block: NonNull<Self>, mut visit: impl FnMut(NonNull<u8>)) {
        // SAFETY: the caller's promise.
        let state = unsafe { block.as_ref() };
        if state.is_empty() {
            return;
        }
        let bytes = usize::from(state.slot_bytes);
        let made = (state.fresh.get() - FIRST_SLOT) as usize / bytes;
        let free = state.free_slots(block);
        for number in (0..made).filter(|number| free[number / BITS] & 1 << (number % BITS) == 0) {
            // SAFETY: the slot lies inside the block, below `fresh` (K2).
            visit(unsafe { block.byte_add(FIRST_SLOT as usize + number * bytes) }.cast());
        }
    }

    /// A bit for each slot that is chained (K2).
    #[cfg(feature = "inspect")]
    fn free_slots(&self, block: NonNull<Self>) -> [u64; MOST_SLOTS.div_ceil(BITS)] {
        let mut free = [0; MOST_SLOTS.div_ceil(BITS)];
        for list in [&self.free, &self.asleep] {
            let mut next = list.get();
            while let Some(slot) = next {
                let offset = slot.as_ptr().addr() - block.as_ptr().addr() - FIRST_SLOT as usize;
                let number = offset / usize::from(self.slot_bytes);
                free[number / BITS] |= 1 << (number % BITS);
                // SAFETY: a slot on a free list is allocated and holds a link (P3).
                next = unsafe { slot.as_ref() }.next;
            }
        }
        free
    }

    /// Whether the block is empty and slept already. If it is empty and did not, it sleeps now, until its slots are asked for.
    pub(super) fn has_slept(&self) -> bool {
        let slept = self.asleep.get().is_some();
        if self.is_empty() && !slept {
            self.asleep.set(self.free.take());
        }
        slept
    }

    /// Full and in no list from now on: the next slot that comes back asks for attention.
    pub(super) fn retire(&self) {
        if self.slot_bytes > 0 {
            self.watch_for(self.used() - 1);
        }
    }

    /// From now on the block asks for attention when as many slots are handed out.
    fn watch_for(&self, used: u32) {
        self.until_watch.set(self.used().wrapping_sub(used));
        self.watch.set(used);
    }

    /// From now on the block asks for attention when half of its slots are nobody's.
    pub(super) fn watch_half(&self) {
        self.watch_for(self.half());
    }

    /// From now on the block asks for attention when it is empty.
    pub(super) fn watch_end(&self) {
        self.watch_for(0);
    }

    /// From now on the block asks for no attention.
    pub(super) fn watch_nothing(&self) {
        self.watch_for(NEVER);
    }
}
