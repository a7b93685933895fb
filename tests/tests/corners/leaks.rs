//! What is forgotten, leaked, or dropped by hand only, leaks at worst. Each test undoes what it did, so that nothing leaks
//! from it.

use std::cell::{Cell, RefCell};
use std::mem::{self, ManuallyDrop};
use std::rc::Rc;
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, RwLock};
use std::thread;

use gc_core::weak::map::Entry;
use gc_core::weak::{WeakMap, WeakSet};
use gc_core::{Finalize, Gc, Leaf, Trace, gc};
use gc_tests::{Counted, Node, dropped, finalized, link, node, ring};

use crate::collect_automatically;

/// Gives up one pointer too many was forgotten.
fn remember<T: ?Sized>(forgotten: &Gc<T>) {
    // SAFETY: a pointer was forgotten, whose count nobody else gives up.
    unsafe { Gc::decrement_strong_count(Gc::as_ptr(forgotten)) };
}

#[test]
fn a_forgotten_pointer_keeps_its_value_and_all_it_leads_to() {
    for make in [node, || ring(3)] {
        let held = make();
        link(&held, &node());
        let (weak, before) = (Gc::downgrade(&held), dropped());
        mem::forget(held);
        collect_automatically();
        assert_eq!((gc::collect(), dropped() - before >= 1), (0, false));
        let found = weak.upgrade().expect("alive");
        assert!(Gc::strong_count(&found) >= 2);
        remember(&found);
        drop(found);
        gc::collect();
        assert_eq!(gc::stats().live_objects, 0);
    }
}

#[test]
fn a_value_of_a_forgotten_pointer_is_not_given_away() {
    let held = node();
    mem::forget(held.clone());
    let Err(mut held) = Gc::try_unwrap(held) else { panic!("it is shared") };
    assert!(Gc::get_mut(&mut held).is_none());
    remember(&held);
    assert!(Gc::try_unwrap(held).is_ok());
}

#[test]
fn a_cell_whose_guard_is_leaked_is_left_alone_for_ever() {
    #[derive(Trace, Default)]
    struct Owner(RefCell<Option<Gc<Owner>>>);

    // As garbage: a ring through the cell, which is mutably borrowed and will stay so.
    let held = Gc::new(Owner::default());
    *held.0.borrow_mut() = Some(held.clone());
    let weak = Gc::downgrade(&held);
    mem::forget(held.0.borrow_mut());
    drop(held);
    for _ in 0..3 {
        collect_automatically();
        assert_eq!(gc::collect(), 0, "it looks as if it were held");
    }
    let found = weak.upgrade().expect("alive");
    // SAFETY: nobody has the reference that was leaked.
    drop(unsafe { (*found.0.as_ptr()).take() });
    drop(found);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));

    // A leaked shared borrow hides nothing.
    let held = Gc::new(Owner::default());
    *held.0.borrow_mut() = Some(held.clone());
    mem::forget(held.0.borrow());
    drop(held);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
}

#[test]
fn a_cell_whose_guard_is_leaked_is_dropped_with_its_box() {
    let cell = Gc::new(RefCell::new(ring(2)));
    mem::forget(cell.borrow_mut());
    let mutex = Gc::new(Mutex::new(ring(2)));
    mem::forget(mutex.lock().unwrap());
    let lock = Gc::new(RwLock::new(ring(2)));
    mem::forget(lock.write().unwrap());
    drop((cell.clone(), mutex.clone(), lock.clone()));
    collect_automatically();
    assert_eq!((gc::collect(), finalized()), (0, 0));
    drop((cell, mutex, lock));
    assert_eq!((gc::collect(), finalized(), gc::stats().live_objects), (6, 6, 0));
}

#[test]
fn a_value_whose_cell_is_leaked_is_not_finalized() {
    #[derive(Trace, Default)]
    #[trace(finalize)]
    struct Final(Leaf<Counted>);
    thread_local!(static RAN: Cell<usize> = const { Cell::new(0) });
    impl Finalize for Final {
        fn finalize(&self) {
            RAN.set(RAN.get() + 1);
        }
    }
    let (left, leaked) = (Gc::new(RefCell::new(Final::default())), Gc::new(RefCell::new(Final::default())));
    mem::forget(leaked.borrow_mut());
    drop((left, leaked));
    assert_eq!((RAN.get(), dropped()), (1, 2));
}

#[test]
fn what_is_dropped_by_hand_only_counts_as_held_until_then() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<Owner>>>, ManuallyDrop<Gc<Node>>);

    let inside = ring(2);
    let weak = Gc::downgrade(&inside);
    let owner = Gc::new(Owner(RefCell::default(), ManuallyDrop::new(inside)));
    *owner.0.borrow_mut() = Some(owner.clone());
    drop((owner.clone(), weak.upgrade()));
    collect_automatically();
    drop(owner);
    assert_eq!((gc::collect(), dropped()), (1, 0), "what it led to is leaked");
    let found = weak.upgrade().expect("alive");
    remember(&found);
    drop(found);
    assert_eq!((gc::collect(), dropped()), (2, 2));

    // Dropped by hand, and still in a box that is looked into.
    let mut owner = Gc::new(Owner(RefCell::default(), ManuallyDrop::new(ring(2))));
    // SAFETY: it is not used again.
    unsafe { ManuallyDrop::drop(&mut Gc::get_mut(&mut owner).unwrap().1) };
    *owner.0.borrow_mut() = Some(owner.clone());
    drop(owner.clone());
    assert_eq!(gc::collect(), 2);
    drop(owner);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
}

