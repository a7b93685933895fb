//! The boxes that a collection in slices has come across: a table that a box leaves when it dies, or becomes a candidate.
//!
//! # Invariants
//! - **C4** `table[b.scratch()]` is of `b` for every box `b` that says it is traced, and no other entry is of any box.
//! - **C5** a traced box stays allocated until it leaves the table.
//! - **C6** an entry stays where it is until it is forgotten, with all others; nobody refers to one then.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use crate::object::header::Header;

/// What a collection in slices knows of one box.
pub(crate) struct Entry {
    boxed: Cell<Option<NonNull<Header>>>,
    /// The strong count when the box was met; in the second round, [`group`](Self::group).
    count_or_group: Cell<u32>,
    /// Edges to the box seen in this round.
    seen: Cell<u32>,
    link: Cell<u32>,
    next: Cell<u32>,
}

/// As a link: of a box that is not known to be reachable.
const UNMARKED: u32 = u32::MAX;
/// As a link: of the last box that was marked.
const END: u32 = u32::MAX - 1;
/// No box has such an index.
const MAX_INDEX: u32 = END - 1;

impl Entry {
    const fn vacant() -> Self {
        Self {
            boxed: Cell::new(None),
            count_or_group: Cell::new(0),
            seen: Cell::new(0),
            link: Cell::new(UNMARKED),
            next: Cell::new(0),
        }
    }

    fn start(&self, boxed: NonNull<Header>, seen: u32) {
        self.boxed.set(Some(boxed));
        self.count_or_group.set(strong(boxed));
        self.seen.set(seen);
        self.link.set(UNMARKED);
    }

    /// The box, unless it has left.
    #[inline]
    pub(crate) fn boxed(&self) -> Option<NonNull<Header>> {
        self.boxed.get()
    }

    /// One more edge to the box was seen.
    #[inline]
    pub(crate) fn see(&self) {
        self.seen.set(self.seen.get().saturating_add(1));
    }

    /// Whether the edges seen in the first round are all references to the box, whose count is what it was when it was met.
    #[inline]
    pub(crate) fn is_explained(&self) -> bool {
        let count = self.count_or_group.get();
        self.seen.get() == count && self.boxed.get().is_some_and(|boxed| strong(boxed) == count)
    }

    /// Whether the edges seen in the second round are all references to the box.
    #[inline]
    pub(crate) fn is_explained_again(&self) -> bool {
        self.boxed.get().is_some_and(|boxed| strong(boxed) == self.seen.get())
    }

    /// Begins the second round for the box of this entry, at `index` and not marked: no edge to it has been seen, and it is a
    /// group of its own.
    #[inline]
    pub(crate) fn start_over(&self, index: u32) {
        self.seen.set(0);
        self.count_or_group.set(index);
        self.next.set(index);
    }

    /// Whether the box is known to be reachable.
    #[inline]
    pub(crate) fn is_marked(&self) -> bool {
        self.link.get() != UNMARKED
    }

    /// In the second round: the entry that this one has its group from; itself, of one entry of the group.
    pub(crate) fn group(&self) -> &Cell<u32> {
        &self.count_or_group
    }

    /// In the second round: the next one in the ring of the group's entries.
    pub(crate) fn next(&self) -> &Cell<u32> {
        &self.next
    }
}

#[inline]
fn strong(traced: NonNull<Header>) -> u32 {
    // SAFETY: the box is allocated (C5), and no `&mut Header` exists (H1).
    unsafe { traced.as_ref() }.strong()
}

/// So many entries are allocated at a time. They stay where they are, so that no slice copies what others have gathered.
const CHUNK: usize = if cfg!(any(test, gc_stress)) { 4 } else { 1024 };

/// A table of entries that are told by their indices.
pub(crate) struct Traced {
    #[cfg_attr(any(test, gc_stress), expect(clippy::vec_box, reason = "entries stay where they are (C6)"))]
    chunks: UnsafeCell<Vec<Box<[Entry; CHUNK]>>>,
    len: Cell<u32>,
    /// How many boxes are in the table, and how many of them are not marked.
    boxes: Cell<u32>,
    unmarked: Cell<u32>,
}

/// Marked boxes to come back to: a queue, through their links.
#[derive(Default)]
pub(crate) struct Queue {
    ends: Option<(u32, u32)>,
}

impl Traced {
    pub(crate) const fn new() -> Self {
        Self { chunks: UnsafeCell::new(Vec::new()), len: Cell::new(0), boxes: Cell::new(0), unmarked: Cell::new(0) }
    }

    /// Whether every box in the table is marked.
    pub(crate) fn are_all_marked(&self) -> bool {
        self.unmarked.get() == 0
    }

    /// Whether no box in the table is marked.
    pub(crate) fn are_none_marked(&self) -> bool {
        self.unmarked.get() == self.boxes.get()
    }

