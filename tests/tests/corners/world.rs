//! What the matrix is played with: values that say what happens to them, and a few that act and door can both reach.

use std::any::Any;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, Weak, impl_trace_leaf};

use crate::case::{Case, Door, Event};

/// Part of a value: numbers it, notes down its drop, and is a door then.
pub(crate) struct Tally {
    pub(crate) number: usize,
    door: Door,
    case: Rc<Case>,
}

impl Tally {
    pub(crate) fn new(case: &Rc<Case>, door: Door) -> Self {
        Self { number: case.log.number(), door, case: case.clone() }
    }

    /// What this is part of is whole.
    pub(crate) fn look(&self) {
        assert!(!self.case.log.is_dropped(self.number), "{} is dropped", self.number);
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.case.log.push(Event::Dropped(self.number));
        self.case.pass(self.door, None);
    }
}

/// A node of any graph, with a finalizer and a `Clone`, both doors.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Thing {
    pub(crate) edges: RefCell<Vec<Gc<Thing>>>,
    pub(crate) tally: Leaf<Tally>,
}

impl Thing {
    pub(crate) fn new(case: &Rc<Case>) -> Self {
        Self { edges: RefCell::default(), tally: Leaf(Tally::new(case, Door::ValueDrop)) }
    }

    /// It is whole, and so is what it leads to.
    pub(crate) fn look(&self) {
        self.tally.look();
        if let Ok(edges) = self.edges.try_borrow() {
            edges.iter().for_each(|edge| edge.tally.look());
        }
    }
}

impl Finalize for Thing {
    fn finalize(&self) {
        self.look();
        self.tally.case.log.push(Event::Finalized(self.tally.number));
        self.tally.case.pass(Door::Finalizer, Some(self));
        self.look();
    }
}

impl Clone for Thing {
    fn clone(&self) -> Self {
        self.tally.case.pass(Door::Clone, Some(self));
        self.look();
        let edges = self.edges.try_borrow().map(|edges| edges.clone()).unwrap_or_default();
        Self { edges: edges.into(), ..Self::new(&self.tally.case) }
    }
}

/// What is in a weak map. Its drop is a door.
#[derive(Trace)]
pub(crate) struct Kept {
    pub(crate) edges: Vec<Gc<Thing>>,
    tally: Leaf<Tally>,
}

impl Kept {
    pub(crate) fn new(case: &Rc<Case>, edges: Vec<Gc<Thing>>) -> Self {
        Self { edges, tally: Leaf(Tally::new(case, Door::EntryDrop)) }
    }
}

/// Its `Eq`, its `Hash` and its drop are doors.
pub(crate) struct Key(u32, Tally);

impl Key {
    pub(crate) fn new(case: &Rc<Case>, key: u32) -> Self {
        Self(key, Tally::new(case, Door::KeyDrop))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.1.case.pass(Door::Eq, None);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.case.pass(Door::Hash, None);
        self.0.hash(state);
    }
}

impl_trace_leaf!(Key);

/// Its `trace` is a door.
pub(crate) struct Traced(pub(crate) Rc<Case>, pub(crate) Vec<Gc<Thing>>);

// SAFETY: what it owns is reported once (T1, T2). What an act does in the door makes boxes and drops them again, and touches
// no box that was there before (T3).
unsafe impl Trace for Traced {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.pass(Door::Trace, None);
        self.1.trace(tracer);
    }
}

/// Owns one of everything that is no [`Thing`].
#[derive(Trace, Default)]
pub(crate) struct Owner {
    pub(crate) me: RefCell<Option<Gc<Owner>>>,
    pub(crate) things: RefCell<Vec<Gc<Thing>>>,
    pub(crate) leaf: Option<Gc<Tally>>,
    pub(crate) traced: Option<Traced>,
    pub(crate) map: WeakMap<Thing, Kept>,
    pub(crate) values: WeakValueMap<Key, Thing>,
}

impl Owner {
    /// In a box, owned by itself too.
    pub(crate) fn ring(self) -> Gc<Self> {
        let owner = Gc::new(self);
        *owner.me.borrow_mut() = Some(owner.clone());
        owner
    }
}

type Slot<T> = RefCell<Option<Gc<T>>>;

