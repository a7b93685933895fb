//! Boxes set aside: nothing is written into them, the clock tells them by their age.
//!
//! A frozen box that is suspected waits in a buffer of its own. One that was suspected before it was frozen moves there when
//! a collection comes across it.

use super::Heap;
use crate::generation::Generation;

impl Heap {
    /// Afterwards everything alive is frozen: no collection that begins later looks at it.
    pub(crate) fn freeze(&self) {
        self.clock.freeze(self.counters.made());
        self.counters.freeze();
    }

    /// Afterwards nothing is frozen; what was is old, and waits for a full collection if it is suspected.
    pub(crate) fn unfreeze(&self) {
        if self.counters.frozen() > 0 {
            self.set_all_frozen_aside();
        }
        self.clock.thaw();
        self.counters.thaw();
        self.candidates.thaw();
    }

    /// Afterwards all frozen candidates are in their own buffer.
    fn set_all_frozen_aside(&self) {
        for suspect in self.take_candidates(Generation::Old) {
            // SAFETY: drained candidates are live (C2).
            let header = unsafe { suspect.as_ref() };
            header.leave_list();
            let buffer = self.clock.buffer_of(header);
            // SAFETY: as above; a box leaves the candidates before its memory is given up.
            unsafe { self.candidates.insert(suspect, buffer) };
        }
    }

    pub(crate) fn frozen_len(&self) -> usize {
        self.counters.frozen()
    }
}
