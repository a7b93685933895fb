//! What the weak collections are made of: entries that hang on a box and go when it dies.
//!
//! No user code runs while the slots are borrowed: entries are handed out by `Rc`, and dropped by whoever took them out.
//! What user code looks at is a [`Lent`] entry, from which the collector keeps its hands (M3).

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::{self, Rc};

use super::slots::{Home, Slot, Slots};
use crate::heap::Heap;
use crate::object::ephemeron::{Ephemeron, Stamp, Standing, TrialNumber, WeakTable};
use crate::object::header::Header;
#[cfg(feature = "inspect")]
use crate::object::labels::Segment;
use crate::object::tracer::Tracer;
use crate::panics::FirstPanic;
use crate::pointers::{Gc, Weak};
use crate::trace::Trace;

/// A table whose entries hang on boxes of `T`, each with a value of `V`.
pub(super) struct Table<T: ?Sized, V> {
    slots: RefCell<Slots<Node<T, V>>>,
    standing: Standing,
    /// How many entries were ever inserted.
    inserted: Cell<u64>,
}

/// An entry of a table.
pub(super) struct Node<T: ?Sized, V> {
    key: RefCell<Weak<T>>,
    value: V,
    /// How many had been inserted when it came into its table.
    number: Cell<u64>,
    /// Where it is in its table, if it is.
    slot: Cell<Option<Slot>>,
    table: rc::Weak<Table<T, V>>,
    index: Cell<usize>,
    counted: Stamp,
    lent: Cell<usize>,
}

impl<T: ?Sized, V> Table<T, V> {
    pub(super) fn new() -> Rc<Self> {
        let (slots, standing) = (RefCell::new(Slots::new()), Standing::default());
        Rc::new(Self { slots, standing, inserted: Cell::new(0) })
    }

    /// How many entries there are, all of which hang on something alive.
    pub(super) fn len(&self) -> usize {
        self.slots.borrow().len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.slots.borrow().capacity()
    }

    pub(super) fn reserve(&self, additional: usize) {
        self.slots.borrow_mut().reserve(additional);
    }

    pub(super) fn shrink_to_fit(&self) {
        let mut slots = self.slots.borrow_mut();
        slots.forget_reserved();
        slots.compact(Node::move_to);
        slots.shrink_to_fit();
    }

    /// Takes an entry out of its place; gives back room that is left of a peak.
    fn vacate(&self, slot: Slot) -> Option<Rc<Node<T, V>>> {
        let mut slots = self.slots.borrow_mut();
        let removed = slots.remove(slot);
        if slots.is_sparse() {
            slots.compact(Node::move_to);
        }
        removed
    }

    /// Changes with every insertion.
    pub(super) fn inserted(&self) -> u64 {
        self.inserted.get()
    }

    /// The number of the newest entry of `hash`: a larger one than before means that something came.
    pub(super) fn newest(&self, hash: u64) -> Option<u64> {
        let slots = self.slots.borrow();
        let newest = slots.get(slots.first(hash)?)?;
        Some(newest.number.get())
    }

    /// Reports the keys, to a pass that notes down weak edges.
    #[cfg(feature = "inspect")]
    pub(super) fn describe_keys(&self, tracer: &mut Tracer<'_>) {
        for (index, node) in self.slots.borrow().iter().enumerate() {
            tracer.enter(Segment::Index(index));
            tracer.weak_edge(node.key_header());
            tracer.leave();
        }
    }

    /// The entry of `hash` that `is_sought`, which may do anything. What is inserted meanwhile is not looked at.
    pub(super) fn find(&self, hash: u64, is_sought: impl FnMut(&V) -> bool) -> Option<Lent<T, V>> {
        self.find_newer(hash, 0, is_sought)
    }

    /// [`find`](Self::find), among entries with a number above `seen`.
    pub(super) fn find_newer(&self, hash: u64, seen: u64, mut is_sought: impl FnMut(&V) -> bool) -> Option<Lent<T, V>> {
        // The newest come first.
        let mut newest = self.inserted.get();
        let mut slot = self.slots.borrow().first(hash);
        while let Some(at) = slot {
            let entry = self.lend(at)?;
            if entry.number() > newest {
                slot = self.slots.borrow().next(at);
                continue;
            }
            if entry.number() <= seen {
                break;
            }
            newest = entry.number() - 1;
            let is_found = is_sought(entry.value());
            if entry.0.slot.get() != Some(at) {
                // It was removed meanwhile (and perhaps put elsewhere), and does not know any more which one is next. Its value may go here.
                drop(entry);
                slot = self.slots.borrow().first(hash);
            } else if is_found {
                return Some(entry);
            } else {
                slot = self.slots.borrow().next(at);
            }
        }
        None
    }

    /// The first entry at `home` or after it, and the home after it.
    pub(super) fn from(&self, home: Home) -> Option<(Home, Lent<T, V>)> {
        let (slot, home) = self.slots.borrow().from(home)?;
        Some((home + 1, self.lend(slot)?))
    }

    fn lend(&self, slot: Slot) -> Option<Lent<T, V>> {
        self.slots.borrow().get(slot).cloned().map(Lent::new)
    }

