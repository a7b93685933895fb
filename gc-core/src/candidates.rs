//! The boxes suspected since they were last proved live: a buffer for each generation, and one for the frozen.
//!
//! A collection in slices sets the buffers that it starts from aside, and takes them one box at a time into its table
//! ([`Traced`]). What is suspected meanwhile goes into the buffers.
//!
//! # Invariants
//! - **C1** outside `drain` and `thaw`, every box `b` that says it is a candidate is `buffers[b.buffer()][b.scratch()]`, or
//!   `aside[b.buffer()][b.scratch()]`, and neither holds anything else.
//! - **C2** a candidate's box stays allocated until it is removed or drained.
//! - **C3** no code but this module's runs while a buffer is mutably borrowed.

mod traced;
#[cfg(gc_verify)]
mod verify;

use std::cell::UnsafeCell;
use std::ptr::NonNull;

use crate::generation::Generation;
use crate::object::header::{Buffer, Header};
pub(crate) use traced::{Entry, Queue, Traced};

type Suspects = UnsafeCell<Vec<NonNull<Header>>>;

/// The candidates of one thread's heap.
pub(crate) struct Candidates {
    buffers: [Suspects; Buffer::COUNT],
    /// Of each generation, those that a collection in slices has yet to come to.
    aside: [Suspects; Generation::ALL.len()],
    pub(crate) traced: Traced,
}

impl Candidates {
    pub(crate) const fn new() -> Self {
        Self {
            buffers: [const { UnsafeCell::new(Vec::new()) }; Buffer::COUNT],
            aside: [const { UnsafeCell::new(Vec::new()) }; Generation::ALL.len()],
            traced: Traced::new(),
        }
    }