#[test]
fn a_cycle_through_what_is_not_traced_leaks_and_nothing_more() {
    #[derive(Trace, Default)]
    struct Owner(RefCell<Option<Leaf<Rc<Gc<Owner>>>>>, Leaf<Counted>);

    let held = Gc::new(Owner::default());
    *held.0.borrow_mut() = Some(Leaf(Rc::new(held.clone())));
    let weak = Gc::downgrade(&held);
    drop(held);
    collect_automatically();
    assert_eq!((gc::collect(), dropped()), (0, 0));
    drop(weak.upgrade().expect("alive").0.take());
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}

#[test]
fn elements_of_a_forgotten_drain_leak_and_the_vector_is_whole() {
    let held = node();
    let elements = [ring(2), ring(2), ring(2)];
    held.edges.borrow_mut().extend(elements.iter().cloned());
    mem::forget(held.edges.borrow_mut().drain(1..));
    // The guard is a temporary of that statement, and is gone.
    assert_eq!(held.edges.borrow().len(), 1);
    collect_automatically();
    drop(held);
    assert_eq!(gc::collect(), 0);
    let [_, leaked @ ..] = &elements;
    leaked.iter().for_each(remember);
    drop(elements);
    assert_eq!((gc::collect(), gc::stats().live_objects), (6, 0));
}

#[test]
fn what_a_forgotten_entry_lends_counts_as_held() {
    #[derive(Trace)]
    struct Value(Gc<Node>);

    let (map, key): (WeakMap<Node, Value>, _) = (WeakMap::new(), node());
    map.insert(&key, Value(ring(2)));
    let mut lent = ManuallyDrop::new(match map.entry(&key) {
        Entry::Occupied(entry) => entry,
        Entry::Vacant(_) => panic!("it is there"),
    });
    drop(key.clone());
    collect_automatically();
    assert_eq!((gc::collect(), map.len(), lent.get().0.edges.borrow().len()), (0, 1, 1));
    map.clear();
    assert_eq!((gc::collect(), map.len(), dropped()), (0, 0, 0), "it is lent");
    // SAFETY: it is not used again.
    unsafe { ManuallyDrop::drop(&mut lent) };
    assert_eq!((gc::collect(), dropped()), (2, 2));
}

#[test]
fn forgotten_iterators_of_weak_collections_pin_nothing() {
    let (map, set, keys) = (WeakMap::new(), WeakSet::new(), [ring(2), ring(2), ring(2)]);
    for key in &keys {
        map.insert(key, 1);
        set.insert(key);
    }
    let mut steps = ManuallyDrop::new((map.iter(), map.keys(), map.values(), set.iter()));
    drop((steps.0.next(), steps.1.next(), steps.2.next(), steps.3.next()));
    drop(keys);
    assert_eq!((gc::collect(), map.len(), set.len()), (6, 0, 0));
    assert!(steps.0.next().is_none() && steps.3.next().is_none());
    // SAFETY: it is not used again.
    unsafe { ManuallyDrop::drop(&mut steps) };
}

#[test]
fn a_forgotten_pause_lasts() {
    mem::forget(gc::pause());
    (0..2_000).for_each(|_| drop(ring(2)));
    assert_eq!((gc::stats().generations[0].collections, gc::collect()), (0, 4_000));
}

#[test]
fn a_thread_that_forgot_to_go_on_collects_as_it_ends() {
    /// Says how much was dropped before.
    struct Says(Sender<usize>);
    impl Drop for Says {
        fn drop(&mut self) {
            self.0.send(dropped()).expect("somebody listens");
        }
    }
    // Touched before the heap is, and destroyed after it was told of the thread's end.
    thread_local!(static EARLY: Cell<Option<Says>> = const { Cell::new(None) });

    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(|| {
        EARLY.set(Some(Says(sender)));
        mem::forget(gc::pause());
        gc::disable();
        drop(ring(4));
    });
    thread.join().unwrap();
    assert_eq!(receiver.recv(), Ok(4));
}

#[test]
fn a_forgotten_weak_pointer_keeps_the_memory_and_not_the_value() {
    let held = node();
    let raw = Gc::downgrade(&held).into_raw();
    let watch = Box::leak(Box::new(Gc::downgrade_with(&held, || gc_tests::log("called"))));
    drop(held);
    assert_eq!((dropped(), gc_tests::take_log()), (1, vec!["called".to_owned()]));
    // SAFETY: these are what was leaked above, and not used again.
    let leaked = unsafe { (Box::from_raw(watch), gc_core::Weak::from_raw(raw)) };
    assert!(leaked.0.upgrade().is_none() && leaked.1.upgrade().is_none());
}