    /// Adds an entry that hangs on `key`, whether or not there is one like it.
    pub(super) fn insert(self: &Rc<Self>, hash: u64, key: &Gc<T>, value: V) -> Lent<T, V>
    where
        T: 'static,
        V: Trace + 'static,
    {
        let node = Rc::new(Node {
            key: RefCell::new(Gc::downgrade(key)),
            value,
            number: Cell::new(0),
            slot: Cell::new(None),
            table: Rc::downgrade(self),
            index: Cell::new(0),
            counted: Stamp::default(),
            lent: Cell::new(0),
        });
        self.place(hash, &node);
        Heap::with(|heap| heap.enter(node.clone(), V::has_edges()));
        Lent::new(node)
    }

    /// Afterwards `entry` is there, where it was if it was, and hangs on `key`.
    pub(super) fn rehang(&self, hash: u64, entry: &Lent<T, V>, key: &Gc<T>)
    where
        T: 'static,
        V: Trace + 'static,
    {
        let node = &entry.0;
        if entry.is_there() {
            node.withdraw();
        } else {
            self.place(hash, node);
        }
        drop(node.key.replace(Gc::downgrade(key)));
        Heap::with(|heap| heap.enter(node.clone(), V::has_edges()));
    }

    fn place(&self, hash: u64, node: &Rc<Node<T, V>>) {
        self.inserted.set(self.inserted.get() + 1);
        node.number.set(self.inserted.get());
        node.slot.set(Some(self.slots.borrow_mut().insert(hash, node.clone())));
    }

    /// Takes `entry` out, if it is there; nothing is dropped.
    pub(super) fn remove(&self, entry: &Lent<T, V>) {
        if let Some(slot) = entry.0.slot.take() {
            drop(self.vacate(slot));
            entry.0.withdraw();
        }
    }

    /// Takes all entries out; nothing is dropped.
    pub(super) fn take_all(&self) -> Vec<Lent<T, V>> {
        let nodes = self.slots.borrow_mut().take_all();
        for node in &nodes {
            node.slot.set(None);
            node.withdraw();
        }
        nodes.into_iter().map(Lent::new).collect()
    }
}

impl<T: ?Sized, V> Node<T, V> {
    fn key_header(&self) -> NonNull<Header> {
        self.key.borrow().header_address().expect("an entry hangs on a box")
    }

    /// It has another place from now on.
    fn move_to(&self, slot: Slot) {
        self.slot.set(Some(slot));
    }

    /// Takes it out of the list of its key.
    fn withdraw(&self) {
        Heap::with(|heap| drop(heap.watchers.withdraw(self.key_header(), self.index.get())));
    }
}

impl<T: ?Sized, V> Drop for Table<T, V> {
    fn drop(&mut self) {
        drop_all(self.take_all());
    }
}

/// Drops entries that are in no table. One whose value panics does not keep the others from being dropped.
pub(super) fn drop_all<T: ?Sized, V>(entries: Vec<Lent<T, V>>) {
    let mut panics = FirstPanic::default();
    for entry in entries {
        panics.catch(|| drop(entry));
    }
    panics.resume();
}

impl<T: ?Sized + 'static, V: Trace + 'static> WeakTable for Table<T, V> {
    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn for_each(&self, visit: &mut dyn FnMut(&dyn Ephemeron)) {
        self.slots.borrow().iter().for_each(|node| visit(&**node));
    }
}

impl<T: ?Sized + 'static, V: Trace + 'static> Ephemeron for Node<T, V> {
    fn key(&self) -> NonNull<Header> {
        self.key_header()
    }

    fn counted(&self) -> &Stamp {
        &self.counted
    }

    fn is_table_reachable(&self, trial: TrialNumber) -> bool {
        self.table.upgrade().is_none_or(|table| table.standing.is_reachable(trial))
    }

    fn is_lent(&self) -> bool {
        self.lent.get() > 0
    }

    fn trace_value(&self, tracer: &mut Tracer<'_>) {
        self.value.trace(tracer);
    }

    fn index(&self) -> &Cell<usize> {
        &self.index
    }

    fn leave_table(self: Rc<Self>) -> Rc<dyn Any> {
        if let (Some(table), Some(slot)) = (self.table.upgrade(), self.slot.take()) {
            drop(table.vacate(slot));
        }
        self
    }
}

/// An entry that user code may look at. It may have left the table.
pub(super) struct Lent<T: ?Sized, V>(Rc<Node<T, V>>);

impl<T: ?Sized, V> Lent<T, V> {
    fn new(node: Rc<Node<T, V>>) -> Self {
        node.lent.set(node.lent.get() + 1);
        Self(node)
    }

    pub(super) fn value(&self) -> &V {
        &self.0.value
    }

    /// What the entry hangs on, if it is alive.
    pub(super) fn key(&self) -> Option<Gc<T>> {
        self.0.key.borrow().upgrade()
    }

    /// How many had been inserted when it came into its table.
    pub(super) fn number(&self) -> u64 {
        self.0.number.get()
    }

    /// Whether it is in its table.
    pub(super) fn is_there(&self) -> bool {
        self.0.slot.get().is_some()
    }

    /// The value of an entry that is in no table, unless somebody else looks at it.
    pub(super) fn into_value(self) -> Option<V> {
        let node = self.0.clone();
        drop(self);
        Rc::into_inner(node).map(|node| node.value)
    }
}

impl<T: ?Sized, V> Drop for Lent<T, V> {
    fn drop(&mut self) {
        self.0.lent.set(self.0.lent.get() - 1);
    }
}
