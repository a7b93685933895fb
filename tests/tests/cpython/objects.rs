//! The objects of a program on this heap, and the places that hold them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};

use crate::oracle;
use crate::program::{Act, ROOTS, SLOTS, WATCHES};

/// Who is alive and who refers to whom, as told by what the program did, not by the heap.
pub(crate) struct Record {
    pub(crate) number: usize,
    /// How many collections of its generation it has seen, as CPython counts them: 0, 1 or 2.
    pub(crate) generation: Cell<usize>,
    pub(crate) edges: [Cell<Option<usize>>; SLOTS],
    pub(crate) finalized: Cell<usize>,
    pub(crate) dropped: Cell<usize>,
    /// What its finalizer does.
    pub(crate) acts: Vec<Act>,
    /// Its death was seen.
    pub(crate) reported: Cell<bool>,
    /// The weak pointer that it owns.
    pub(crate) field: RefCell<Option<Entry>>,
}

/// A weak pointer. `probe` says what it says; it never upgrades, which would make its target a candidate again.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) number: usize,
    pub(crate) target: usize,
    pub(crate) call: bool,
    pub(crate) probe: AnyWeak,
}

/// An object with or without a finalizer.
#[derive(Clone, Trace)]
pub(crate) enum Any {
    Plain(Gc<Plain>),
    Final(Gc<Final>),
}

#[derive(Clone, Trace)]
pub(crate) enum AnyWeak {
    Plain(Weak<Plain>),
    Final(Weak<Final>),
}

#[derive(Trace)]
pub(crate) struct Plain(Body);

#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Final {
    body: Body,
    me: Weak<Final>,
}

/// Dropped in the order in which CPython clears slots.
#[derive(Trace)]
pub(crate) struct Body {
    pub(crate) slots: [RefCell<Option<Any>>; SLOTS],
    pub(crate) weak: RefCell<Option<AnyWeak>>,
    pub(crate) record: Leaf<Grave>,
}

pub(crate) struct Grave(pub(crate) Rc<Record>);

impl Drop for Grave {
    fn drop(&mut self) {
        self.0.dropped.set(self.0.dropped.get() + 1);
    }
}

/// What happened behind a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A finalizer begins.
    Finalized(usize),
    /// It is done.
    Done(usize),
    /// A weak pointer calls back.
    Called(usize),
    /// A collection by a finalizer returned that.
    Collected(usize),
}

/// All that a program and its finalizers can reach.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) roots: [RefCell<Option<Any>>; ROOTS],
    pub(crate) watches: [RefCell<Option<(Entry, AnyWeak)>>; WATCHES],
    /// By number.
    pub(crate) records: RefCell<Vec<Option<Rc<Record>>>>,
    pub(crate) log: RefCell<Vec<Event>>,
    pub(crate) cleaning: Cell<bool>,
    /// Something happened that cannot be compared.
    pub(crate) cut: Cell<bool>,
}

thread_local!(static WORLD: World = World::default());

pub(crate) fn world<R>(action: impl FnOnce(&World) -> R) -> R {
    WORLD.with(action)
}

pub(crate) fn log(event: Event) {
    world(|world| world.log.borrow_mut().push(event));
}

impl World {
    /// Puts `new` into a root. What it held dies last, with nothing else held.
    pub(crate) fn put(&self, root: usize, new: Option<Any>) {
        let old = self.roots[root].replace(new);
        drop(old);
    }

    pub(crate) fn alive(&self) -> Vec<Rc<Record>> {
        self.records.borrow().iter().flatten().filter(|record| record.dropped.get() == 0).cloned().collect()
    }

    /// All alive are older by one collection of `generation`.
    pub(crate) fn grow_older(&self, generation: usize) {
        for record in self.alive() {
            if record.generation.get() <= generation {
                record.generation.set((generation + 1).min(2));
            }
        }
    }
}

impl Any {
    pub(crate) fn new(number: usize, acts: Option<Vec<Act>>) -> Self {
        let is_final = acts.is_some();
        let record = Leaf(Grave(record(number, acts.unwrap_or_default())));
        let body = Body { slots: Default::default(), weak: RefCell::default(), record };
        if is_final {
            Self::Final(Gc::new_cyclic(|me| Final { body, me: me.clone() }))
        } else {
            Self::Plain(Gc::new(Plain(body)))
        }
    }

