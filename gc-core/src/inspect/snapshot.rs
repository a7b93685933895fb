//! A heap as it was at one moment, in plain figures: nothing in it leads back to the heap.
//!
//! # Invariants
//! - **I7** the edges of object `i` are `first[i]..first[i + 1]`; `refs[ref_first[i]..ref_first[i + 1]]` are the edges to it, in
//!   order.

use std::cell::OnceCell;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use super::capture::{self, Reading, Record, Unread};
use super::dominators::{DominatorTree, Dominators};
use super::names::Short;
use super::path::Path;
use super::reach::Reach;
use crate::generation::Generation;
use crate::object::describer::EdgeKind;
use crate::object::header::Header;
use crate::object::labels::{LabelId, Labels};
use crate::pointers::Gc;
use crate::spread::{Spread, WordMap};

/// How far a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How many objects that has been done for.
    pub done: usize,
    /// How many there are; 0 before that is known.
    pub total: usize,
}

/// The parts of a capture, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// The heap is read; told of at its beginning only, since the heap must not change meanwhile.
    Reading,
    /// Edges are put in order.
    Linking,
    /// What is held from outside is followed.
    Reaching,
}

/// How many objects go between two reports.
const STRIDE: usize = 1 << 16;

/// Every object that was alive on this thread's heap at one moment, and how they referred to one another.
///
/// Objects are numbered from 0, in no order that means anything. See [the module](super) for what is captured.
pub struct Snapshot {
    pub(super) records: Vec<Record>,
    pub(super) types: Vec<&'static str>,
    pages: Pages,
    pub(super) edges: Edges,
    pub(super) labels: Labels,
    pub(super) reach: Reach,
    dominators: OnceCell<Dominators>,
}

/// The edges, by both ends (I7).
pub(super) struct Edges {
    first: Vec<u32>,
    pub(super) targets: Vec<u32>,
    pub(super) sources: Vec<u32>,
    names: Vec<Name>,
    ref_first: Vec<u32>,
    refs: Vec<u32>,
    /// Edges of entries whose table an object owns, in order, with that object.
    guards: Vec<(u32, u32)>,
}

/// A label, and the kind of edge.
#[derive(Clone, Copy)]
struct Name(u32);

impl Name {
    const SHIFT: u32 = LabelId::BITS;

    fn new(label: LabelId, kind: EdgeKind) -> Self {
        let kind = match kind {
            EdgeKind::Strong => 0,
            EdgeKind::Weak => 1,
            EdgeKind::Ephemeron => 2,
        };
        Self(label.0 | kind << Self::SHIFT)
    }

    fn label(self) -> LabelId {
        LabelId(self.0 & ((1 << Self::SHIFT) - 1))
    }

    fn kind(self) -> EdgeKind {
        match self.0 >> Self::SHIFT {
            0 => EdgeKind::Strong,
            1 => EdgeKind::Weak,
            _ => EdgeKind::Ephemeron,
        }
    }
}

impl Edges {
    pub(super) fn of(&self, object: u32) -> Range<u32> {
        self.first[object as usize]..self.first[object as usize + 1]
    }

    pub(super) fn to(&self, object: u32) -> &[u32] {
        &self.refs[self.ref_first[object as usize] as usize..self.ref_first[object as usize + 1] as usize]
    }

    pub(super) fn kind(&self, edge: u32) -> EdgeKind {
        self.names[edge as usize].kind()
    }

    /// The object that owns the collection that this edge of an entry needs besides its key, if any object does.
    pub(super) fn guard(&self, edge: u32) -> Option<u32> {
        let at = self.guards.binary_search_by_key(&edge, |&(guarded, _)| guarded).ok()?;
        Some(self.guards[at].1)
    }
}