    /// How many boxes are in the table.
    pub(crate) fn boxes(&self) -> usize {
        self.boxes.get() as usize
    }

    /// Whether half of the boxes in the table, or more, are marked.
    pub(crate) fn are_most_marked(&self) -> bool {
        self.unmarked.get() <= self.boxes.get() / 2
    }

    /// One more than the last index.
    pub(crate) fn len(&self) -> u32 {
        self.len.get()
    }

    /// The entry at `index`, which is less than `len`.
    #[inline]
    pub(crate) fn entry(&self, index: u32) -> &Entry {
        // SAFETY: nobody borrows the list of chunks mutably but `insert` and `clear`, which call nothing; the first leaves
        // entries where they are, and nobody has a reference to one when the second is called (C6).
        let chunks = unsafe { &*self.chunks.get() };
        &chunks[index as usize / CHUNK][index as usize % CHUNK]
    }

    /// The entries from `index` to the end of its chunk.
    pub(crate) fn entries_from(&self, index: u32) -> &[Entry] {
        // SAFETY: as in `entry`.
        let chunks = unsafe { &*self.chunks.get() };
        let (number, place) = (index as usize / CHUNK, index as usize % CHUNK);
        let end = (self.len.get() as usize - number * CHUNK).min(CHUNK);
        &chunks[number][place..end]
    }

    /// Adds a live noisy box in no list, to which `seen` edges were seen. Returns its index, unless there are too many.
    ///
    /// # Safety
    /// The box stays allocated until it is removed (C5).
    pub(crate) unsafe fn insert(&self, boxed: NonNull<Header>, seen: u32) -> Option<u32> {
        let index = self.len.get();
        if index > MAX_INDEX {
            return None;
        }
        if (index as usize).is_multiple_of(CHUNK) {
            // SAFETY: nobody borrows the list of chunks for longer than it takes to find an entry (C6).
            let chunks = unsafe { &mut *self.chunks.get() };
            chunks.push(Box::new([const { Entry::vacant() }; CHUNK]));
        }
        self.entry(index).start(boxed, seen);
        // SAFETY: the caller's promise; no `&mut Header` exists (H1).
        unsafe { boxed.as_ref() }.enter_table(index);
        self.len.set(index + 1);
        self.boxes.set(self.boxes.get() + 1);
        self.unmarked.set(self.unmarked.get() + 1);
        Some(index)
    }

    /// Takes a traced box out.
    pub(super) fn remove(&self, header: &Header) {
        self.release(self.entry(header.scratch()));
    }

    /// Takes the box of an entry out.
    #[inline]
    pub(crate) fn release(&self, entry: &Entry) -> Option<NonNull<Header>> {
        let released = entry.boxed.take()?;
        self.boxes.set(self.boxes.get() - 1);
        self.unmarked.set(self.unmarked.get() - u32::from(!entry.is_marked()));
        // SAFETY: the box was in the table until now, so it is allocated (C5); no `&mut Header` exists (H1).
        unsafe { released.as_ref() }.leave_table();
        Some(released)
    }

    /// Afterwards the box of this entry is marked.
    #[inline]
    pub(crate) fn mark(&self, entry: &Entry) {
        if !entry.is_marked() {
            entry.link.set(END);
            self.unmarked.set(self.unmarked.get() - 1);
        }
    }

    /// Adds a marked box, in no queue, to `queue`.
    pub(crate) fn enqueue(&self, index: u32, queue: &mut Queue) {
        queue.ends = Some(match queue.ends {
            None => (index, index),
            Some((first, last)) => {
                self.entry(last).link.set(index);
                (first, index)
            }
        });
    }

    /// The first of `queue`, out of it.
    pub(crate) fn dequeue(&self, queue: &mut Queue) -> Option<u32> {
        let (first, last) = queue.ends?;
        let next = self.entry(first).link.get();
        queue.ends = (next != END).then_some((next, last));
        Some(first)
    }

    /// Forgets all entries, which no box is in any more. Their memory stays.
    pub(crate) fn forget_entries(&self) {
        self.len.set(0);
    }

    /// Gives back the memory of some entries that were forgotten: of how many, zero if there are none.
    pub(crate) fn give_back_some(&self) -> usize {
        // SAFETY: nobody borrows the list of chunks or an entry of it (C6).
        let chunks = unsafe { &mut *self.chunks.get() };
        let entries = chunks.pop().map_or(0, |chunk| chunk.len());
        if entries == 0 {
            *chunks = Vec::new();
        }
        entries
    }

    /// Forgets all entries, which no box is in any more, and gives their memory back.
    pub(crate) fn clear(&self) {
        self.forget_entries();
        // SAFETY: nobody borrows the list of chunks or an entry of it (C6).
        drop(std::mem::take(unsafe { &mut *self.chunks.get() }));
    }
}
