//! A heap as it was at one moment, in plain figures: nothing in it leads back to the heap.

use std::cell::OnceCell;
use std::fmt;
use std::iter::FusedIterator;

use super::capture::{self, Reading, Record};
use super::dominators::{DominatorTree, Dominators};
use super::links::{Edges, Linker, Pages};
use super::object::{Edge, Object};
use super::path::Path;
use super::reach::Reach;
use crate::object::header::Header;
use crate::object::labels::Labels;
use crate::pointers::Gc;

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
pub(super) const STRIDE: usize = 1 << 16;

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

    /// How many labels there are at most.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels.len()
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
