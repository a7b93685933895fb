//! The values of a program's heap, each with a tag that tells of its end.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gc_core::weak::WeakMap;
use gc_core::{Finalize, Gc, Leaf, Trace, Weak, coerce};

use super::doors;
use super::model::{EntryId, Id, MapId, SLOTS, WatchId};
use super::program::Script;

/// A pointer to any value.
#[derive(Trace, Clone)]
pub(super) enum Any {
    Node(Gc<Node>),
    Dyn(Gc<dyn Thing>),
    Slice(Gc<[Item]>),
}

/// A weak pointer to any value.
#[derive(Trace, Clone)]
pub(super) enum WeakAny {
    Node(Weak<Node>),
    Dyn(Weak<dyn Thing>),
    Slice(Weak<[Item]>),
}

/// The same for each variant.
macro_rules! each {
    ($any:expr, $gc:ident => $do:expr) => {
        match $any {
            Any::Node($gc) => $do,
            Any::Dyn($gc) => $do,
            Any::Slice($gc) => $do,
        }
    };
}
pub(super) use each;

impl Any {
    /// Puts an edge in the place of another.
    pub(super) fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        each!(self, gc => gc.swap(slot, new))
    }

    /// A clone of an edge. Nothing is dropped.
    pub(super) fn copy(&self, slot: usize) -> Option<Any> {
        let edge = self.swap(slot, None);
        let copy = edge.clone();
        self.swap(slot, edge);
        copy
    }

    /// The cell of its edges, if there is one.
    pub(super) fn cell(&self) -> Option<&Cells> {
        each!(self, gc => gc.cell())
    }

    pub(super) fn map(&self) -> Option<&Map> {
        each!(self, gc => gc.map())
    }

    pub(super) fn strong_count(&self) -> usize {
        each!(self, gc => Gc::strong_count(gc))
    }

    pub(super) fn is_finalized(&self) -> bool {
        each!(self, gc => Gc::is_finalized(gc))
    }

    pub(super) fn downgrade(&self) -> WeakAny {
        match self {
            Any::Node(gc) => WeakAny::Node(Gc::downgrade(gc)),
            Any::Dyn(gc) => WeakAny::Dyn(Gc::downgrade(gc)),
            Any::Slice(gc) => WeakAny::Slice(Gc::downgrade(gc)),
        }
    }

    pub(super) fn downgrade_with(&self, callback: impl FnOnce() + 'static) -> WeakAny {
        match self {
            Any::Node(gc) => WeakAny::Node(Gc::downgrade_with(gc, callback)),
            Any::Dyn(gc) => WeakAny::Dyn(Gc::downgrade_with(gc, callback)),
            Any::Slice(gc) => WeakAny::Slice(Gc::downgrade_with(gc, callback)),
        }
    }
}

impl WeakAny {
    pub(super) fn upgrade(&self) -> Option<Any> {
        match self {
            WeakAny::Node(weak) => weak.upgrade().map(Any::Node),
            WeakAny::Dyn(weak) => weak.upgrade().map(Any::Dyn),
            WeakAny::Slice(weak) => weak.upgrade().map(Any::Slice),
        }
    }

    pub(super) fn strong_count(&self) -> usize {
        match self {
            WeakAny::Node(weak) => weak.strong_count(),
            WeakAny::Dyn(weak) => weak.strong_count(),
            WeakAny::Slice(weak) => weak.strong_count(),
        }
    }
}

/// What all values have in common.
pub(super) trait Thing: Trace {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any>;

    fn cell(&self) -> Option<&Cells> {
        None
    }

    fn map(&self) -> Option<&Map> {
        None
    }
}

/// Tells of the end of a value, and runs a script then. The first field of each value: it is dropped before the edges.
pub(super) struct Tag {
    pub(super) id: Id,
    pub(super) script: Script,
}

impl Drop for Tag {
    fn drop(&mut self) {
        doors::value_dropped(self.id, &self.script);
    }
}

/// Edges in a `RefCell`.
#[derive(Default, Trace)]
pub(super) struct Cells(pub(super) RefCell<[Option<Any>; SLOTS]>);

impl Cells {
    pub(super) fn new(edges: [Option<Any>; SLOTS]) -> Self {
        Self(RefCell::new(edges))
    }

    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        std::mem::replace(&mut self.0.borrow_mut()[slot], new)
    }
}

/// Stands for itself.
#[derive(Trace)]
pub(super) struct Node {
    tag: Leaf<Tag>,
    pub(super) weak: RefCell<Option<WeakAny>>,
    edges: Cells,
}

impl Node {
    pub(super) fn new(tag: Tag, weak: Option<WeakAny>, edges: [Option<Any>; SLOTS]) -> Self {
        Self { tag: Leaf(tag), weak: RefCell::new(weak), edges: Cells::new(edges) }
    }
}

