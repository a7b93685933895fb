//! Threads that end in awkward ways; more are in `threads`.

use std::cell::{Cell, RefCell};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};

use crate::collect_automatically;

/// Counts drops of all threads.
struct Tally(Arc<AtomicUsize>);

impl Drop for Tally {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Item {
    next: RefCell<Option<Gc<Item>>>,
    /// What its finalizer does.
    last_words: Option<fn(&Item)>,
    tally: Leaf<Tally>,
}

impl Finalize for Item {
    fn finalize(&self) {
        if let Some(last_words) = self.last_words {
            last_words(self);
        }
    }
}

fn item(tally: &Arc<AtomicUsize>) -> Gc<Item> {
    with_last_words(tally, None)
}

fn with_last_words(tally: &Arc<AtomicUsize>, last_words: Option<fn(&Item)>) -> Gc<Item> {
    Gc::new(Item { next: RefCell::default(), last_words, tally: Leaf(Tally(tally.clone())) })
}

fn link(from: &Gc<Item>, to: &Gc<Item>) {
    *from.next.borrow_mut() = Some(to.clone());
}

/// Two items, each with an edge to the other.
fn pair(tally: &Arc<AtomicUsize>) -> Gc<Item> {
    let (one, two) = (item(tally), item(tally));
    link(&one, &two);
    link(&two, &one);
    one
}

/// How many values were dropped when a thread that ran `body` had ended, however it did.
fn dropped_by(body: impl FnOnce(&Arc<AtomicUsize>) + Send + 'static) -> usize {
    let tally = Arc::new(AtomicUsize::new(0));
    let kept = tally.clone();
    drop(thread::spawn(move || body(&kept)).join());
    tally.load(Relaxed)
}

type Place = RefCell<Vec<Gc<Item>>>;

thread_local! {
    /// Touched before the heap is, and destroyed after it was told of the thread's end.
    static EARLY: Place = const { RefCell::new(Vec::new()) };
    /// Touched after the heap is, and destroyed before that.
    static LATE: Place = const { RefCell::new(Vec::new()) };
}

/// Puts pointers into both thread-locals.
fn keep(early: &[&Gc<Item>], late: &[&Gc<Item>]) {
    LATE.with_borrow_mut(|kept| kept.extend(late.iter().copied().cloned()));
    EARLY.with_borrow_mut(|kept| kept.extend(early.iter().copied().cloned()));
}

#[test]
fn a_thousand_threads_have_a_heap_at_the_same_time() {
    const THREADS: usize = 1_000;
    let (tally, all_there) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(THREADS)));
    let spawn = |number: usize| {
        let (tally, all_there) = (tally.clone(), all_there.clone());
        let body = move || {
            let held: Vec<_> = (0..number % 7).map(|_| pair(&tally)).collect();
            collect_automatically();
            all_there.wait();
            drop(pair(&tally));
            assert_eq!(gc::collect(), 2);
            assert_eq!(gc::stats().live_objects, 2 * held.len());
            all_there.wait();
        };
        thread::Builder::new().stack_size(256 << 10).spawn(body).expect("a thread")
    };
    let threads: Vec<_> = (0..THREADS).map(spawn).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let held: usize = (0..THREADS).map(|number| number % 7).sum();
    assert_eq!(tally.load(Relaxed), 2 * (held + THREADS));
}

#[test]
fn a_thread_that_panics_reclaims_what_its_thread_locals_held() {
    let dropped = dropped_by(|tally| {
        EARLY.with_borrow(|early| assert!(early.is_empty()));
        let _held = pair(tally);
        drop(pair(tally));
        keep(&[&pair(tally), &item(tally)], &[&pair(tally), &item(tally)]);
        resume_unwind(Box::new("on purpose"));
    });
    assert_eq!(dropped, 10);
}

#[test]
fn a_ring_through_thread_locals_destroyed_early_and_late_is_reclaimed() {
    let dropped = dropped_by(|tally| {
        EARLY.with_borrow(|early| assert!(early.is_empty()));
        let [one, two] = [pair(tally), pair(tally)];
        // Each pair now leads to the other, and loses its own second member.
        link(&one, &two);
        link(&two, &one);
        keep(&[&one], &[&two]);
        assert_eq!(gc::collect(), 0);
    });
    assert_eq!(dropped, 4);
}

