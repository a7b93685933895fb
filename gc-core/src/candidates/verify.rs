//! Checks C1, C2, C4 and C5.

use std::ptr::NonNull;

use super::{Candidates, Traced};
use crate::object::header::{Buffer, Header, Life};
use crate::verify::{Boxes, require};

impl Candidates {
    /// Checks the buffers against all `boxes` of the thread.
    pub(crate) fn verify(&self, boxes: &Boxes) {
        let mut waiting = [0; Buffer::COUNT];
        for (number, buffer) in self.buffers.iter().enumerate().chain(self.aside.iter().enumerate()) {
            // SAFETY: nothing borrows the buffer mutably meanwhile (C3).
            let buffer = unsafe { &*buffer.get() };
            waiting[number] += buffer.len();
            buffer.iter().enumerate().for_each(|(index, &candidate)| verify_entry(boxes, number, index, candidate));
        }
        // SAFETY: the boxes are allocated (C2).
        let known = boxes.keys().filter(|boxed| unsafe { boxed.as_ref() }.is_candidate()).count();
        let held = waiting.iter().sum::<usize>();
        require!(known == held, "C1", "{known} boxes say that they are candidates, the buffers hold {held}");
        let (len, to_look_at) = (self.len(), held - waiting[Buffer::Frozen.index()]);
        require!(len == to_look_at, "C1", "{len} candidates are counted, the buffers hold {to_look_at}");
        self.traced.verify(boxes);
    }
}

impl Traced {
    fn verify(&self, boxes: &Boxes) {
        let entries = (0..self.len()).filter_map(|index| self.entry(index).boxed().map(|boxed| (index, boxed)));
        let mut held = 0;
        for (index, boxed) in entries {
            held += 1;
            let known = boxes.get(&boxed).is_some_and(|known| !known.buried);
            require!(known, "C5", "entry {index} of the table is of no box, or of a dead one");
            // SAFETY: the box is allocated, as was just seen (C5).
            let header = unsafe { boxed.as_ref() };
            let (is_traced, scratch, life) = (header.is_traced(), header.scratch(), header.life());
            require!(
                is_traced && scratch == index && life == Life::Live,
                "C4",
                "entry {index} of the table is of a box that is {life:?}, traced: {is_traced}, of entry {scratch}"
            );
        }
        // SAFETY: the boxes are allocated (U2).
        let known = boxes.keys().filter(|boxed| unsafe { boxed.as_ref() }.is_traced()).count();
        require!(known == held, "C4", "{known} boxes say that they are traced, the table holds {held}");
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