    /// How many there are that collections will look at, as far as known: some may have been frozen since they came.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: nothing else borrows a buffer (C3).
        let len = |suspects: &Suspects| unsafe { &*suspects.get() }.len();
        self.buffers[..Generation::ALL.len()].iter().chain(&self.aside).map(len).sum()
    }

    /// Makes `suspect` a candidate in `buffer`, if it is noisy.
    ///
    /// # Safety
    /// The box stays allocated until it is removed or drained (C2).
    #[inline(always)]
    pub(crate) unsafe fn insert(&self, suspect: NonNull<Header>, buffer: Buffer) {
        // SAFETY: nothing else borrows the buffer (C3).
        let suspects = unsafe { &mut *self.buffers[buffer.index()].get() };
        let index = suspects.len();
        let Some(place) = suspects.spare_capacity_mut().first_mut() else {
            // SAFETY: the caller's promise.
            return unsafe { self.grow_and_insert(suspect, buffer) };
        };
        // SAFETY: the box is allocated (the caller's promise), and no `&mut Header` exists (H1).
        let header = unsafe { suspect.as_ref() };
        if header.is_noisy() {
            place.write(suspect);
            // SAFETY: the place behind the last was written to (C1).
            unsafe { suspects.set_len(index + 1) };
            header.enter_buffer(buffer, index as u32);
        }
    }

    /// [`insert`](Self::insert), where the buffer is full. Beyond 2^32 candidates a suspect is forgotten: its cycle leaks.
    ///
    /// # Safety
    /// As for `insert`.
    #[cold]
    #[inline(never)]
    unsafe fn grow_and_insert(&self, suspect: NonNull<Header>, buffer: Buffer) {
        // SAFETY: nothing else borrows the buffer (C3).
        let suspects = unsafe { &mut *self.buffers[buffer.index()].get() };
        let room = (1 << 32) - suspects.len() as u64;
        if room > 0 {
            // Never more, so that `insert` need not ask whether an index fits.
            suspects.reserve_exact(room.min(suspects.len().max(64) as u64) as usize);
            // SAFETY: the caller's promise; there is room now.
            unsafe { self.insert(suspect, buffer) };
        }
    }

    /// Afterwards `header` belongs to no candidate, and to no traced box.
    #[inline]
    pub(crate) fn remove(&self, header: &Header) {
        if header.is_listed() {
            self.remove_listed(header);
        }
    }

    #[inline(never)]
    fn remove_listed(&self, header: &Header) {
        if header.is_traced() {
            return self.traced.remove(header);
        }
        let buffer = header.buffer();
        // SAFETY: nothing else borrows the buffer (C3).
        let suspects = unsafe { &mut *self.buffers[buffer.index()].get() };
        if suspects.get(header.scratch() as usize) == Some(&NonNull::from_ref(header)) {
            Self::remove_from(suspects, header);
        } else {
            self.remove_from_aside(header);
        }
    }

    /// Takes a candidate out that was set aside; `false` if it was not.
    pub(crate) fn remove_from_aside(&self, header: &Header) -> bool {
        let Some(aside) = self.aside.get(header.buffer().index()) else { return false };
        // SAFETY: nothing else borrows the buffer (C3).
        let suspects = unsafe { &mut *aside.get() };
        let is_there = suspects.get(header.scratch() as usize) == Some(&NonNull::from_ref(header));
        if is_there {
            Self::remove_from(suspects, header);
        }
        is_there
    }

    fn remove_from(suspects: &mut Vec<NonNull<Header>>, header: &Header) {
        let index = header.scratch();
        header.leave_list();
        suspects.swap_remove(index as usize);
        if let Some(moved) = suspects.get(index as usize) {
            // SAFETY: a candidate's box is allocated (C2).
            unsafe { moved.as_ref() }.set_scratch(index);
        }
    }

    /// Sets all candidates aside, but for the frozen. None are aside before. O(1).
    pub(crate) fn set_aside(&self) {
        for (buffer, aside) in self.buffers.iter().zip(&self.aside) {
            // SAFETY: nothing else borrows the buffer (C3).
            let suspects = std::mem::take(unsafe { &mut *buffer.get() });
            // SAFETY: as above.
            unsafe { *aside.get() = suspects };
        }
    }

    /// One of those that were set aside, which is no candidate any more.
    pub(crate) fn next_aside(&self) -> Option<NonNull<Header>> {
        self.aside.iter().find_map(|aside| {
            // SAFETY: nothing else borrows the buffer (C3).
            let suspect = unsafe { &mut *aside.get() }.pop()?;
            // SAFETY: a candidate's box is allocated (C2).
            unsafe { suspect.as_ref() }.leave_list();
            Some(suspect)
        })
    }

    /// Moves the candidates in the buffers of `oldest` and of the younger generations out. Their headers still say that they
    /// are candidates, which is for the caller to change at once.
    pub(crate) fn drain(&self, oldest: Generation) -> Vec<NonNull<Header>> {
        let mut drained = self.take(Buffer::Of(oldest));
        for generation in Generation::ALL.into_iter().take(oldest.index()) {
            drained.append(&mut self.take(Buffer::Of(generation)));
        }
        drained
    }

    fn take(&self, buffer: Buffer) -> Vec<NonNull<Header>> {
        // SAFETY: nothing else borrows the buffer (C3).
        std::mem::take(unsafe { &mut *self.buffers[buffer.index()].get() })
    }

    /// Moves the frozen candidates to the old ones.
    pub(crate) fn thaw(&self) {
        for frozen in self.take(Buffer::Frozen) {
            // SAFETY: a candidate's box is allocated (C2).
            unsafe { frozen.as_ref() }.leave_list();
            // SAFETY: as above, until it is removed or drained.
            unsafe { self.insert(frozen, Buffer::Of(Generation::Old)) };
        }
    }

    /// Gives `spare`, emptied, to the youngest buffer, which would otherwise grow anew after every collection.
    pub(crate) fn recycle(&self, mut spare: Vec<NonNull<Header>>) {
        const KEPT: usize = 4096;
        spare.clear();
        spare.shrink_to(KEPT);
        // SAFETY: nothing else borrows the buffer (C3).
        let buffer = unsafe { &mut *self.buffers[0].get() };
        if buffer.capacity() == 0 {
            *buffer = spare;
        }
    }

    /// Gives back most of what buffers have left of a peak: they have been emptied, box by box, since they were grown.
    pub(crate) fn trim(&self) {
        const KEPT: usize = 4096;
        for buffer in self.buffers.iter().chain(&self.aside) {
            // SAFETY: nothing else borrows the buffer (C3).
            let buffer = unsafe { &mut *buffer.get() };
            if buffer.capacity() > KEPT && buffer.capacity() / 8 > buffer.len() {
                buffer.shrink_to(2 * buffer.len());
            }
        }
    }

    /// Gives back the memory of empty buffers.
    pub(crate) fn shrink(&self) {
        for buffer in self.buffers.iter().chain(&self.aside) {
            // SAFETY: nothing else borrows the buffer (C3).
            let buffer = unsafe { &mut *buffer.get() };
            if buffer.is_empty() {
                *buffer = Vec::new();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gc_box;
    use crate::object::header::{Epoch, Life};

    fn headers(count: usize) -> Vec<Header> {
        (0..count).map(|_| Header::new(gc_box::traced::<Option<crate::Gc<()>>>(), Epoch::FIRST)).collect()
    }

    /// How many were drained.
    fn drain(candidates: &Candidates, oldest: Generation) -> usize {
        let drained = candidates.drain(oldest);
        // SAFETY: the headers outlive the candidates' use of them (C2).
        drained.iter().for_each(|drained| unsafe { drained.as_ref() }.leave_list());
        drained.len()
    }

    /// C1, for the candidates among `headers`.
    fn assert_indices(candidates: &Candidates, headers: &[Header]) {
        let known: Vec<_> = headers.iter().filter(|header| header.is_candidate()).collect();
        assert_eq!(candidates.len(), known.iter().filter(|header| header.buffer() != Buffer::Frozen).count());
        for header in known {
            // SAFETY: nothing else borrows the buffer (C3).
            let buffer = unsafe { &*candidates.buffers[header.buffer().index()].get() };
            assert_eq!(buffer[header.scratch() as usize], NonNull::from_ref(header));
        }
    }

    const BUFFERS: [Buffer; Buffer::COUNT] =
        [Buffer::Of(Generation::Young), Buffer::Of(Generation::Middle), Buffer::Of(Generation::Old), Buffer::Frozen];

    #[test]
    fn removal_in_any_order_keeps_the_indices() {
        let headers = headers(30);
        let candidates = Candidates::new();
        for (number, header) in headers.iter().enumerate() {
            // SAFETY: the header outlives the candidates' use of it (C2).
            unsafe { candidates.insert(NonNull::from_ref(header), BUFFERS[number % BUFFERS.len()]) };
        }
        assert_indices(&candidates, &headers);
        for step in 0..30 {
            let header = &headers[step * 7 % 30];
            candidates.remove(header);
            candidates.remove(header);
            assert!(!header.is_candidate() && header.is_noisy());
            assert_indices(&candidates, &headers);
        }
        assert_eq!(candidates.len(), 0);
    }

    #[test]
    fn draining_a_generation_takes_the_younger_ones_too() {
        let headers = headers(3);
        let candidates = Candidates::new();
        for (header, generation) in headers.iter().zip(Generation::ALL) {
            // SAFETY: as above.
            unsafe { candidates.insert(NonNull::from_ref(header), Buffer::Of(generation)) };
        }
        assert_eq!(drain(&candidates, Generation::Middle), 2);
        assert_eq!((candidates.len(), headers[2].is_candidate()), (1, true));
        assert!(headers.iter().all(|header| header.life() == Life::Live));
        assert_eq!(drain(&candidates, Generation::Old), 1);
    }

    #[test]
    fn frozen_candidates_are_not_drained_until_they_are_thawed() {
        let headers = headers(9);
        let candidates = Candidates::new();
        for (number, header) in headers.iter().enumerate() {
            let buffer = if number < 6 { Buffer::Frozen } else { Buffer::Of(Generation::Old) };
            // SAFETY: as above.
            unsafe { candidates.insert(NonNull::from_ref(header), buffer) };
        }
        candidates.remove(&headers[2]);
        assert_indices(&candidates, &headers);
        assert_eq!((candidates.len(), drain(&candidates, Generation::Old)), (3, 3));
        assert_eq!(candidates.len(), 0);
        candidates.thaw();
        candidates.remove(&headers[0]);
        assert_indices(&candidates, &headers);
        assert_eq!(drain(&candidates, Generation::Old), 4);
        candidates.thaw();
        assert!(!headers.iter().any(Header::is_candidate));
    }
}
