//! Checks D1.

use super::{DropQueue, Waiting};
use crate::object::header::Life;
use crate::verify::{Boxes, require};

impl DropQueue {
    /// Checks what waits against all `boxes` of the thread.
    pub(crate) fn verify(&self, boxes: &Boxes) {
        // SAFETY: nothing else borrows the queue (D2).
        for waiting in unsafe { &*self.waiting.get() } {
            let Waiting::Box(boxed) = waiting else { continue };
            let known = boxes.get(boxed).is_some_and(|known| !known.buried);
            require!(known, "D1", "the drop queue holds {boxed:p}, which is no box, or a dead one");
            // SAFETY: the box is allocated (D1).
            let header = unsafe { boxed.as_ref() };
            let (life, strong) = (header.life(), header.strong());
            let belongs = match life {
                Life::Dead => strong == 0,
                life => life == Life::Unreachable && strong > 0,
            };
            require!(belongs, "D1", "a box in the drop queue is {life:?}, with a count of {strong}");
        }
    }

    /// How much memory it keeps for boxes to come.
    pub(crate) fn capacity(&self) -> usize {
        // SAFETY: as above.
        unsafe { &*self.waiting.get() }.capacity()
    }
}
