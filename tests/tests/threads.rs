//! The end of threads, and of the thread-locals that hold boxes.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};

/// Counts drops of all threads in a counter of its test's own.
struct Tally(&'static AtomicUsize);

impl Drop for Tally {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[derive(Trace)]
struct Item {
    next: RefCell<Option<Gc<Item>>>,
    tally: Leaf<Tally>,
}

fn item(tally: &'static AtomicUsize) -> Gc<Item> {
    Gc::new(Item { next: RefCell::new(None), tally: Leaf(Tally(tally)) })
}

fn pair(tally: &'static AtomicUsize) -> Gc<Item> {
    let (one, two) = (item(tally), item(tally));
    *one.next.borrow_mut() = Some(two.clone());
    *two.next.borrow_mut() = Some(one.clone());
    one
}

#[test]
fn cyclic_garbage_is_collected_at_thread_exit() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread::spawn(|| drop(pair(&TALLY))).join().unwrap();
    assert_eq!(TALLY.load(Relaxed), 2);
}

#[test]
fn a_thread_that_panics_leaves_no_garbage() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    let result = thread::spawn(|| {
        let _held = pair(&TALLY);
        panic!("on purpose");
    })
    .join();
    assert!(result.is_err());
    assert_eq!(TALLY.load(Relaxed), 2);
}

#[test]
fn a_ring_in_a_thread_local_that_dies_after_the_heaps_exit_is_collected() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static EARLY: RefCell<Vec<Gc<Item>>> = const { RefCell::new(Vec::new()) });
    thread::spawn(|| {
        // Registered before the heap: destroyed after it.
        EARLY.with_borrow_mut(|held| assert!(held.is_empty()));
        let rings = [pair(&TALLY), pair(&TALLY)];
        EARLY.with_borrow_mut(|held| held.extend(rings));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 4);
}

#[test]
fn a_ring_in_a_thread_local_that_dies_before_the_heaps_exit_is_collected() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static LATE: RefCell<Option<Gc<Item>>> = const { RefCell::new(None) });
    thread::spawn(|| {
        drop(item(&TALLY));
        LATE.set(Some(pair(&TALLY)));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3);
}

#[test]
fn boxes_are_made_and_dropped_while_thread_locals_are_torn_down() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);

    struct MakesGarbage(Cell<Option<Weak<Item>>>);
    impl Drop for MakesGarbage {
        fn drop(&mut self) {
            assert!(self.0.take().is_some_and(|weak| weak.upgrade().is_none()));
            for _ in 0..1_000 {
                drop(pair(&TALLY));
                drop(item(&TALLY));
                drop(Gc::new([0_u8; 4000]));
            }
            assert!(gc::stats().live_objects <= 1_500);
        }
    }
    thread_local!(static FIRST: MakesGarbage = const { MakesGarbage(Cell::new(None)) });

    thread::spawn(|| {
        FIRST.with(|it| it.0.set(Some(Weak::new())));
        let held = pair(&TALLY);
        FIRST.with(|it| it.0.set(Some(Gc::downgrade(&held))));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3_002);
}

#[test]
fn finalizers_at_exit_may_make_more_garbage() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    #[trace(finalize)]
    struct Fertile(RefCell<Option<Gc<Fertile>>>, Leaf<Tally>);
    impl Finalize for Fertile {
        fn finalize(&self) {
            drop(pair(&TALLY));
        }
    }

    thread::spawn(|| {
        let one = Gc::new(Fertile(RefCell::new(None), Leaf(Tally(&TALLY))));
        *one.0.borrow_mut() = Some(one.clone());
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3);
}

#[test]
fn a_panic_at_exit_stops_nothing() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    #[trace(finalize)]
    struct Explosive(RefCell<Option<Gc<Explosive>>>, Leaf<Tally>);
    impl Finalize for Explosive {
        fn finalize(&self) {
            panic!("on purpose");
        }
    }

    thread::spawn(|| {
        let one = Gc::new(Explosive(RefCell::new(None), Leaf(Tally(&TALLY))));
        *one.0.borrow_mut() = Some(one.clone());
        drop(pair(&TALLY));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 3);
}

#[test]
fn a_thousand_threads_each_have_a_heap() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..10 {
        let threads: Vec<_> = (0..100)
            .map(|_| {
                thread::spawn(|| {
                    let held = pair(&TALLY);
                    assert_eq!(gc::stats().live_objects, 2);
                    drop(held);
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(TALLY.load(Relaxed), 2_000);
}

#[test]
fn a_long_list_in_a_thread_local_that_dies_after_the_heaps_exit_costs_linear_work() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    static VISITED: AtomicUsize = AtomicUsize::new(0);

    struct Holder(RefCell<Vec<Gc<Item>>>);
    impl Drop for Holder {
        fn drop(&mut self) {
            self.0.take();
            let visited: u64 = gc::stats().generations.iter().map(|generation| generation.visited).sum();
            VISITED.fetch_add(visited as usize, Relaxed);
        }
    }
    thread_local!(static EARLY: Holder = const { Holder(RefCell::new(Vec::new())) });

    thread::spawn(|| {
        EARLY.with(|held| assert!(held.0.borrow().is_empty()));
        let items: Vec<_> = (0..10_000).map(|_| item(&TALLY)).collect();
        for pair in items.windows(2) {
            *pair[0].next.borrow_mut() = Some(pair[1].clone());
        }
        EARLY.with(|held| held.0.replace(items));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 10_000);
    assert!(VISITED.load(Relaxed) < 100_000);
}

#[test]
fn garbage_that_finalizers_leave_after_the_heaps_exit_is_collected() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static EARLY: RefCell<Vec<Gc<Breeder>>> = const { RefCell::new(Vec::new()) });

    #[derive(Trace)]
    #[trace(finalize)]
    struct Breeder(Cell<u32>, RefCell<Option<Gc<Breeder>>>, Leaf<Tally>);
    impl Finalize for Breeder {
        fn finalize(&self) {
            if self.0.get() > 0 {
                drop(breeder(self.0.get() - 1));
            }
        }
    }
    fn breeder(generations: u32) -> Gc<Breeder> {
        let it = Gc::new(Breeder(Cell::new(generations), RefCell::new(None), Leaf(Tally(&TALLY))));
        *it.1.borrow_mut() = Some(it.clone());
        it
    }

    thread::spawn(|| {
        EARLY.with_borrow_mut(|held| assert!(held.is_empty()));
        let held = breeder(9);
        EARLY.with_borrow_mut(|early| early.push(held));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 10);
}
