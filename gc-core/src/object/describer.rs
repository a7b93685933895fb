//! The pass that notes down what values refer to, and under which names. Compiled with the feature `inspect` alone.
//!
//! # Invariants
//! - **I5** what is noted down is read, and nothing is changed: neither boxes nor the marks that collections leave.

use std::ptr::{self, NonNull};

use crate::object::ephemeron::{Ephemeron, WeakTable};
use crate::object::header::Header;
use crate::object::labels::{LabelId, Labels, LabelsBuilder, Segment};
use crate::object::tracer::{Pass, Tracer};

/// How one box refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// By a `Gc`.
    Strong,
    /// By a [`Weak`](crate::Weak), or as a key or member of a weak collection, or the value of a
    /// [`WeakValueMap`](crate::weak::WeakValueMap). It keeps nothing alive.
    Weak,
    /// By a `Gc` in an entry of a weak collection: from what the entry hangs on. It keeps its target alive as long as both that and
    /// the collection are alive.
    Ephemeron,
}

/// What one box refers to another by.
#[derive(Clone, Copy)]
pub(crate) struct RawEdge {
    pub(crate) to: NonNull<Header>,
    pub(crate) label: LabelId,
    pub(crate) kind: EdgeKind,
}

/// What is noted down.
pub(crate) struct Describer {
    /// In the order in which they were met.
    pub(crate) edges: Vec<RawEdge>,
    /// A part of the value could not be looked at.
    pub(crate) is_busy: bool,
    /// The entries of the tables in the value, by their addresses.
    pub(crate) entries: Vec<*const ()>,
    kind: EdgeKind,
    /// The way to what is traced now; each step with its label, once it is known.
    way: Vec<(Segment, Option<LabelId>)>,
    labels: LabelsBuilder,
}

/// The name of what leads from the key of an entry to its value.
const EPHEMERON: Segment = Segment::Name("(ephemeron)");

impl Describer {
    pub(crate) fn new() -> Self {
        Self {
            edges: Vec::new(),
            is_busy: false,
            entries: Vec::new(),
            kind: EdgeKind::Strong,
            way: Vec::new(),
            labels: LabelsBuilder::new(),
        }
    }

    /// Begins with another value.
    pub(crate) fn begin(&mut self) {
        self.is_busy = false;
        self.kind = EdgeKind::Strong;
        self.way.clear();
        self.entries.clear();
    }

    /// Notes down the edges of an entry that hangs on the box that was begun with.
    pub(crate) fn entry_of_key(&mut self, entry: &dyn Ephemeron) {
        self.kind = EdgeKind::Ephemeron;
        self.way.clear();
        self.way.push((EPHEMERON, None));
        entry.trace_value(&mut Tracer::new(Pass::Describe(self)));
    }

    pub(crate) fn finish(self) -> (Vec<RawEdge>, Labels) {
        (self.edges, self.labels.finish())
    }

    fn label(&mut self) -> LabelId {
        let known = self.way.iter().rposition(|(_, label)| label.is_some());
        let mut at = known.and_then(|known| self.way[known].1).unwrap_or_default();
        for (segment, label) in &mut self.way[known.map_or(0, |known| known + 1)..] {
            at = self.labels.intern(at, *segment);
            *label = Some(at);
        }
        at
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn edge(&mut self, to: NonNull<Header>, kind: EdgeKind) {
        let label = self.label();
        let kind = if kind == EdgeKind::Strong { self.kind } else { kind };
        self.edges.push(RawEdge { to, label, kind });
    }

    /// The keys of a table. The values are reported from them.
    pub(crate) fn table(&mut self, table: &dyn WeakTable) {
        let mut index = 0;
        table.for_each(&mut |entry| {
            self.way.push((Segment::Index(index), None));
            self.edge(entry.key(), EdgeKind::Weak);
            self.way.pop();
            self.entries.push(ptr::from_ref(entry).cast());
            index += 1;
        });
    }
}

impl Tracer<'_> {
    /// What follows is reached by `segment`, until [`leave`](Self::leave).
    #[cold]
    #[inline(never)]
    pub(crate) fn enter(&mut self, segment: Segment) {
        if let Some(describer) = self.describer() {
            describer.way.push((segment, None));
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn leave(&mut self) {
        if let Some(describer) = self.describer() {
            describer.way.pop();
        }
    }

    /// What follows is reached by `name`, which is shown only if there is no other, until [`leave`](Self::leave).
    #[cold]
    #[inline(never)]
    pub(crate) fn enter_sole(&mut self, name: &'static str) {
        if let Some(describer) = self.describer() {
            let named = !describer.way.is_empty();
            describer.way.push((if named { Segment::Nothing } else { Segment::Name(name) }, None));
        }
    }

    /// Reports one owned `Weak` to this box.
    pub(crate) fn weak_edge(&mut self, target: NonNull<Header>) {
        if let Some(describer) = self.describer() {
            describer.edge(target, EdgeKind::Weak);
        }
    }
}
