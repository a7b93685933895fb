//! Cells that are borrowed or taken, locks that are held or poisoned, while collections come by themselves.

use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{LazyLock, Mutex, OnceLock, RwLock};

use gc_core::{Gc, Trace, Weak, gc};
use gc_tests::{Node, dropped, finalized, link, node, ring};

use crate::collect_automatically;

/// An owner of itself, and of a ring that only its cell leads to.
struct Held<C> {
    owner: Gc<Owner<C>>,
    ring: Weak<Node>,
}

#[derive(Trace)]
struct Owner<C> {
    cell: C,
    me: RefCell<Option<Gc<Owner<C>>>>,
}

/// An owner of itself.
fn owner<C: Trace + 'static>(cell: C) -> Gc<Owner<C>> {
    let owner = Gc::new(Owner { cell, me: RefCell::default() });
    *owner.me.borrow_mut() = Some(owner.clone());
    owner
}

fn held<C: Trace + 'static>(cell: impl FnOnce(Gc<Node>) -> C) -> Held<C> {
    let inside = ring(2);
    let ring = Gc::downgrade(&inside);
    Held { owner: owner(cell(inside)), ring }
}

impl<C: Trace + 'static> Held<C> {
    /// Collections come by themselves and when they are asked for, and find nothing to reclaim but what is garbage.
    fn collect(&self) {
        drop((self.owner.clone(), self.ring.upgrade(), ring(3)));
        let before = dropped();
        collect_automatically();
        gc::collect();
        assert!(self.ring.upgrade().is_some(), "the ring is alive");
        assert!(dropped() - before >= 3, "garbage is reclaimed all the same");
    }

    /// Nothing is held any more.
    fn end(self) {
        self.collect();
        let before = finalized();
        drop(self.owner);
        assert_eq!(gc::collect(), 3);
        assert!(self.ring.upgrade().is_none());
        assert_eq!((finalized() - before, gc::stats().live_objects, gc::stats().candidates), (2, 0, 0));
    }
}

#[test]
fn a_borrowed_cell_is_looked_into_or_left_for_later() {
    let shared = held(RefCell::new);
    let borrowed = shared.owner.cell.borrow();
    shared.collect();
    assert_eq!(borrowed.edges.borrow().len(), 1);
    drop(borrowed);
    shared.end();

    let mutable = held(RefCell::new);
    let mut borrowed = mutable.owner.cell.borrow_mut();
    mutable.collect();
    // What is put in and taken out meanwhile is nobody's business.
    let kept = std::mem::replace(&mut *borrowed, node());
    mutable.collect();
    *borrowed = kept;
    drop(borrowed);
    mutable.end();
}

#[test]
fn what_was_taken_out_of_a_cell_is_held_by_the_stack() {
    let held = held(|ring| Cell::new(Some(ring)));
    let taken = held.owner.cell.take();
    held.collect();
    let borrowed = taken.as_ref().expect("it was there");
    assert_eq!(borrowed.edges.borrow().len(), 1);
    held.owner.cell.set(taken);
    held.end();
}

#[test]
fn a_cell_may_be_replaced_by_what_a_collection_runs() {
    let held = held(|ring| Cell::new(Some(ring)));
    let (owner, doomed) = (held.owner.clone(), node());
    // The callback takes the value out, looks at it and puts it back, amid a collection.
    let _watch = Gc::downgrade_with(&doomed, move || {
        let taken = owner.cell.take();
        (0..2_000).for_each(|_| drop(ring(2)));
        owner.cell.set(taken);
    });
    link(&doomed, &doomed);
    drop(doomed);
    collect_automatically();
    gc::collect();
    held.end();
}

#[test]
fn a_once_cell_that_is_being_filled_has_nothing_yet() {
    fn fill<C: Trace + 'static>(cell: C, fill: impl FnOnce(&C, &dyn Fn() -> Gc<Node>)) {
        let (owner, inside) = (owner(cell), ring(2));
        fill(&owner.cell, &|| {
            drop(owner.clone());
            collect_automatically();
            inside.clone()
        });
        let ring = Gc::downgrade(&inside);
        drop(inside);
        Held { owner, ring }.end();
    }
    fill(OnceCell::new(), |cell, make| {
        cell.get_or_init(make);
    });
    fill(OnceLock::new(), |cell, make| {
        cell.get_or_init(make);
    });
}

