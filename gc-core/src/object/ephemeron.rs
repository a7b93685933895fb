//! Entries of weak tables, as the collector sees them.
//!
//! "Ephemerons: A New Finalization Mechanism" (Hayes, 1997): the value of an entry is reachable if its table and its key
//! both are. Here both of them report its edges to a trial deletion, which counts them once.

use std::any::Any;
use std::cell::Cell;
use std::ptr::NonNull;
use std::rc::Rc;

use crate::object::header::Header;
use crate::object::tracer::Tracer;

/// Numbers the trial deletions of a heap, and the searches for observers. Nothing that a trial notes down need be wiped: the next one has another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TrialNumber(u64);

impl TrialNumber {
    pub(crate) const FIRST: Self = Self(1);

    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 2)
    }

    /// Of the second half of this trial, which marks what is reachable.
    pub(crate) const fn marking(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Something that one trial noted down.
#[derive(Debug, Default)]
pub(crate) struct Stamp(Cell<u64>);

impl Stamp {
    pub(crate) fn is_of(&self, trial: TrialNumber) -> bool {
        self.0.get() == trial.0
    }

    /// Afterwards the stamp is of `trial`; `false` if it was before.
    pub(crate) fn set(&self, trial: TrialNumber) -> bool {
        self.0.replace(trial.0) != trial.0
    }
}

/// Where a table stands in a trial.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// A visited box reported it: it is reachable if that box is. One that nobody reports is held from outside.
    pub(crate) visited: Stamp,
    /// A reachable box reported it.
    pub(crate) reached: Stamp,
}

impl Standing {
    pub(crate) fn is_reachable(&self, trial: TrialNumber) -> bool {
        !self.visited.is_of(trial) || self.reached.is_of(trial)
    }
}

/// A table of ephemerons.
pub(crate) trait WeakTable {
    fn standing(&self) -> &Standing;

    fn for_each(&self, visit: &mut dyn FnMut(&dyn Ephemeron));
}

/// An entry.
///
/// # Invariants
/// - **M1** the key is an allocated box as long as the entry is there.
/// - **M2** an entry in a table and in the list of its key is alive; it leaves both at once, before its value can be moved
///   out or dropped.
/// - **M3** what user code looks at is lent. The edges of a lent value count as held from outside.
pub(crate) trait Ephemeron {
    /// The box that it hangs on.
    fn key(&self) -> NonNull<Header>;

    /// The trial, or search for observers, that counted its edges last.
    fn counted(&self) -> &Stamp;

    /// Whether its table is reachable, as far as this trial knows.
    fn is_table_reachable(&self, trial: TrialNumber) -> bool;

    /// Somebody looks at the value.
    fn is_lent(&self) -> bool;

    /// Reports the edges of its value.
    fn trace_value(&self, tracer: &mut Tracer<'_>);

    /// Its index among the entries of its key.
    fn index(&self) -> &Cell<usize>;

    /// Takes it out of its table, if that is still there. The value is to be dropped: by dropping what is returned.
    fn leave_table(self: Rc<Self>) -> Rc<dyn Any>;
}
