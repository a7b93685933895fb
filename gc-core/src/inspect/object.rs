//! What a snapshot is made of, as its users see it.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use super::capture::{Record, Unread};
use super::names::Short;
use super::snapshot::Snapshot;
use crate::generation::Generation;
use crate::object::describer::EdgeKind;
use crate::object::labels::{LabelId, Labels};

/// An object of a snapshot.
#[derive(Clone, Copy)]
pub struct Object<'s> {
    pub(super) snapshot: &'s Snapshot,
    pub(super) index: u32,
}

impl<'s> Object<'s> {
    pub(super) fn record(self) -> &'s Record {
        &self.snapshot.records[self.index as usize]
    }

    /// Its number in this snapshot.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// A number that the object has in every snapshot of this thread, and no other object that was ever in one. (Of two boxes at
    /// the same place, a million snapshots and collections apart, it may be the same.)
    #[must_use]
    pub fn id(self) -> u64 {
        const PLACE: u32 = 44;
        let Record { address, birth, .. } = *self.record();
        u64::from(birth.number()) << PLACE | (address as u64 >> 3) & ((1 << PLACE) - 1)
    }

    /// The name of its type, as [`std::any::type_name`] gives it.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        self.snapshot.types[self.record().of as usize]
    }

    /// The same, without modules: `Vec<Node>`.
    pub fn short_type_name(self) -> impl fmt::Display {
        Short(self.type_name())
    }

    /// What its box takes, header included, in bytes. What the value owns elsewhere (the buffer of a vector) is not counted.
    #[must_use]
    pub fn size(self) -> usize {
        self.record().bytes
    }

    /// Its age class.
    #[must_use]
    pub fn generation(self) -> Generation {
        self.record().generation
    }

    /// How many `Gc`s pointed to it.
    #[must_use]
    pub fn strong(self) -> usize {
        self.record().strong as usize
    }

    /// How many `Weak`s and entries of weak collections pointed to it.
    #[must_use]
    pub fn weak(self) -> usize {
        self.record().weak as usize
    }

    /// How many of the `Gc`s are in no value that was seen: on the stack, in a static, in an `Rc`, in a field with
    /// `#[trace(skip)]`, in a [`Leaf`](crate::Leaf) or a [`Gc::leaf`](crate::Gc::leaf), or in a part of an object that was [`Unread`].
    #[must_use]
    pub fn outside(self) -> usize {
        self.record().outside as usize
    }

    /// Why edges of it may be missing, if so.
    #[must_use]
    pub fn unread(self) -> Option<Unread> {
        self.record().unread
    }

    /// Whether edges of it may be missing.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self.unread().is_some()
    }

    /// Whether nothing outside leads to it: it is part of a cycle that a collection will free, or hangs on one, or is about to
    /// die.
    #[must_use]
    pub fn is_garbage(self) -> bool {
        !self.snapshot.reach.is_reached(self.index)
    }

    /// What it refers to, in the order in which its `trace` told.
    pub fn edges(self) -> impl ExactSizeIterator<Item = Edge<'s>> + DoubleEndedIterator + FusedIterator {
        let Range { start, end } = self.snapshot.edges.of(self.index);
        // A range of `u32` has no exact size.
        (start as usize..end as usize).map(move |index| self.snapshot.edge(index as u32))
    }

    /// What refers to it.
    pub fn referrers(self) -> impl ExactSizeIterator<Item = Edge<'s>> + DoubleEndedIterator + FusedIterator {
        self.snapshot.edges.to(self.index).iter().map(move |&index| self.snapshot.edge(index))
    }
}

/// Objects of one snapshot are equal if they are the same; those of different snapshots never are: compare their
/// [`id`](Object::id)s.
impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.snapshot, other.snapshot) && self.index == other.index
    }
}

impl Eq for Object<'_> {}

/// The type without modules, and the number.
impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.short_type_name(), self.index)
    }
}

/// An edge of a snapshot.
#[derive(Clone, Copy)]
pub struct Edge<'s> {
    pub(super) snapshot: &'s Snapshot,
    pub(super) index: u32,
}

impl<'s> Edge<'s> {
    /// What refers to the other.
    #[must_use]
    pub fn from(self) -> Object<'s> {
        self.snapshot.at(self.snapshot.edges.sources[self.index as usize])
    }

    /// What is referred to.
    #[must_use]
    pub fn to(self) -> Object<'s> {
        self.snapshot.at(self.snapshot.edges.targets[self.index as usize])
    }

    /// How it does so.
    #[must_use]
    pub fn kind(self) -> EdgeKind {
        self.snapshot.edges.kind(self.index)
    }

    /// The way to it in the value: `children[3]`, `next`, `Some`, `Pair.0`. Empty if nothing names it. Edges of entries of weak
    /// collections begin with `(ephemeron)`.
    #[must_use]
    pub fn label(self) -> Label<'s> {
        Label { labels: &self.snapshot.labels, id: self.snapshot.edges.names[self.index as usize].label() }
    }

    /// For an edge of an entry: the object that owns the weak collection, which has to be alive too. `None` if no object does, and
    /// for other edges.
    #[must_use]
    pub fn collection(self) -> Option<Object<'s>> {
        self.snapshot.edges.guard(self.index).map(|owner| self.snapshot.at(owner))
    }
}

impl fmt::Debug for Edge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} -{}-> {:?}", self.from(), self.label(), self.to())
    }
}

/// The name of an edge.
#[derive(Clone, Copy)]
pub struct Label<'s> {
    pub(super) labels: &'s Labels,
    pub(super) id: LabelId,
}

impl Label<'_> {
    /// Whether the edge has no name.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.id == LabelId::EMPTY
    }

    /// Whether it begins with an index.
    pub(super) fn is_indexed(self) -> bool {
        self.labels.is_indexed(self.id)
    }

    /// A number below [`Snapshot::label_count`]. Equal numbers mean equal labels; equal labels may have several numbers.
    #[must_use]
    pub fn index(self) -> usize {
        self.id.0 as usize
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.labels.write(self.id, f)
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
