//! Collections, and what governs them.

use std::panic::resume_unwind;

use gc_core::gc::{self, Generation, Thresholds};

use super::{Planned, World};
use crate::fuzz::doors::{self, depth};
use crate::fuzz::program::Script;

impl World {
    pub(super) fn collect(&self, generation: usize) {
        let generation = Generation::ALL[generation];
        if depth() > 0 || generation != Generation::Old {
            gc::collect_generation(generation);
            return;
        }
        let interference = self.interference.get();
        let condemned = {
            let mut model = self.model.borrow_mut();
            model.condemned = model.condemn();
            model.condemned
        };
        gc::collect();
        let mut model = self.model.borrow_mut();
        model.condemned = Default::default();
        if self.interference.get() == interference {
            model.were_reclaimed(condemned);
        }
    }

    pub(super) fn freeze(&self) {
        gc::freeze();
        self.model.borrow_mut().set_frozen(true);
    }

    pub(super) fn unfreeze(&self) {
        gc::unfreeze();
        self.model.borrow_mut().set_frozen(false);
    }

    pub(super) fn pause(&self) {
        self.pauses.borrow_mut().push(gc::pause());
    }

    pub(super) fn unpause(&self) {
        let pause = self.pauses.borrow_mut().pop();
        drop(pause);
    }

    pub(super) fn set_threshold(&self, young: u8) {
        gc::set_thresholds(match young {
            0 => Thresholds::new().young(0),
            1 => Thresholds { young: 1, middle: 1, old: 1 },
            _ => Thresholds::new(),
        });
    }

    /// A script's panic; but a second one in a destructor would end the process.
    pub(super) fn panic(&self) {
        if depth() > 0 && !std::thread::panicking() {
            resume_unwind(Box::new(Planned));
        }
    }

    pub(super) fn hook(&self, hook: usize, script: Script) {
        let guard = gc::on_collect(move |_| doors::enter(&script));
        let old = self.hooks.borrow_mut()[hook].replace(guard);
        drop(old);
    }

    pub(super) fn drop_hook(&self, hook: usize) {
        let old = self.hooks.borrow_mut()[hook].take();
        drop(old);
    }
}