    pub(crate) fn body(&self) -> &Body {
        match self {
            Self::Plain(gc) => &gc.0,
            Self::Final(gc) => &gc.body,
        }
    }

    pub(crate) fn number(&self) -> usize {
        self.body().record.0.0.number
    }

    pub(crate) fn downgrade(&self) -> AnyWeak {
        match self {
            Self::Plain(gc) => AnyWeak::Plain(Gc::downgrade(gc)),
            Self::Final(gc) => AnyWeak::Final(Gc::downgrade(gc)),
        }
    }

    pub(crate) fn downgrade_with(&self, callback: impl FnOnce() + 'static) -> AnyWeak {
        match self {
            Self::Plain(gc) => AnyWeak::Plain(Gc::downgrade_with(gc, callback)),
            Self::Final(gc) => AnyWeak::Final(Gc::downgrade_with(gc, callback)),
        }
    }
}

fn record(number: usize, acts: Vec<Act>) -> Rc<Record> {
    let record = Rc::new(Record {
        number,
        generation: Cell::new(0),
        edges: Default::default(),
        finalized: Cell::new(0),
        dropped: Cell::new(0),
        acts,
        reported: Cell::new(false),
        field: RefCell::new(None),
    });
    world(|world| {
        let mut records = world.records.borrow_mut();
        if records.len() <= number {
            records.resize(number + 1, None);
        }
        records[number] = Some(record.clone());
    });
    record
}

impl AnyWeak {
    pub(crate) fn upgrade(&self) -> Option<Any> {
        match self {
            Self::Plain(weak) => weak.upgrade().map(Any::Plain),
            Self::Final(weak) => weak.upgrade().map(Any::Final),
        }
    }

    pub(crate) fn is_alive(&self) -> bool {
        match self {
            Self::Plain(weak) => weak.strong_count() > 0,
            Self::Final(weak) => weak.strong_count() > 0,
        }
    }
}

impl Body {
    /// Changes a slot; what it held is the caller's to drop, with nothing borrowed.
    #[must_use]
    pub(crate) fn set(&self, slot: usize, new: Option<Any>) -> Option<Any> {
        self.record.0.0.edges[slot].set(new.as_ref().map(Any::number));
        self.slots[slot].replace(new)
    }
}

impl Finalize for Final {
    fn finalize(&self) {
        if world(|world| world.cleaning.get()) {
            return;
        }
        let record = &self.body.record.0.0;
        record.finalized.set(record.finalized.get() + 1);
        log(Event::Finalized(record.number));
        record.acts.iter().for_each(|act| self.act(act));
        log(Event::Done(record.number));
    }
}

impl Final {
    fn act(&self, act: &Act) {
        match *act {
            Act::Rescue(root) => world(|world| world.put(root, self.me.upgrade().map(Any::Final))),
            Act::Unlink(slot) => drop(self.body.set(slot, None)),
            Act::UnlinkOf(via, slot) => {
                let child = self.body.slots[via].borrow().clone();
                let old = child.as_ref().and_then(|child| child.body().set(slot, None));
                drop(child);
                drop(old);
            }
            Act::New(number, root) => {
                let new = Any::new(number, None);
                world(|world| world.put(root, Some(new)));
            }
            Act::Adopt(number, slot) => {
                let new = Any::new(number, None);
                drop(self.body.set(slot, Some(new)));
            }
            Act::Clear(root) => world(|world| world.put(root, None)),
            Act::Pick(slot, root) => {
                let picked = self.body.slots[slot].borrow().clone();
                if picked.is_some() {
                    world(|world| world.put(root, picked));
                }
            }
            Act::Collect => world(collect),
        }
    }
}

/// A full collection behind a door: it works unless another one is running.
fn collect(world: &World) {
    let full = || gc::stats().generations[2].collections;
    let (before, alive) = (full(), world.alive());
    let collected = gc::collect();
    if full() > before {
        world.grow_older(2);
    }
    let died = alive.iter().filter(|record| record.dropped.get() > 0);
    let garbage: BTreeSet<usize> = died.map(|record| record.number).collect();
    let is_known = garbage.len() == collected;
    world.cut.set(world.cut.get() || !is_known);
    log(Event::Collected(oracle::still_cyclic(world, &garbage).len()));
}
