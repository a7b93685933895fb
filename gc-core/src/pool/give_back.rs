//! When blocks go from list to list, and when they are given back.
//!
//! A block that becomes empty is given back at once, if another one of its class has room enough: half a block. So between two
//! requests for a block of a class lie as many allocations as half a block has slots, and a loop that allocates and frees
//! across the end of a block requests nothing. Each class keeps at most one empty block, none while another one of its blocks is
//! half empty, and none at the end of a [peak](super::Reserve). What two [`trim`](Pool::trim)s in succession find empty and unused
//! is given back, too.

use std::ptr::NonNull;

use super::block::Block;
use super::{CLASSES, Pool};

impl Pool {
    /// The block of a slot that came back asked for attention: it was full and has room again, or it is half empty, or it has
    /// become empty.
    #[cold]
    #[inline(never)]
    pub(crate) fn attend(&self, slot: NonNull<u8>) {
        let block = Block::of(slot);
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        let class = state.class();
        if self.current[class].get() == block {
            self.current_is_empty(class, block);
        } else if state.is_empty() {
            self.listed_is_empty(class, block);
        } else if state.is_roomy() {
            // SAFETY: it watched its half, as the scarce do (P2).
            unsafe { self.scarce[class].remove(block) };
            self.list_roomy(class, block);
        } else {
            self.list_scarce(class, block);
        }
    }

    fn current_is_empty(&self, class: usize, block: NonNull<Block>) {
        if self.may_keep_empty(class) {
            // SAFETY: P1.
            unsafe { block.as_ref() }.watch_nothing();
        } else {
            self.current[class].set(Block::EMPTY);
            self.release(block);
        }
    }

    /// A roomy block of the list has become empty: it stays only if there is no other room (P4).
    fn listed_is_empty(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: P1.
        let current_is_roomy = self.current(class).is_some_and(|current| unsafe { current.as_ref() }.is_roomy());
        let has_room = current_is_roomy || !self.roomy[class].is_only(block);
        if has_room || !self.keeps_empty.get() || self.reserve.is_peak_over() {
            self.release_listed(class, block);
        }
    }

    fn list_scarce(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: P1.
        unsafe { block.as_ref() }.watch_half();
        // SAFETY: the block is in no list, and removed before it is released (P2).
        unsafe { self.scarce[class].push(block) };
    }

    /// Lists a block that is half empty. One that is empty altogether is not needed beside it.
    fn list_roomy(&self, class: usize, block: NonNull<Block>) {
        if let Some(empty) = self.listed_empty(class) {
            self.release_listed(class, empty);
        }
        if let Some(current) = self.current(class) {
            // SAFETY: P1.
            let state = unsafe { current.as_ref() };
            state.watch_end();
            if state.is_empty() {
                self.current[class].set(Block::EMPTY);
                self.release(current);
            }
        }
        // SAFETY: P1.
        unsafe { block.as_ref() }.watch_end();
        // SAFETY: the block is in no list, and removed before it is released (P2).
        unsafe { self.roomy[class].push(block) };
    }

    /// The empty block in a list, if the class has one (P4).
    fn listed_empty(&self, class: usize) -> Option<NonNull<Block>> {
        // SAFETY: P1.
        self.roomy[class].newest().filter(|newest| unsafe { newest.as_ref() }.is_empty())
    }

    /// Releases an empty block that is in a list.
    fn release_listed(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: a listed block that is empty is a roomy one (P4).
        unsafe { self.roomy[class].remove(block) };
        self.release(block);
    }

    fn release(&self, block: NonNull<Block>) {
        // SAFETY: the block is empty, and neither current nor listed any more (P2).
        unsafe { self.reserve.give(block) };
    }

    /// Gives back the blocks that were empty at the last call, and have not been used since.
    pub(crate) fn trim(&self) {
        let mut known = self.known.get();
        while known != 0 {
            self.trim_class(known.trailing_zeros() as usize + 1);
            known &= known - 1;
        }
        self.reserve.trim();
    }

    fn trim_class(&self, class: usize) {
        // SAFETY: P1.
        let has_slept = |block: &NonNull<Block>| unsafe { block.as_ref() }.has_slept();
        if let Some(current) = self.current(class).filter(has_slept) {
            self.current[class].set(Block::EMPTY);
            self.release(current);
        }
        if let Some(empty) = self.listed_empty(class).filter(has_slept) {
            self.release_listed(class, empty);
        }
    }

    /// The thread ends: empty blocks go back now, the others as soon as they are empty.
    pub(crate) fn retire(&self) {
        self.keeps_empty.set(false);
        self.reserve.close();
        for class in 1..CLASSES {
            if let Some(empty) = self.listed_empty(class) {
                self.release_listed(class, empty);
            }
            if let Some(current) = self.current(class) {
                self.current[class].set(Block::EMPTY);
                self.set_aside(class, current);
            }
        }
    }

    /// Lists a block that was current, or releases it.
    fn set_aside(&self, class: usize, block: NonNull<Block>) {
        // SAFETY: P1.
        let state = unsafe { block.as_ref() };
        if state.is_empty() {
            self.release(block);
        } else if state.is_roomy() {
            self.list_roomy(class, block);
        } else if state.is_full() {
            state.retire();
        } else {
            self.list_scarce(class, block);
        }
    }
}
