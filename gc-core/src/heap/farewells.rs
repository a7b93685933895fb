//! The closures of `Gc::on_drop` that the end of the thread will run, if their objects live that long.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Heap;
use crate::panics::FirstPanic;

/// How many of those that are promised while others are said are said too: a chain without end must not keep the thread.
const LATE: u64 = 100_000;

/// What the end of the thread runs.
pub(crate) trait Farewell {
    /// Runs it, unless it ran or was called off.
    fn say(&self);
}

/// The farewells of one thread, by the order in which they were made.
pub(crate) struct Farewells {
    made: Cell<u64>,
    promised: RefCell<BTreeMap<u64, Rc<dyn Farewell>>>,
}

impl Farewells {
    pub(super) const fn new() -> Self {
        Self { made: Cell::new(0), promised: RefCell::new(BTreeMap::new()) }
    }

    /// A number for one that is being made, higher than any before.
    pub(crate) fn number(&self) -> u64 {
        self.made.replace(self.made.get() + 1)
    }

    pub(crate) fn is_promised(&self, number: u64) -> bool {
        self.promised.borrow().contains_key(&number)
    }

    /// Afterwards it is not said.
    pub(crate) fn call_off(&self, number: u64) {
        let called_off = self.promised.borrow_mut().remove(&number);
        self.shrink();
        drop(called_off);
    }

    fn pop_newest(&self) -> Option<(u64, Rc<dyn Farewell>)> {
        let newest = self.promised.borrow_mut().pop_last();
        self.shrink();
        newest
    }

    /// An emptied map would keep memory, which the end of the thread would leak.
    fn shrink(&self) {
        let mut promised = self.promised.borrow_mut();
        if promised.is_empty() {
            *promised = BTreeMap::new();
        }
    }
}

impl Heap {
    /// Afterwards `farewell` is said when the thread ends, if there is still an end to come.
    pub(crate) fn promise(&self, number: u64, farewell: Rc<dyn Farewell>) {
        if self.announce_exit() {
            self.farewells.promised.borrow_mut().insert(number, farewell);
        }
    }

    /// Says all farewells, newest first, those too that are promised meanwhile. Nobody can hear of a panic any more.
    pub(super) fn say_farewells(&self) {
        // Objects that a collection would find dead have their turn as all others.
        let _paused = Self::pause();
        let mut panics = FirstPanic::default();
        let end = self.farewells.made.get();
        let mut late = 0;
        while let Some((number, farewell)) = self.farewells.pop_newest() {
            late += u64::from(number >= end);
            if number < end || late <= LATE {
                panics.catch(|| farewell.say());
            }
        }
        panics.forget();
    }
}