impl Snapshot {
    /// Captures the heap of this thread.
    ///
    /// Nothing changes: not a count, not an age, not what is suspected of being garbage; the snapshot is made of memory from the
    /// global allocator.
    ///
    /// # Panics
    /// Inside a [`trace`](crate::Trace::trace).
    ///
    /// # Examples
    /// ```
    /// use std::cell::RefCell;
    /// use gc_core::inspect::Snapshot;
    /// use gc_core::{Gc, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Document {
    ///     body: Gc<Element>,
    /// }
    ///
    /// #[derive(Trace, Default)]
    /// struct Element {
    ///     children: RefCell<Vec<Gc<Element>>>,
    /// }
    ///
    /// let child = Gc::new(Element::default());
    /// let body = Gc::new(Element { children: vec![Gc::default(), child.clone()].into() });
    /// let document = Gc::new(Document { body });
    ///
    /// let snapshot = Snapshot::capture();
    /// assert_eq!(snapshot.len(), 4);
    /// let found = snapshot.find(&child).unwrap();
    /// assert_eq!((found.strong(), found.outside()), (2, 1));
    ///
    /// drop(child);
    /// let snapshot = Snapshot::capture();
    /// let child = document.body.children.borrow()[1].clone();
    /// assert_eq!(snapshot.why_alive(&child).unwrap().to_string(), "Document.body -> Element.children[1] -> Element");
    /// ```
    #[must_use]
    pub fn capture() -> Self {
        Self::capture_with(&mut |_| ())
    }

    /// [`capture`](Self::capture), telling how far it is. `progress` may do anything: the heap has been read by the time that it
    /// changes could matter.
    ///
    /// # Panics
    /// As `capture`, and if `progress` does.
    #[must_use]
    pub fn capture_with(progress: &mut dyn FnMut(Progress)) -> Self {
        progress(Progress { phase: Phase::Reading, done: 0, total: 0 });
        let Reading { records, types, spans, edges, labels, ephemerons, owners } = capture::read();
        let pages = Pages::new(&records);
        let linker = Linker { records, pages, ephemerons, owners };
        let (Linker { records, pages, .. }, edges) = linker.link(&spans, edges, progress);
        let is_held = |object: u32| records[object as usize].outside > 0;
        let reach = Reach::new(&edges, records.len() as u32, is_held, &mut |done| {
            if done.is_multiple_of(STRIDE) {
                progress(Progress { phase: Phase::Reaching, done, total: records.len() });
            }
        });
        Self { records, types, pages, edges, labels, reach, dominators: OnceCell::new() }
    }

    /// How many objects there were.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there was no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many edges of all kinds there were.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.targets.len()
    }

    /// All objects, by their numbers.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = Object<'_>> + DoubleEndedIterator + FusedIterator {
        (0..self.len()).map(|index| Object { snapshot: self, index: index as u32 })
    }

    /// The object with this number.
    #[must_use]
    pub fn object(&self, index: usize) -> Option<Object<'_>> {
        (index < self.len()).then(|| self.at(index as u32))
    }

    pub(super) fn at(&self, index: u32) -> Object<'_> {
        Object { snapshot: self, index }
    }

    pub(super) fn edge(&self, index: u32) -> Edge<'_> {
        Edge { snapshot: self, index }
    }

    /// The object that `gc` points to; `None` if it was made later.
    #[must_use]
    pub fn find<T: ?Sized>(&self, gc: &Gc<T>) -> Option<Object<'_>> {
        let boxed = gc.as_box().cast::<Header>();
        let index = self.pages.find(&self.records, boxed.as_ptr().addr())?;
        // SAFETY: the `Gc` keeps the box allocated (S1), and no `&mut Header` exists (H1).
        let birth = unsafe { boxed.as_ref() }.birth();
        (self.records[index as usize].birth == birth).then(|| self.at(index))
    }

    /// The edges to what `gc` points to; none if it was made later.
    pub fn referrers<T: ?Sized>(&self, gc: &Gc<T>) -> impl Iterator<Item = Edge<'_>> + use<'_, T> {
        self.find(gc).into_iter().flat_map(Object::referrers)
    }

    /// The edges from what `gc` points to; none if it was made later.
    pub fn referents<T: ?Sized>(&self, gc: &Gc<T>) -> impl Iterator<Item = Edge<'_>> + use<'_, T> {
        self.find(gc).into_iter().flat_map(Object::edges)
    }

    /// A shortest path to what `gc` points to from an object that is held from outside; see [`Object::why_alive`].
    #[must_use]
    pub fn why_alive<T: ?Sized>(&self, gc: &Gc<T>) -> Option<Path<'_>> {
        self.find(gc)?.why_alive()
    }

    /// How many bytes the death of what `gc` points to would free; see [`Object::retained_size`]. `None` if it was made later.
    #[must_use]
    pub fn retained_size<T: ?Sized>(&self, gc: &Gc<T>) -> Option<usize> {
        Some(self.find(gc)?.retained_size())
    }

    /// Which object must be alive for which: computed once, when it is first asked for.
    #[must_use]
    pub fn dominators(&self) -> DominatorTree<'_> {
        DominatorTree { snapshot: self, dominators: self.dominators.get_or_init(|| Dominators::new(self)) }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("objects", &self.len())
            .field("edges", &self.edge_count())
            .finish_non_exhaustive()
    }
}

