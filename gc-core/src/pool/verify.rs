//! Checks P1 to P4, K1 to K3 and L1, and poisons free slots: what is written to one after it was freed is found when it is handed
//! out again, or at the next check; what is read makes no sense.

use std::alloc::Layout;
use std::collections::{BTreeSet, HashMap};
use std::ptr::NonNull;

use super::block::{Block, Position};
use super::list::List;
use super::{CLASSES, Pool, class_of};
use crate::verify::require;

/// What is left in a free slot behind its link.
const POISON: u8 = 0xDB;
const WORD: usize = size_of::<usize>();

/// The bytes of a free slot behind its link.
///
/// # Safety
/// There is a free slot of as many bytes.
unsafe fn behind_link<'a>(slot: NonNull<u8>, bytes: usize) -> &'a mut [u8] {
    // SAFETY: a slot is no smaller than a word (P3).
    let rest = unsafe { slot.add(WORD) };
    // SAFETY: the slot is allocated, and nobody's (P3).
    unsafe { std::slice::from_raw_parts_mut(rest.as_ptr(), bytes - WORD) }
}

/// Leaves the mark of a free slot behind its link.
///
/// # Safety
/// There is a free slot of as many bytes.
pub(super) unsafe fn poison(slot: NonNull<u8>, bytes: usize) {
    // SAFETY: the caller's promise.
    unsafe { behind_link(slot, bytes) }.fill(POISON);
}

/// Checks that a free slot is as it was left.
///
/// # Safety
/// There is a free slot of as many bytes.
pub(super) unsafe fn verify_poison(slot: NonNull<u8>, bytes: usize) {
    // SAFETY: the caller's promise.
    let written = unsafe { behind_link(slot, bytes) }.iter().position(|&byte| byte != POISON);
    let offset = written.map_or(0, |position| position + WORD);
    require!(written.is_none(), "P3", "byte {offset} of the {bytes} at {slot:p} was written to after they were freed");
}

type Positions = HashMap<NonNull<Block>, Position>;

impl Pool {
    /// Checks all blocks. These are the allocations that were made here and not given back.
    pub(crate) fn verify(&self, allocations: impl Iterator<Item = (NonNull<u8>, Layout)>) {
        let mut used: HashMap<NonNull<Block>, BTreeSet<NonNull<u8>>> = HashMap::new();
        for (memory, layout) in allocations {
            let Some(class) = class_of(layout) else { continue };
            let block = Block::of(memory);
            let is_new = used.entry(block).or_default().insert(memory);
            require!(is_new, "P3", "the slot {memory:p} is handed out twice");
            // SAFETY: a small slot lies in an allocated block (P1).
            let of = unsafe { block.as_ref() }.class();
            require!(of == class, "K1", "a slot of class {class} lies in a block of class {of}");
        }
        let mut blocks = self.positions();
        for &block in used.keys() {
            blocks.entry(block).or_insert(Position::Full);
        }
        let (known, counted) = (blocks.len(), self.reserve.blocks());
        require!(
            known == counted,
            "P2",
            "{counted} blocks are counted, {known} hold a box, are current, listed or kept"
        );
        for (block, position) in blocks {
            // SAFETY: the block is allocated (P1).
            unsafe { Block::verify(block, position, used.get(&block).unwrap_or(&BTreeSet::new())) };
        }
    }

    /// The blocks that are current, listed, or kept in reserve.
    fn positions(&self) -> Positions {
        let mut positions = HashMap::new();
        for class in 1..CLASSES {
            let (scarce, roomy) = (&self.scarce[class], &self.roomy[class]);
            if let Some(current) = self.current(class) {
                let may_be_kept = self.keeps_empty.get() && roomy.is_empty();
                note(Some(class), current, Position::Current { may_be_kept }, &mut positions);
            }
            scarce.verify(|block| note(Some(class), block, Position::Scarce, &mut positions));
            roomy.verify(|block| {
                note(Some(class), block, Position::Roomy { only: roomy.is_only(block) }, &mut positions);
            });
        }
        self.reserve.verify(|block| note(None, block, Position::Reserved, &mut positions));
        positions
    }
}

/// Notes down where a block is, which must be of `class`, if that matters.
fn note(class: Option<usize>, block: NonNull<Block>, at: Position, positions: &mut Positions) {
    let before = positions.insert(block, at);
    require!(before.is_none(), "P2", "a block is {before:?} and {at:?}");
    // SAFETY: P1.
    let of = unsafe { block.as_ref() }.class();
    require!(class.is_none_or(|class| of == class), "P1", "a block of class {of} is {at:?} in class {class:?}");
}

impl List {
    /// Checks L1, and visits the blocks, the newest first.
    pub(super) fn verify(&self, mut visit: impl FnMut(NonNull<Block>)) {
        let (mut newer, mut next) = (None, self.newest());
        while let Some(block) = next {
            visit(block);
            // SAFETY: L1.
            let state = unsafe { block.as_ref() };
            require!(state.newer.get() == newer, "L1", "a list of blocks is torn");
            (newer, next) = (next, state.older.get());
        }
        require!(self.oldest() == newer, "L1", "a list of blocks does not know its oldest");
    }
}

#[cfg(test)]
mod tests;