/// What acts can reach.
#[derive(Default)]
pub(crate) struct World {
    /// Leads to three others: a ring of two, and one that leads back.
    pub(crate) hub: Slot<Thing>,
    /// The only pointer to it, weak ones included.
    pub(crate) lonely: Slot<Thing>,
    /// The last strong pointer to it. It is watched.
    pub(crate) last: Slot<Thing>,
    pub(crate) saved: RefCell<Vec<Gc<Thing>>>,
    /// One for each thing that was ever made by [`thing`], and still has a box.
    pub(crate) weaks: RefCell<Vec<Weak<Thing>>>,
    pub(crate) guards: RefCell<Vec<Box<dyn Any>>>,
    pub(crate) map: WeakMap<Thing, Kept>,
    pub(crate) set: WeakSet<Thing>,
    pub(crate) values: WeakValueMap<Key, Thing>,
}

thread_local! {
    /// What acts hold elsewhere.
    pub(crate) static ELSEWHERE: RefCell<Vec<Gc<Thing>>> = const { RefCell::new(Vec::new()) };
}

/// A new thing, to which the world has a weak pointer.
pub(crate) fn thing(case: &Rc<Case>) -> Gc<Thing> {
    let thing = Gc::new(Thing::new(case));
    case.world.know(&thing);
    thing
}

/// Draws an edge.
pub(crate) fn link(from: &Gc<Thing>, to: &Gc<Thing>) {
    from.edges.borrow_mut().push(to.clone());
}

/// Notes down that `thing` died.
pub(crate) fn watch(case: &Case, thing: &Gc<Thing>) {
    let (log, number) = (case.log.clone(), thing.tally.number);
    let watch = Gc::downgrade_with(thing, move || log.push(Event::Called(number)));
    case.world.guards.borrow_mut().push(Box::new(watch));
}

/// Makes the world of a case.
pub(crate) fn fill(case: &Rc<Case>) {
    let [hub, one, two, back, last] = [(); 5].map(|()| thing(case));
    for other in [&one, &two, &back] {
        link(&hub, other);
    }
    link(&one, &two);
    link(&two, &one);
    link(&back, &hub);
    watch(case, &one);
    watch(case, &last);
    let world = &case.world;
    world.map.insert(&one, Kept::new(case, vec![two.clone()]));
    world.map.insert(&last, Kept::new(case, vec![hub.clone()]));
    assert!(world.set.insert(&hub) && world.set.insert(&last));
    world.values.insert(Key::new(case, 1), &two);
    world.values.insert(Key::new(case, 2), &last);
    world.hub.replace(Some(hub));
    world.last.replace(Some(last));
    world.lonely.replace(Some(Gc::new(Thing::new(case))));
}

/// Three things in a ring, of which one leads to the hub and one, which is watched, to one more.
pub(crate) fn garbage(case: &Rc<Case>) -> Gc<Thing> {
    let things = [(); 4].map(|()| thing(case));
    for from in 0..3 {
        link(&things[from], &things[(from + 1) % 3]);
    }
    link(&things[1], &case.world.hub());
    link(&things[2], &things[3]);
    watch(case, &things[2]);
    let [first, ..] = things;
    first
}

/// So many things, each owned by the one before.
pub(crate) fn chain(case: &Rc<Case>, length: usize) -> Gc<Thing> {
    chain_onto(case, thing(case), length - 1)
}

/// So many things before `last`.
pub(crate) fn chain_onto(case: &Rc<Case>, last: Gc<Thing>, length: usize) -> Gc<Thing> {
    (0..length).fold(last, |next, _| {
        let thing = thing(case);
        thing.edges.borrow_mut().push(next);
        thing
    })
}

impl World {
    pub(crate) fn know(&self, thing: &Gc<Thing>) {
        self.weaks.borrow_mut().push(Gc::downgrade(thing));
    }

    /// Where nothing was let go yet.
    pub(crate) fn hub(&self) -> Gc<Thing> {
        self.hub.borrow().clone().expect("nothing was let go")
    }

    /// Everything that is alive.
    pub(crate) fn upgraded(&self) -> Vec<Gc<Thing>> {
        self.weaks.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    /// Everything that is alive is whole.
    pub(crate) fn check(&self) {
        self.upgraded().iter().for_each(|thing| thing.look());
        let handles = [&self.hub, &self.lonely, &self.last].map(|slot| slot.borrow().clone());
        handles.iter().flatten().for_each(|thing| thing.look());
        self.saved.borrow().iter().for_each(|thing| thing.look());
        self.map.keys().for_each(|key| key.look());
        self.set.iter().for_each(|member| member.look());
        self.values.values().for_each(|value| value.look());
    }

    /// Lets everything go.
    pub(crate) fn clear(&self) {
        let _ = ELSEWHERE.try_with(RefCell::take);
        drop(self.saved.take());
        drop([&self.last, &self.lonely, &self.hub].map(RefCell::take));
        self.map.clear();
        self.set.clear();
        self.values.clear();
        drop(self.guards.take());
        drop(self.weaks.take());
    }
}
