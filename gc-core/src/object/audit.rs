//! What values own, noted down to verify what a pass did. Compiled under `--cfg gc_verify` alone.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};

use crate::object::ephemeron::Ephemeron;
use crate::object::header::{Header, Life};
use crate::object::tracer::{Pass, Tracer};

/// An edge from a value, or from an entry of a weak table.
pub(crate) struct Edge {
    pub(crate) from: NonNull<Header>,
    pub(crate) to: NonNull<Header>,
    /// What has it is alive if the box `from` is. The entry of a table that nobody alive is known to own may be doomed.
    pub(crate) is_sure: bool,
}

/// The edges of several boxes; those of an entry count once, whoever reports it.
pub(crate) struct Audit {
    pub(crate) edges: Vec<Edge>,
    entries: HashSet<*const ()>,
    /// Lent entries are looked at as well.
    with_lent: bool,
    /// Whether a key is alive.
    is_alive: fn(Life) -> bool,
    from: NonNull<Header>,
    is_sure: bool,
}

impl Audit {
    pub(crate) fn new(with_lent: bool, is_alive: fn(Life) -> bool) -> Self {
        let (edges, entries) = (Vec::new(), HashSet::new());
        Self { edges, entries, with_lent, is_alive, from: NonNull::dangling(), is_sure: true }
    }

    /// Notes down the edges of a value; `false` if its `trace` panics.
    ///
    /// # Safety
    /// The box is allocated, its value whole, and not mutably borrowed.
    pub(crate) unsafe fn look_into(&mut self, looked_into: NonNull<Header>) -> bool {
        (self.from, self.is_sure) = (looked_into, true);
        let tracer = &mut Tracer::new(Pass::Audit(self));
        // SAFETY: the box is allocated (the caller's promise).
        let vtable = unsafe { looked_into.as_ref() }.vtable();
        // SAFETY: the table is the box's own (V1), its value whole (V2).
        catch_unwind(AssertUnwindSafe(|| unsafe { (vtable.trace)(looked_into, tracer) })).is_ok()
    }

    /// Notes down the edges of an entry that hangs on `key`, unless its table was looked into before.
    pub(crate) fn hangs_on(&mut self, key: NonNull<Header>, entry: &dyn Ephemeron) {
        (self.from, self.is_sure) = (key, false);
        self.entry(entry);
    }

    pub(super) fn edge(&mut self, to: NonNull<Header>) {
        self.edges.push(Edge { from: self.from, to, is_sure: self.is_sure });
    }

    pub(super) fn entry(&mut self, entry: &dyn Ephemeron) {
        let is_due = self.with_lent || !entry.is_lent();
        if !is_due || !self.entries.insert(ptr::from_ref(entry).cast()) {
            return;
        }
        let was_sure = self.is_sure;
        // SAFETY: the key is allocated (M1), and no `&mut Header` exists (H1).
        let life = unsafe { entry.key().as_ref() }.life();
        self.is_sure &= (self.is_alive)(life);
        entry.trace_value(&mut Tracer::new(Pass::Audit(self)));
        self.is_sure = was_sure;
    }
}