/// Finds objects by address: those of one page lie side by side.
struct Pages(WordMap<usize, u32>);

impl Pages {
    const SHIFT: u32 = 14;

    fn new(records: &[Record]) -> Self {
        let mut pages = WordMap::with_hasher(Spread);
        for (index, record) in records.iter().enumerate() {
            pages.entry(record.address >> Self::SHIFT).or_insert(index as u32);
        }
        Self(pages)
    }

    fn find(&self, records: &[Record], address: usize) -> Option<u32> {
        let first = *self.0.get(&(address >> Self::SHIFT))? as usize;
        // No page has more objects than steps of eight bytes.
        let end = records.len().min(first + (1 << (Self::SHIFT - 3)));
        let at = records[first..end].binary_search_by_key(&address, |record| record.address).ok()?;
        Some((first + at) as u32)
    }
}

/// Puts edges in order.
struct Linker {
    records: Vec<Record>,
    pages: Pages,
    ephemerons: Vec<(Range<u32>, *const ())>,
    owners: WordMap<usize, u32>,
}

impl Linker {
    fn link(
        mut self,
        spans: &[Range<u32>],
        raw: Vec<crate::object::describer::RawEdge>,
        progress: &mut dyn FnMut(Progress),
    ) -> (Self, Edges) {
        let total = self.records.len();
        let mut first = Vec::with_capacity(total + 1);
        let mut ref_first = vec![0; total + 1];
        let mut guards = Vec::new();
        let [mut targets, mut sources] = [(); 2].map(|()| Vec::with_capacity(raw.len()));
        let mut names = Vec::with_capacity(raw.len());
        for record in &mut self.records {
            record.outside = record.strong;
        }
        for (object, span) in spans.iter().enumerate() {
            if object.is_multiple_of(STRIDE) {
                progress(Progress { phase: Phase::Linking, done: object, total });
            }
            first.push(targets.len() as u32);
            for number in span.clone() {
                let edge = raw[number as usize];
                // Not even a snapshot has edges to what is dead.
                let Some(target) = self.pages.find(&self.records, edge.to.as_ptr().addr()) else { continue };
                if edge.kind != EdgeKind::Weak {
                    let outside = &mut self.records[target as usize].outside;
                    *outside = outside.saturating_sub(1);
                }
                if edge.kind == EdgeKind::Ephemeron
                    && let Some(owner) = self.owner(number)
                {
                    guards.push((targets.len() as u32, owner));
                }
                ref_first[target as usize + 1] += 1;
                targets.push(target);
                sources.push(object as u32);
                names.push(Name::new(edge.label, edge.kind));
            }
        }
        first.push(targets.len() as u32);
        drop(raw);
        let refs = group(&targets, &mut ref_first);
        (self, Edges { first, targets, sources, names, ref_first, refs, guards })
    }

    /// The object that owns the table of the entry that has this edge.
    fn owner(&self, edge: u32) -> Option<u32> {
        let at = self.ephemerons.partition_point(|(span, _)| span.end <= edge);
        let (span, entry) = self.ephemerons.get(at)?;
        if span.contains(&edge) { self.owners.get(&entry.addr()).copied() } else { None }
    }
}

/// The edges by their targets. Before, `counts[i + 1]` is how many lead to `i`; afterwards, where those to `i` begin.
fn group(targets: &[u32], counts: &mut [u32]) -> Vec<u32> {
    for at in 1..counts.len() {
        counts[at] += counts[at - 1];
    }
    let mut refs = vec![0; targets.len()];
    for (edge, &target) in targets.iter().enumerate().rev() {
        let place = &mut counts[target as usize + 1];
        *place -= 1;
        refs[*place as usize] = edge as u32;
    }
    // Each count has become where its own group begins, one place too late.
    counts.rotate_left(1);
    if let Some(last) = counts.last_mut() {
        *last = targets.len() as u32;
    }
    refs
}

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
    /// `#[trace(skip)]`, in a [`Leaf`](crate::Leaf) or a [`Gc::leaf`], or in a part of an object that was [`Unread`].
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
    snapshot: &'s Snapshot,
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

impl Snapshot {
    /// How many labels there are at most.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels.len()
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
