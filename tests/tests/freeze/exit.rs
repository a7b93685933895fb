//! The end of a thread whose heap is frozen.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use gc_core::{Finalize, Gc, Leaf, Trace, gc};

/// Counts drops of all threads in a counter of its test's own.
struct Tally(&'static AtomicUsize);

impl Drop for Tally {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Item {
    next: RefCell<Option<Gc<Item>>>,
    finalizer: fn(),
    tally: Leaf<Tally>,
}

impl Finalize for Item {
    fn finalize(&self) {
        (self.finalizer)();
    }
}

/// Owns itself.
fn circle(tally: &'static AtomicUsize, finalizer: fn()) -> Gc<Item> {
    let item = Gc::new(Item { next: RefCell::new(None), finalizer, tally: Leaf(Tally(tally)) });
    *item.next.borrow_mut() = Some(item.clone());
    item
}

#[test]
fn frozen_garbage_is_reclaimed() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread::spawn(|| {
        let held = [(); 3].map(|()| circle(&TALLY, || ()));
        drop(circle(&TALLY, || ()));
        gc::freeze();
        drop(held);
        gc::collect();
        assert_eq!(TALLY.load(Relaxed), 0);
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 4);
}

#[test]
fn what_finalizers_freeze_meanwhile_is_reclaimed_too() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread::spawn(|| {
        drop(circle(&TALLY, || {
            drop(circle(&TALLY, || drop(circle(&TALLY, gc::freeze))));
            gc::freeze();
        }));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3);
}

#[test]
fn what_a_later_thread_local_freezes_and_drops_is_reclaimed() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);

    struct Holder(RefCell<Vec<Gc<Item>>>);
    impl Drop for Holder {
        fn drop(&mut self) {
            gc::freeze();
            self.0.take();
        }
    }
    thread_local!(static EARLY: Holder = const { Holder(RefCell::new(Vec::new())) });

    thread::spawn(|| {
        // Registered before the heap: destroyed after it.
        EARLY.with(|held| assert!(held.0.borrow().is_empty()));
        let circles = [(); 3].map(|()| circle(&TALLY, || ()));
        EARLY.with(|held| held.0.borrow_mut().extend(circles));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3);
}
