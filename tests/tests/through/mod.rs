//! Cycles through values of any traced type.

#![allow(dead_code, unused_macros, unused_imports, reason = "not every feature has a test for each kind of type")]

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use gc_core::{Gc, Leaf, Trace, gc};

/// Counts the drops of the nodes made with it.
#[derive(Clone, Default)]
pub(crate) struct Drops(pub(crate) Rc<Cell<usize>>);

impl Drops {
    pub(crate) fn count(&self) -> usize {
        self.0.get()
    }
}

/// Adds one to its `Drops` when it goes.
pub(crate) struct OnDrop(pub(crate) Drops);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.0.set(self.0.count() + 1);
    }
}

/// A node that holds others through a value of any traced type.
#[derive(Trace)]
pub(crate) struct Node {
    id: usize,
    pub(crate) through: RefCell<Option<Box<dyn Trace>>>,
    _on_drop: Leaf<OnDrop>,
}

impl Node {
    pub(crate) fn new(id: usize, drops: &Drops) -> Gc<Self> {
        Gc::new(Self { id, through: RefCell::new(None), _on_drop: Leaf(OnDrop(drops.clone())) })
    }

    pub(crate) fn hold(&self, value: impl Trace + 'static) {
        *self.through.borrow_mut() = Some(Box::new(value));
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// Makes a hub that holds, inside the value `make` returns, every spoke that `make` asked for; each spoke holds the
/// hub. Asserts that the hub's edges are those spokes, that all live while the hub is held, and that one collection
/// reclaims them afterwards.
#[track_caller]
pub(crate) fn assert_reclaimed_through<C: Trace + 'static>(make: impl FnOnce(&dyn Fn() -> Gc<Node>) -> C) {
    let drops = Drops::default();
    let hub = Node::new(0, &drops);
    let spokes = Cell::new(0);
    hub.hold(make(&|| {
        spokes.set(spokes.get() + 1);
        let spoke = Node::new(spokes.get(), &drops);
        spoke.hold(hub.clone());
        spoke
    }));

    assert!(C::has_edges());
    assert_eq!(Gc::referents(&hub).len(), spokes.get(), "edges of the hub");
    assert_eq!(gc::collect(), 0, "nothing is garbage while the hub is held");
    drop(hub);
    assert_eq!(drops.count(), 0, "a cycle is not freed by counting");
    assert_eq!(gc::collect(), spokes.get() + 1);
    assert_eq!(drops.count(), spokes.get() + 1);
}

/// Asserts that a cycle through the value that `make` returns is held from outside: sound, and never reclaimed.
#[track_caller]
pub(crate) fn assert_held_through<C: Trace + 'static>(make: impl FnOnce(Gc<Node>) -> C) {
    let drops = Drops::default();
    let node = Node::new(0, &drops);
    node.hold(make(node.clone()));
    let weak = Gc::downgrade(&node);
    assert!(Gc::referents(&node).is_empty());

    drop(node);
    assert_eq!(gc::collect(), 0);

    weak.upgrade().expect("the cycle is still there").through.take();
    assert_eq!(drops.count(), 1);
}

/// Asserts that a box of this type is a plain counted one.
#[track_caller]
pub(crate) fn assert_untracked<T: Trace + 'static>(value: T) {
    assert!(!T::has_edges());
    assert!(!Gc::is_tracked(&Gc::new(value)));
}

/// Asserts that a ring whose only edge lies in a locked cell survives a collection, and is reclaimed by a later one
/// although nothing but the lock changed.
macro_rules! survives_while_locked {
    ($test:ident: $cell:ident $(.$lock:ident())+) => {
        #[test]
        #[expect(unsafe_code, reason = "a guard that outlives the last pointer to its cell")]
        fn $test() {
            #[derive(Trace)]
            struct Ring {
                next: $cell<Option<Gc<Ring>>>,
                _on_drop: Leaf<OnDrop>,
            }

            let drops = Drops::default();
            let ring = Gc::new(Ring { next: $cell::new(None), _on_drop: Leaf(OnDrop(drops.clone())) });
            let cell = &raw const ring.next;
            // SAFETY: `ring` keeps the box until it holds itself. Its `next` is locked by then, so the box is not freed
            // before the guard is dropped; that is what this test asserts.
            let cell = unsafe { &*cell };
            let mut guard = cell$(.$lock())+;
            *guard = Some(ring.clone());
            drop(ring);

            assert_eq!(gc::collect(), 0);
            assert_eq!(drops.count(), 0);

            drop(guard);
            assert_eq!(gc::collect(), 1);
            assert_eq!(drops.count(), 1);
        }
    };
}

pub(crate) use survives_while_locked;
