//! Ages: epochs, and which of them are young, middle and old.

use std::cell::Cell;

use crate::generation::Generation;
use crate::object::header::{Epoch, Header};
use crate::object::tracer::Admit;

/// Counts collections. A box born since the last one is young.
pub(super) struct Clock {
    now: Cell<Epoch>,
    /// Boxes born since then are not old.
    middle: Cell<Epoch>,
}

impl Clock {
    pub(super) const fn new() -> Self {
        Self { now: Cell::new(Epoch::FIRST), middle: Cell::new(Epoch::FIRST) }
    }

    /// The epoch that boxes are born in.
    #[inline]
    pub(super) fn now(&self) -> Epoch {
        self.now.get()
    }

    pub(super) fn generation_of(&self, header: &Header) -> Generation {
        let now = self.now.get();
        let age = now.since(header.birth());
        if age == 0 {
            Generation::Young
        } else if age <= now.since(self.middle.get()) {
            Generation::Middle
        } else {
            Generation::Old
        }
    }

    /// Begins a collection: everything alive becomes older. Returns what the collection may walk into.
    pub(super) fn begin(&self, generation: Generation) -> Admit {
        let now = self.now.get();
        let within = match generation {
            Generation::Young => 0,
            Generation::Middle => now.since(self.middle.get()),
            Generation::Old => u32::MAX,
        };
        self.now.set(now.next());
        if generation > Generation::Young {
            self.middle.set(now.next());
        }
        Admit::Born { now, within }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gc_box;

    #[test]
    fn a_box_is_promoted_by_collections_of_its_generation() {
        use Generation::{Middle, Old, Young};
        let clock = Clock::new();
        let header = Header::new(gc_box::leaf::<()>(), clock.now());
        assert_eq!(clock.generation_of(&header), Young);
        for (collected, becomes) in [(Young, Middle), (Young, Middle), (Middle, Old), (Old, Old), (Young, Old)] {
            clock.begin(collected);
            assert_eq!(clock.generation_of(&header), becomes, "after a collection of {collected:?}");
        }
    }
}