#[test]
fn a_destructor_may_hand_its_boxes_to_a_thread_local_that_lives_longer() {
    struct HandsOn(RefCell<Vec<Gc<Item>>>);
    impl Drop for HandsOn {
        fn drop(&mut self) {
            assert!(LATE.try_with(|_| ()).is_err(), "it is gone");
            let _ = EARLY.try_with(|early| early.borrow_mut().append(&mut self.0.borrow_mut()));
        }
    }
    thread_local!(static FIRST: HandsOn = const { HandsOn(RefCell::new(Vec::new())) });

    let dropped = dropped_by(|tally| {
        EARLY.with_borrow(|early| assert!(early.is_empty()));
        let held = [pair(tally), pair(tally), item(tally)];
        FIRST.with(|first| first.0.borrow_mut().extend(held));
        // Destroyed before it.
        LATE.with_borrow(|late| assert!(late.is_empty()));
    });
    assert_eq!(dropped, 5);
}

#[test]
fn a_heap_that_is_first_used_while_its_thread_ends_is_emptied() {
    struct UsesHeap(RefCell<Option<Arc<AtomicUsize>>>);
    impl Drop for UsesHeap {
        fn drop(&mut self) {
            let tally = self.0.take().expect("it was given one");
            drop((item(&tally), pair(&tally)));
            assert_eq!(gc::collect(), 2);
            drop(pair(&tally));
            LATE.with_borrow_mut(|late| late.push(pair(&tally)));
        }
    }
    thread_local!(static ONLY: UsesHeap = const { UsesHeap(RefCell::new(None)) });

    assert_eq!(dropped_by(|tally| drop(ONLY.with(|only| only.0.replace(Some(tally.clone()))))), 7);
}

#[test]
fn a_thread_that_dies_of_the_panic_of_a_collection_leaves_nothing() {
    let dropped = dropped_by(|tally| {
        let panics = with_last_words(tally, Some(|_| resume_unwind(Box::new("on purpose"))));
        link(&panics, &panics);
        let _held = [pair(tally), pair(tally)];
        drop((panics, pair(tally)));
        collect_automatically();
        unreachable!("the panic comes out of an allocation");
    });
    assert_eq!(dropped, 7);
}

#[test]
fn what_a_finalizer_saves_in_a_thread_local_at_exit_is_reclaimed_with_it() {
    fn save(item: &Item) {
        let saved = item.next.borrow().clone();
        // In whichever is still there.
        let kept = LATE.try_with(|late| late.borrow_mut().extend(saved.clone()));
        if kept.is_err() {
            let _ = EARLY.try_with(|early| early.borrow_mut().extend(saved));
        }
    }
    let dropped = dropped_by(|tally| {
        EARLY.with_borrow(|early| assert!(early.is_empty()));
        for _ in 0..3 {
            let [one, two] = [(); 2].map(|()| with_last_words(tally, Some(save)));
            link(&one, &two);
            link(&two, &one);
        }
    });
    assert_eq!(dropped, 6);
}

#[test]
fn weak_pointers_that_outlive_the_heaps_end_upgrade_to_what_is_alive() {
    struct Looks(RefCell<Vec<Weak<Item>>>);
    impl Drop for Looks {
        fn drop(&mut self) {
            let alive = self.0.borrow().iter().filter(|weak| weak.upgrade().is_some()).count();
            ALIVE.fetch_add(alive, Relaxed);
        }
    }
    static ALIVE: AtomicUsize = AtomicUsize::new(0);
    // Destroyed after the heap was told, and before `EARLY`.
    thread_local!(static LOOKS: Looks = const { Looks(RefCell::new(Vec::new())) });

    let dropped = dropped_by(|tally| {
        EARLY.with_borrow(|early| assert!(early.is_empty()));
        LOOKS.with(|looks| assert!(looks.0.borrow().is_empty()));
        let [alive, garbage] = [pair(tally), pair(tally)];
        LOOKS.with(|looks| looks.0.borrow_mut().extend([&alive, &garbage].map(Gc::downgrade)));
        keep(&[&alive], &[&garbage]);
    });
    assert_eq!((dropped, ALIVE.load(Relaxed)), (4, 1));
}

#[test]
fn counts_of_one_thread_are_none_of_another() {
    let held = Cell::new(Some(pair(&Arc::default())));
    let before = gc::stats().live_objects;
    thread::spawn(|| {
        assert_eq!((gc::stats().live_objects, gc::stats().allocated, gc::is_enabled()), (0, 0, true));
        gc::disable();
        gc::set_thresholds(gc::Thresholds::new().young(5));
        gc::freeze();
        drop(pair(&Arc::default()));
    })
    .join()
    .unwrap();
    assert_eq!((gc::stats().live_objects, gc::is_enabled(), gc::frozen_len()), (before, true, 0));
    assert_eq!(gc::thresholds(), gc::Thresholds::new());
    drop(held);
}