#[test]
fn a_lazy_cell_that_is_being_forced_has_nothing_yet() {
    type Make = Box<dyn FnOnce() -> Gc<Node>>;

    fn force<C: Trace + 'static>(lazy: fn(Make) -> C, force: fn(&C) -> &Gc<Node>) {
        let inside = ring(2);
        let ring = Gc::downgrade(&inside);
        let make: Make = Box::new(move || {
            collect_automatically();
            gc::collect();
            inside
        });
        let held = Held { owner: owner(lazy(make)), ring };
        held.collect();
        drop(held.owner.clone());
        assert_eq!(force(&held.owner.cell).edges.borrow().len(), 1);
        held.end();
    }
    force(LazyCell::new, |cell| cell);
    force(LazyLock::new, |cell| cell);
}

#[test]
fn a_lazy_cell_that_panicked_has_nothing_at_all() {
    fn poisoned<C: Trace + 'static>(cell: C, force: fn(&C)) {
        let held = owner(cell);
        for _ in 0..2 {
            assert!(catch_unwind(AssertUnwindSafe(|| force(&held.cell))).is_err());
            drop(held.clone());
            collect_automatically();
        }
        gc::collect();
        assert_eq!(Gc::strong_count(&held), 2);
        drop(held);
        assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
    }
    fn panics() -> Gc<Node> {
        resume_unwind(Box::new("on purpose"))
    }
    poisoned(LazyCell::<Gc<Node>, fn() -> Gc<Node>>::new(panics), |cell| drop(LazyCell::force(cell).clone()));
    poisoned(LazyLock::<Gc<Node>, fn() -> Gc<Node>>::new(panics), |cell| drop(LazyLock::force(cell).clone()));
    poisoned(OnceCell::<Gc<Node>>::new(), |cell| drop(cell.get_or_init(panics).clone()));
    poisoned(OnceLock::<Gc<Node>>::new(), |cell| drop(cell.get_or_init(panics).clone()));
}

#[test]
fn a_lock_that_is_held_is_left_for_later() {
    let mutex = held(Mutex::new);
    let guard = mutex.owner.cell.lock().unwrap();
    mutex.collect();
    assert_eq!(guard.edges.borrow().len(), 1);
    drop(guard);
    mutex.end();

    let read = held(RwLock::new);
    let guards = [read.owner.cell.read().unwrap(), read.owner.cell.read().unwrap()];
    read.collect();
    drop(guards);
    read.end();

    let written = held(RwLock::new);
    let guard = written.owner.cell.write().unwrap();
    written.collect();
    drop(guard);
    written.end();
}

#[test]
fn a_poisoned_lock_is_looked_into_unless_it_is_held() {
    fn poison(lock: impl FnOnce()) {
        assert!(catch_unwind(AssertUnwindSafe(lock)).is_err());
    }

    let mutex = held(Mutex::new);
    poison(|| {
        let _guard = mutex.owner.cell.lock().unwrap();
        resume_unwind(Box::new("on purpose"));
    });
    mutex.collect();
    let guard = mutex.owner.cell.lock().err();
    mutex.collect();
    drop(guard);
    mutex.end();

    let lock = held(RwLock::new);
    poison(|| {
        let _guard = lock.owner.cell.write().unwrap();
        resume_unwind(Box::new("on purpose"));
    });
    lock.collect();
    let guard = lock.owner.cell.write().err();
    lock.collect();
    drop(guard);
    lock.end();
}

#[test]
fn a_lock_that_a_panic_of_a_collection_poisons_is_looked_into() {
    let held = held(Mutex::new);
    let doomed = ring(1);
    let _watch = Gc::downgrade_with(&doomed, || resume_unwind(Box::new("on purpose")));
    drop(doomed);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guard = held.owner.cell.lock().unwrap();
        collect_automatically();
    }));
    assert!(panicked.is_err() && held.owner.cell.is_poisoned());
    held.end();
}

#[test]
fn garbage_behind_a_cell_that_was_busy_is_found_by_an_automatic_collection() {
    let held = held(RefCell::new);
    let borrowed = held.owner.cell.borrow_mut();
    // It is old and a candidate, and nobody will suspect it again.
    drop(held.owner.clone());
    gc::collect();
    drop(borrowed);
    let Held { owner, ring } = held;
    drop(owner);
    for _ in 0..200_000 {
        drop(node());
    }
    assert!(ring.upgrade().is_none());
}
