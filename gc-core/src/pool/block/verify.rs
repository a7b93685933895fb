//! Checks of one block.

use std::collections::BTreeSet;
use std::ptr::NonNull;

use super::{ALIGN, BYTES, Block, FIRST_SLOT, NEVER, Slot};
use crate::pool::verify;
use crate::verify::require;

/// Where its pool has a block (P2).
#[derive(Clone, Copy, Debug)]
pub(in crate::pool) enum Position {
    Current {
        /// It may become empty, and stay.
        may_be_kept: bool,
    },
    Scarce,
    Roomy {
        only: bool,
    },
    Full,
    Reserved,
}

impl Block {
    /// Checks a slot that is about to be handed out.
    pub(super) fn verify_free(&self, slot: NonNull<u8>) {
        self.verify_place(slot);
        // SAFETY: the slot is free, and its block's slots are as large (P3).
        unsafe { verify::verify_poison(slot, self.slot_bytes.into()) };
    }

    /// Checks a slot that comes back, and poisons it.
    ///
    /// # Safety
    /// Nobody uses the slot.
    pub(super) unsafe fn verify_returned(&self, slot: NonNull<u8>) {
        self.verify_place(slot);
        // SAFETY: the caller's promise; it is a slot of this block.
        unsafe { self.poison(slot, 1) };
    }

    /// Poisons `count` slots, one beside the other.
    ///
    /// # Safety
    /// Nobody uses the slots, which are of this block.
    pub(super) unsafe fn poison(&self, first: NonNull<u8>, count: u32) {
        for number in 0..count as usize {
            // SAFETY: the caller's promise.
            let slot = unsafe { first.byte_add(number * usize::from(self.slot_bytes)) };
            // SAFETY: as above.
            unsafe { verify::poison(slot, self.slot_bytes.into()) };
        }
    }

    fn verify_place(&self, slot: NonNull<u8>) {
        let (offset, bytes) = (slot.as_ptr().addr() & (ALIGN - 1), usize::from(self.slot_bytes));
        let first = FIRST_SLOT as usize;
        let is_slot = offset >= first && offset < self.fresh.get() as usize && (offset - first).is_multiple_of(bytes);
        require!(is_slot, "K2", "offset {offset} of a block of slots of {bytes} bytes is no slot");
    }

    /// Checks that `block` and its free list are as they must be if these slots, and no others, are handed out.
    ///
    /// # Safety
    /// The block is allocated.
    pub(in crate::pool) unsafe fn verify(block: NonNull<Self>, position: Position, used: &BTreeSet<NonNull<u8>>) {
        // SAFETY: the caller's promise.
        let state = unsafe { block.as_ref() };
        let aligned = block.as_ptr().addr().is_multiple_of(ALIGN) && state.fresh.get() as usize <= BYTES;
        require!(aligned, "K1", "a block is not aligned, or its slots lead out of it");
        used.iter().for_each(|&slot| state.verify_place(slot));
        let [awake, asleep] = [&state.free, &state.asleep].map(|list| state.verify_chain(list.get(), used));
        let (bytes, counted, held) = (state.slot_bytes, state.used() as usize, used.len());
        require!(
            counted == held,
            "K2",
            "a block of slots of {bytes} bytes counts {counted} in use, boxes live in {held}"
        );
        let (known, chained) = (held + awake + asleep, state.chained());
        require!(known == chained, "K2", "a block of slots of {bytes} bytes had {chained}, of which {known} are known");
        let is_sound_asleep = asleep == 0 || (held, awake) == (0, 0);
        require!(is_sound_asleep, "K2", "{asleep} slots are asleep, {awake} are not, boxes live in {held}");
        state.verify_position(position);
    }

    /// How many slots a list has, which are free all of them.
    fn verify_chain(&self, mut next: Option<NonNull<Slot>>, used: &BTreeSet<NonNull<u8>>) -> usize {
        let mut free = BTreeSet::new();
        while let Some(slot) = next {
            self.verify_free(slot.cast());
            require!(free.insert(slot), "P3", "the slot {slot:p} is twice on the free list");
            require!(!used.contains(&slot.cast()), "P3", "the slot {slot:p} is free, but a box lives in it");
            // SAFETY: a slot on the free list is allocated and holds a link (P3).
            next = unsafe { slot.as_ref() }.next;
        }
        free.len()
    }

    fn verify_position(&self, position: Position) {
        let (watch, used, slots) = (self.watch.get(), self.used(), self.slots());
        let (is_there, watches) = match position {
            Position::Current { may_be_kept } => (true, watch == 0 || (watch == NEVER && may_be_kept)),
            Position::Scarce => (!self.is_roomy() && !self.is_full(), watch == self.half()),
            Position::Roomy { .. } => (self.is_roomy(), watch == 0),
            Position::Full => (self.is_full(), watch == used.wrapping_sub(1)),
            Position::Reserved => (self.is_empty(), true),
        };
        require!(is_there, "P2", "a block with {used} slots of {slots} in use is {position:?}");
        require!(watches, "K3", "a block that is {position:?} asks for attention at {watch}, with {used} slots in use");
        let is_needed = !self.is_empty() || !matches!(position, Position::Roomy { only: false });
        require!(is_needed, "P4", "an empty block is listed beside others");
    }

    /// How many slots were ever chained.
    fn chained(&self) -> usize {
        ((self.fresh.get() - FIRST_SLOT) / u32::from(self.slot_bytes)) as usize
    }
}
