//! What finalizers see, what they may do, and how often they run.

use std::cell::{Cell, RefCell};

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};
use gc_tests::{log, take_log};

thread_local!(static SAVED: RefCell<Vec<Gc<Actor>>> = const { RefCell::new(Vec::new()) });

/// A node that does something when it is finalized.
#[derive(Trace)]
#[trace(finalize)]
struct Actor {
    name: &'static str,
    act: fn(&Actor),
    me: RefCell<Weak<Actor>>,
    next: RefCell<Option<Gc<Actor>>>,
    value: Leaf<Noisy>,
}

struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        log(format!("drop {}", self.0));
    }
}

impl Finalize for Actor {
    fn finalize(&self) {
        log(format!("finalize {}", self.name));
        (self.act)(self);
    }
}

fn actor(name: &'static str, act: fn(&Actor)) -> Gc<Actor> {
    Gc::new_cyclic(|me| Actor {
        name,
        act,
        me: RefCell::new(me.clone()),
        next: RefCell::new(None),
        value: Leaf(Noisy(name)),
    })
}

/// Two actors in a ring; the first is returned.
fn pair(act: fn(&Actor)) -> Gc<Actor> {
    let (one, two) = (actor("one", act), actor("two", |_| ()));
    *one.next.borrow_mut() = Some(two.clone());
    *two.next.borrow_mut() = Some(one.clone());
    one
}

fn count(event: &str) -> usize {
    take_log().iter().filter(|line| line.as_str() == event).count()
}

fn save(it: &Actor) {
    let me = it.me.borrow().upgrade().expect("a weak pointer upgrades in a finalizer");
    SAVED.with_borrow_mut(|saved| saved.push(me));
}

#[test]
fn all_finalizers_of_a_ring_run_before_anything_is_dropped() {
    drop(pair(|it| {
        let next = it.next.borrow();
        let next = next.as_ref().expect("the graph is intact");
        assert_eq!(next.next.borrow().as_ref().expect("intact").name, "one");
    }));
    assert_eq!(gc::collect(), 2);
    let events = take_log();
    assert!(events[..2].iter().all(|event| event.starts_with("finalize")), "{events:?}");
    assert!(events[2..].iter().all(|event| event.starts_with("drop")), "{events:?}");
    assert_eq!(events.len(), 4);
}

#[test]
fn counting_runs_the_finalizer_before_the_drop() {
    drop(actor("solo", |_| ()));
    assert_eq!(take_log(), ["finalize solo", "drop solo"]);
}

#[test]
fn a_value_saved_at_count_zero_lives_and_is_not_finalized_again() {
    drop(actor("solo", save));
    assert_eq!(take_log(), ["finalize solo"]);
    let saved = SAVED.take();
    assert!(Gc::is_finalized(&saved[0]));
    assert_eq!(Gc::strong_count(&saved[0]), 1);
    assert!(saved[0].me.borrow().upgrade().is_some());
    drop(saved);
    assert_eq!(take_log(), ["drop solo"]);
}

#[test]
fn a_ring_saved_by_one_member_lives_whole_and_is_reclaimed_later() {
    let ring = pair(save);
    assert!(!Gc::is_finalized(&ring));
    drop(ring);
    let report = gc::collect_generation(gc::Generation::Old);
    assert_eq!((report.unreachable, report.resurrected, report.collected), (2, 2, 0));
    assert_eq!(take_log().len(), 2);
    let saved = SAVED.take();
    assert!(saved[0].me.borrow().upgrade().is_some());
    assert_eq!(Gc::strong_count(&saved[0]), 2);
    assert!(Gc::is_finalized(&saved[0]));
    drop(saved);
    assert_eq!(gc::collect(), 2);
    let events = take_log();
    assert!(events.iter().all(|event| event.starts_with("drop")), "{events:?}");
}

#[test]
fn what_was_not_saved_is_reclaimed_in_the_same_collection() {
    drop(pair(save));
    let other = pair(|_| ());
    drop(other);
    let report = gc::collect_generation(gc::Generation::Old);
    assert_eq!((report.unreachable, report.resurrected, report.collected), (4, 2, 2));
    drop(SAVED.take());
    assert_eq!(gc::collect(), 2);
}

#[test]
fn a_pointer_saved_and_dropped_again_saves_nothing() {
    drop(pair(|it| {
        save(it);
        drop(SAVED.take());
    }));
    assert_eq!(gc::collect(), 2);
    drop(actor("solo", |it| {
        save(it);
        drop(SAVED.take());
    }));
    assert_eq!(count("drop solo"), 1);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
}

#[test]
fn a_value_that_makes_itself_a_ring_while_it_dies_is_collected_later() {
    drop(actor("solo", |it| *it.next.borrow_mut() = it.me.borrow().upgrade()));
    assert_eq!(take_log(), ["finalize solo"]);
    assert_eq!(gc::collect(), 1);
    assert_eq!(take_log(), ["drop solo"]);
}

#[test]
fn a_finalizer_that_empties_the_graph_frees_nothing_under_it() {
    drop(pair(|it| {
        let next = it.next.take().expect("intact");
        drop(next.next.take());
        drop(next);
        assert_eq!(it.name, "one");
    }));
    assert_eq!(gc::collect(), 2);
    assert_eq!(take_log().iter().filter(|event| event.starts_with("drop")).count(), 2);
}