impl Thing for Node {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self.edges.swap(slot, new)
    }

    fn cell(&self) -> Option<&Cells> {
        Some(&self.edges)
    }
}

impl Clone for Node {
    fn clone(&self) -> Self {
        let id = doors::value_cloned(self.tag.0.id);
        let tag = Tag { id, script: self.tag.0.script.clone() };
        Self::new(tag, self.weak.borrow().clone(), self.edges.0.borrow().clone())
    }
}

/// Moves its edges in and out.
#[derive(Trace)]
pub(super) struct Movable {
    pub(super) tag: Leaf<Tag>,
    pub(super) edges: [Cell<Option<Any>>; SLOTS],
}

impl Thing for Movable {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self.edges[slot].replace(new)
    }
}

/// Has a finalizer, and knows itself if it can.
#[derive(Trace)]
#[trace(finalize)]
pub(super) struct Finalized {
    pub(super) tag: Leaf<Tag>,
    pub(super) me: Option<Weak<Finalized>>,
    pub(super) script: Leaf<Script>,
    pub(super) edges: Cells,
}

impl Thing for Finalized {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self.edges.swap(slot, new)
    }

    fn cell(&self) -> Option<&Cells> {
        Some(&self.edges)
    }
}

impl Finalize for Finalized {
    fn finalize(&self) {
        let me = self.me.clone().map(|me| WeakAny::Dyn(coerce!(me => dyn Thing)));
        doors::finalizer(self.tag.0.id, me, &self.script.0);
    }
}

/// A pointer that the collector does not see, held by an `Rc`. The world has another one, to break cycles in the end.
pub(super) type Hidden = Rc<RefCell<Option<Any>>>;

/// The last edge is hidden.
#[derive(Trace)]
pub(super) struct Hiding {
    pub(super) tag: Leaf<Tag>,
    pub(super) edges: Cells,
    pub(super) hidden: HiddenEdge,
}

/// Takes the pointer along when it goes.
#[derive(Trace)]
#[trace(leaf)]
pub(super) struct HiddenEdge(pub(super) Hidden);

impl Drop for HiddenEdge {
    fn drop(&mut self) {
        let edge = self.0.take();
        drop(edge);
    }
}

impl Thing for Hiding {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        if slot == SLOTS - 1 { self.hidden.0.replace(new) } else { self.edges.swap(slot, new) }
    }

    fn cell(&self) -> Option<&Cells> {
        Some(&self.edges)
    }
}

pub(super) type Map = WeakMap<dyn Thing, Entry>;

/// The value of an entry.
#[derive(Trace)]
pub(super) struct Entry {
    pub(super) tag: Leaf<EntryTag>,
    pub(super) target: RefCell<Option<Any>>,
}

pub(super) struct EntryTag(pub(super) EntryId);

impl Drop for EntryTag {
    fn drop(&mut self) {
        doors::entry_dropped(self.0);
    }
}

/// A map that stands on its own.
pub(super) struct Standalone {
    _tag: MapTag,
    pub(super) map: Map,
}

impl Standalone {
    pub(super) fn new(id: MapId) -> Rc<Self> {
        Rc::new(Self { _tag: MapTag(id), map: Map::new() })
    }
}

struct MapTag(MapId);

impl Drop for MapTag {
    fn drop(&mut self) {
        doors::map_dropped(self.0);
    }
}

/// Has a map.
#[derive(Trace)]
pub(super) struct Mapping {
    pub(super) tag: Leaf<Tag>,
    pub(super) map: Map,
    pub(super) edges: Cells,
}

impl Thing for Mapping {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self.edges.swap(slot, new)
    }

    fn cell(&self) -> Option<&Cells> {
        Some(&self.edges)
    }

    fn map(&self) -> Option<&Map> {
        Some(&self.map)
    }
}

/// Without edges.
#[derive(Trace)]
pub(super) struct Edgeless {
    pub(super) tag: Leaf<Tag>,
}

impl Thing for Edgeless {
    fn swap(&self, _: usize, _: Option<Any>) -> Option<Any> {
        None
    }
}

/// An element of a slice. The first has the tag.
#[derive(Trace)]
pub(super) struct Item {
    pub(super) tag: Option<Leaf<Tag>>,
    pub(super) edge: RefCell<Option<Any>>,
}

impl Thing for [Item] {
    fn swap(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self[slot].edge.replace(new)
    }
}

/// What a callback captures. The pointer goes when the callback does.
pub(super) struct Captured {
    pub(super) watch: WatchId,
    /// Dropped after the model was told.
    _any: HiddenEdge,
}

impl Captured {
    pub(super) fn new(watch: WatchId, any: Hidden) -> Self {
        Self { watch, _any: HiddenEdge(any) }
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        doors::callback_gone(self.watch);
    }
}
