//! Checks C1 and C2.

use std::ptr::NonNull;

use super::Candidates;
use crate::object::header::{Buffer, Header, Life};
use crate::verify::{Boxes, require};

impl Candidates {
    /// Checks the buffers against all `boxes` of the thread.
    pub(crate) fn verify(&self, boxes: &Boxes) {
        let mut waiting = [0; Buffer::COUNT];
        for (number, buffer) in self.buffers.iter().enumerate() {
            // SAFETY: nothing borrows the buffer mutably meanwhile (C3).
            let buffer = unsafe { &*buffer.get() };
            waiting[number] = buffer.len();
            buffer.iter().enumerate().for_each(|(index, &candidate)| verify_entry(boxes, number, index, candidate));
        }
        // SAFETY: the boxes are allocated (C2).
        let known = boxes.keys().filter(|boxed| unsafe { boxed.as_ref() }.is_candidate()).count();
        let held = waiting.iter().sum::<usize>();
        require!(known == held, "C1", "{known} boxes say that they are candidates, the buffers hold {held}");
        let (len, to_look_at) = (self.len(), held - waiting[Buffer::Frozen.index()]);
        require!(len == to_look_at, "C1", "{len} candidates are counted, the buffers hold {to_look_at}");
    }
}

fn verify_entry(boxes: &Boxes, number: usize, index: usize, candidate: NonNull<Header>) {
    let known = boxes.get(&candidate).is_some_and(|known| !known.buried);
    require!(known, "C2", "candidate {index} of buffer {number} is no box, or a dead one");
    // SAFETY: the box is allocated (C2).
    let header = unsafe { candidate.as_ref() };
    require!(header.is_candidate(), "C1", "candidate {index} of buffer {number} does not say that it is one");
    let (said, scratch) = (header.buffer().index(), header.scratch());
    let is_there = (said, scratch as usize) == (number, index);
    require!(is_there, "C1", "candidate {index} of buffer {number} says that it is {scratch} of buffer {said}");
    let (life, tracked) = (header.life(), header.vtable().tracked);
    require!(
        life == Life::Live && tracked,
        "C1",
        "candidate {index} of buffer {number} is {life:?}, tracked: {tracked}"
    );
}