#[test]
fn unwrapping_is_refused_while_finalizers_run() {
    drop(pair(|it| {
        let next = it.next.take().expect("intact");
        drop(next.next.take());
        assert_eq!(Gc::strong_count(&next), 1);
        let mut next = Gc::try_unwrap(next).err().expect("a collection owns it");
        assert!(Gc::get_mut(&mut next).is_none());
        assert!(Gc::into_inner(next).is_none());
    }));
    assert_eq!(gc::collect(), 2);
}

#[test]
fn unwrapping_in_the_finalizer_of_a_dying_value_is_refused() {
    drop(actor("solo", |it| {
        let mut me = it.me.borrow().upgrade().expect("alive");
        assert!(Gc::get_mut(&mut me).is_none());
        assert!(Gc::try_unwrap(me).is_err());
    }));
    assert_eq!(take_log(), ["finalize solo", "drop solo"]);
}

#[test]
fn collecting_in_a_finalizer_of_garbage_does_nothing() {
    drop(pair(|_| {
        drop(pair(|_| ()));
        assert_eq!((gc::collect(), gc::collect_generation(gc::Generation::Young).visited), (0, 0));
    }));
    assert_eq!([gc::collect(), gc::collect()], [2, 2]);
}

#[test]
fn collecting_in_the_finalizer_of_a_counted_value_works() {
    drop(pair(|_| ()));
    drop(actor("solo", |_| assert_eq!(gc::collect(), 2)));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_finalizer_that_keeps_making_garbage_does_not_hang_the_collection() {
    thread_local!(static STOP: Cell<bool> = const { Cell::new(false) });
    fn again(_: &Actor) {
        if !STOP.get() {
            drop(pair(again));
        }
    }
    drop(pair(again));
    for _ in 0..10 {
        assert_eq!((gc::collect(), gc::stats().live_objects), (2, 2));
    }
    STOP.set(true);
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
}

#[test]
fn a_finalizer_may_link_new_boxes_into_the_garbage() {
    drop(pair(|it| *it.next.borrow_mut() = Some(actor("new", |_| ()))));
    assert_eq!(gc::collect(), 2);
    assert_eq!(gc::stats().live_objects, 0);
    assert_eq!(count("drop new"), 1);
}

#[test]
fn a_finalizer_may_free_a_surviving_candidate() {
    let outside = actor("outside", |_| ());
    drop(outside.clone());
    SAVED.with_borrow_mut(|saved| saved.push(outside));
    drop(pair(|_| drop(SAVED.take())));
    assert_eq!(gc::collect(), 2);
    assert_eq!((gc::stats().live_objects, gc::stats().candidates), (0, 0));
    assert_eq!(gc::collect(), 0);
}

#[test]
fn weak_pointers_to_a_saved_ring_stay_and_to_the_rest_die() {
    let ring = pair(save);
    let other = pair(|_| ());
    let weak = [Gc::downgrade(&ring), Gc::downgrade(&other)];
    drop((ring, other));
    gc::collect();
    assert_eq!(weak.each_ref().map(|weak| weak.upgrade().is_some()), [true, false]);
    drop(SAVED.take());
}

#[test]
fn the_finalizer_of_a_leaf_runs_too() {
    thread_local!(static RUNS: Cell<u32> = const { Cell::new(0) });
    #[derive(Trace)]
    #[trace(leaf, finalize)]
    struct Plain;
    impl Finalize for Plain {
        fn finalize(&self) {
            RUNS.set(RUNS.get() + 1);
        }
    }
    let plain = Gc::new(Plain);
    assert!(!Gc::is_tracked(&plain) && !Gc::is_finalized(&plain));
    drop(plain);
    assert_eq!(RUNS.get(), 1);
}

#[test]
fn a_moved_out_value_is_not_finalized() {
    let solo = Gc::try_unwrap(actor("solo", |_| ())).ok().expect("unique");
    assert_eq!(take_log(), [""; 0]);
    drop(solo);
    assert_eq!(take_log(), ["drop solo"]);
}

#[test]
fn put_off_finalizers_run_on_live_values_that_can_be_saved() {
    let mut head = actor("last", save);
    for _ in 0..1_000 {
        let next = actor("link", |_| ());
        *next.next.borrow_mut() = Some(head);
        head = next;
    }
    drop(head);
    let saved = SAVED.take();
    assert_eq!((saved.len(), saved[0].name), (1, "last"));
    assert_eq!(gc::stats().live_objects, 1);
}

#[test]
fn the_heaps_own_count_is_not_counted() {
    drop(actor("solo", |it| {
        let me = it.me.borrow().upgrade().expect("alive");
        assert_eq!((Gc::strong_count(&me), it.me.borrow().strong_count()), (1, 1));
    }));
    drop(pair(|it| {
        let me = it.me.borrow().upgrade().expect("alive");
        assert_eq!(Gc::strong_count(&me), 2);
    }));
    assert_eq!(gc::collect(), 2);
}

#[test]
fn a_saved_value_belongs_to_its_pointers_before_callbacks_and_drops_run() {
    drop(pair(save));
    let other = pair(|_| ());
    let watch = Gc::downgrade_with(&other, || {
        let saved = SAVED.take();
        assert_eq!(Gc::strong_count(&saved[0]), 2);
        drop(saved[0].next.take());
        let saved = saved.into_iter().next().and_then(|gc| Gc::try_unwrap(gc).ok());
        log(if saved.is_some() { "unwrapped" } else { "still shared" });
    });
    drop(other);
    gc::collect();
    assert_eq!(count("unwrapped"), 1);
    drop(watch);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
}
