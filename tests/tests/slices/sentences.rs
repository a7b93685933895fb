//! What slices promise, one sentence each.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::gc::{self, CollectEvent, Collection, Generation};
use gc_core::weak::WeakMap;
use gc_core::{Gc, Trace, Tracer};
use gc_tests::{Cons, Node, chain, dropped, finalized, link, node, ring};

/// What every full collection, or slice of one, reports from now on.
fn listen() -> (Rc<RefCell<Vec<Collection>>>, gc::HookGuard) {
    let reports = Rc::new(RefCell::new(Vec::new()));
    let listener = reports.clone();
    let guard = gc::on_collect(move |event| match event {
        CollectEvent::Stop(report) if report.generation == Generation::Old => listener.borrow_mut().push(*report),
        _ => {}
    });
    (reports, guard)
}

fn full_collections() -> u64 {
    gc::stats().generations[2].collections
}

/// Allocates until `is_done`.
fn allocate_until(mut is_done: impl FnMut() -> bool) {
    for _ in 0..1_000_000 {
        if is_done() {
            return;
        }
        drop(Gc::new(0));
    }
    panic!("it has not happened after a million allocations");
}

/// Makes a live heap of `count` boxes that a full collection walks, and goes on until the first slice of one is done.
fn begin(count: usize) -> Gc<Cons> {
    let live = begin_anew(count);
    assert_eq!(full_collections(), 1, "the collection is over already");
    live
}

/// Goes on until the full collection that is under way is over.
fn finish() {
    let before = full_collections();
    allocate_until(|| full_collections() > before);
}

#[test]
fn a_full_collection_of_a_large_heap_does_little_at_one_go() {
    let live = begin(50_000);
    let (reports, _guard) = listen();
    finish();
    let reports = reports.borrow();
    assert!(reports.len() > 50, "{} slices", reports.len());
    for report in reports.iter() {
        assert!(report.visited + report.edges < 1_100, "{report}");
        assert_eq!(report.collected, 0);
    }
    drop(live);
    assert_eq!(dropped(), 50_000);
}

/// Each waits for allocations to pay for the one before, however many were made before it.
// Under stress, one costs less than an allocation pays for.
#[cfg(not(gc_stress))]
#[test]
fn slices_do_not_follow_each_other_at_once() {
    gc::set_budget(1_000);
    let live = chain(20_000);
    gc::collect();
    drop(live.clone());
    let slices = Rc::new(RefCell::new(Vec::new()));
    let seen = slices.clone();
    let _guard = gc::on_collect(move |event| match event {
        CollectEvent::Stop(report) if report.generation == Generation::Old => {
            seen.borrow_mut().push(gc::stats().allocated);
        }
        _ => {}
    });
    finish();
    let slices = slices.borrow();
    assert!(slices.len() > 20, "{} slices", slices.len());
    let least = slices.windows(2).map(|pair| pair[1] - pair[0]).min();
    assert!(least >= Some(20), "only {least:?} allocations between two slices");
    drop(live);
}

/// The budget that there is by default is for younger collections, and for small heaps.
#[test]
fn it_does_little_at_one_go_unless_it_is_told_otherwise() {
    let live = chain(60_000);
    gc::collect();
    drop(live.clone());
    let (reports, _guard) = listen();
    finish();
    for report in reports.borrow().iter() {
        assert!(report.visited + report.edges < 2_600, "{report}");
    }
    drop(live);
}

#[test]
fn without_a_budget_it_does_all_at_one_go() {
    gc::set_budget(usize::MAX);
    assert_walked_at_one_go(50_000);
}

/// The first automatic full collection looks at a whole live heap of `count` boxes, and is over.
fn assert_walked_at_one_go(count: usize) {
    let live = chain(count);
    gc::collect();
    drop(live.clone());
    let (reports, _guard) = listen();
    allocate_until(|| !reports.borrow().is_empty());
    assert_eq!((full_collections(), reports.borrow()[0].visited), (2, count));
}

#[test]
fn it_comes_to_an_end_even_without_any_budget() {
    gc::set_budget(0);
    let live = chain(1_000);
    drop((ring(10), live.clone()));
    allocate_until(|| dropped() == 10);
    drop(live);
}

// Under stress, none is small.
#[cfg(not(gc_stress))]
#[test]
fn a_small_one_does_so_too() {
    assert_walked_at_one_go(100);
}

#[test]
fn garbage_that_refers_to_a_large_live_heap_is_reclaimed() {
    let live = chain(20_000);
    let tied: Vec<_> = (0..100).map(|_| (ring(3), Rc::new(()))).collect();
    let held: Vec<_> = tied.iter().map(|(ring, _)| ring.clone()).collect();
    gc::collect();
    gc::set_budget(500);
    drop((tied, live.clone()));
    drop(held);
    allocate_until(|| dropped() == 300);
    assert_eq!(finalized(), 300);
    drop(live);
}

#[test]
fn one_large_ring_is_reclaimed_as_a_whole() {
    let document = ring(5_000);
    gc::collect();
    gc::set_budget(100);
    drop(document);
    allocate_until(|| dropped() > 0);
    assert_eq!((dropped(), finalized()), (5_000, 5_000));
}

#[test]
fn a_collection_that_is_asked_for_takes_over() {
    let live = begin(20_000);
    drop(ring(10));
    assert_eq!(gc::collect(), 10);
    let before = gc::stats().generations[2].visited;
    (0..5_000).for_each(|_| drop(Gc::new(0)));
    assert_eq!(gc::stats().generations[2].visited, before, "slices go on");
    drop(live);
}

#[test]
fn whoever_takes_over_finds_all_garbage_however_far_it_is() {
    // Under stress, there are fifty times as many.
    let step = if cfg!(gc_stress) { 101 } else { 1 };
    gc::set_budget(100);
    for slices in (1..).step_by(step) {
        let rings: Vec<_> = (0..150).map(|_| ring(3)).collect();
        gc::collect();
        let before = dropped();
        drop(rings);
        let (reports, _guard) = listen();
        allocate_until(|| reports.borrow().len() == slices || dropped() - before == 450);
        if dropped() - before == 450 {
            assert!(slices > 30, "{slices} slices");
            return;
        }
        gc::collect();
        assert_eq!(dropped() - before, 450, "taken over after {slices} slices");
    }
}

#[test]
fn younger_collections_come_between() {
    let live = begin(50_000);
    gc::set_thresholds(gc::Thresholds::new().young(100));
    let before = gc::stats().generations;
    (0..800).for_each(|_| drop(ring(2)));
    let after = gc::stats().generations;
    assert!(after[0].collected > before[0].collected);
    assert_eq!(after[2].collections, before[2].collections);
    drop(live);
}

#[test]
fn no_slice_is_done_while_collections_are_off() {
    let live = begin(20_000);
    let before = gc::stats().generations[2];
    gc::disable();
    (0..5_000).for_each(|_| drop(Gc::new(0)));
    gc::enable();
    let paused = gc::pause();
    (0..5_000).for_each(|_| drop(Gc::new(0)));
    drop(paused);
    assert_eq!(gc::stats().generations[2], before);
    finish();
    drop(live);
}

#[test]
fn what_a_variable_takes_out_between_two_slices_lives_on() {
    let holder = node();
    let inner = ring(3_000);
    link(&holder, &inner);
    drop(inner);
    gc::collect();
    gc::set_budget(500);
    drop(holder.clone());
    let (reports, _guard) = listen();
    let mut taken = None;
    for half in [3_001, 6_002] {
        allocate_until(|| reports.borrow().iter().map(|report| report.edges).sum::<usize>() >= half / 2);
        taken = holder.edges.borrow_mut().pop().or(taken);
    }
    finish();
    assert_eq!(dropped(), 0);
    drop(taken);
    allocate_until(|| dropped() == 3_000);
}

/// One of two, and how often it was looked into.
#[derive(Default)]
struct Spied {
    other: RefCell<Option<Gc<Spied>>>,
    looks: Cell<usize>,
}

// SAFETY: the field `other` is reported by its own `trace`, and nothing else is owned; nobody implements `Drop` (T1 to T4).
unsafe impl Trace for Spied {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.looks.set(self.looks.get() + 1);
        self.other.trace(tracer);
    }
}

/// Of two boxes, a variable has the one that will be looked into next, and that has the other one. So edges that were seen explain
/// all references to both, in both rounds.
#[test]
fn what_looks_like_garbage_in_both_rounds_may_be_alive() {
    gc::set_budget(1);
    let (mut outer, inner) = (Gc::new(Spied::default()), Gc::new(Spied::default()));
    gc::collect();
    // The last is looked into first.
    drop(inner.clone());
    drop(outer.clone());
    let weak = [&outer, &inner].map(Gc::downgrade);
    *outer.other.borrow_mut() = Some(inner);
    let (mut looks, before) = (0, full_collections());
    allocate_until(|| {
        if outer.looks.get() > looks {
            let inner = outer.other.take().expect("it has the other one");
            looks = inner.looks.get();
            let changed = std::mem::replace(&mut outer, inner);
            *outer.other.borrow_mut() = Some(changed);
        }
        full_collections() > before
    });
    assert!(weak.iter().all(|weak| weak.strong_count() == 1));
    // Once in each round, and once more.
    assert!(outer.looks.get() >= 3, "{} looks", outer.looks.get());
}

#[test]
fn freezing_and_thawing_lose_nothing() {
    for acts in [&[gc::freeze as fn()] as &[fn()], &[gc::unfreeze], &[gc::freeze, gc::unfreeze]] {
        let before = dropped();
        let live = begin_anew(20_000);
        let garbage = ring(50);
        drop(garbage);
        acts.iter().for_each(|act| act());
        allocate_some(200_000);
        gc::unfreeze();
        gc::collect();
        assert_eq!(dropped() - before, 50);
        drop(live);
    }
}

#[test]
fn what_was_frozen_when_it_began_and_is_thawed_when_it_is_met_is_suspected() {
    let frozen = node();
    gc::freeze();
    let owner = node();
    link(&frozen, &owner);
    // Nothing but edges refers to the frozen one, and nobody has dropped a pointer to it.
    owner.edges.borrow_mut().push(frozen);
    let live: Vec<Gc<Node>> = (0..200).map(|_| node()).collect();
    gc::set_budget(50);
    drop(owner);
    // These are looked at first.
    live.iter().for_each(|node| drop(node.clone()));
    let (reports, _guard) = listen();
    allocate_until(|| !reports.borrow().is_empty());
    gc::unfreeze();
    finish();
    let before = dropped();
    gc::collect();
    assert_eq!(dropped() - before, 2);
}

fn begin_anew(count: usize) -> Gc<Cons> {
    gc::set_budget(1_000);
    let live = chain(count);
    gc::collect();
    drop(live.clone());
    let (reports, _guard) = listen();
    allocate_until(|| !reports.borrow().is_empty());
    live
}

fn allocate_some(count: usize) {
    (0..count).for_each(|_| drop(Gc::new(0)));
}

/// Panics when it is traced, as long as it is told to.
#[derive(Default)]
struct Panicky {
    next: RefCell<Option<Gc<Panicky>>>,
    panics: Rc<Cell<bool>>,
}

// SAFETY: the field `next` is reported by its own `trace`, and nothing else is owned; nobody implements `Drop` (T1 to T4).
unsafe impl Trace for Panicky {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        assert!(!self.panics.get(), "not now");
        self.next.trace(tracer);
    }
}

#[test]
fn a_trace_that_panics_ends_the_collection_and_nothing_is_lost() {
    let panics = Rc::new(Cell::new(false));
    let mut list = Gc::new(Panicky { panics: panics.clone(), ..Panicky::default() });
    let last = list.clone();
    for _ in 0..5_000 {
        list = Gc::new(Panicky { next: RefCell::new(Some(list)), panics: Rc::default() });
    }
    gc::collect();
    gc::set_budget(100);
    *last.next.borrow_mut() = Some(list.clone());
    drop((list, last));
    let (reports, _guard) = listen();
    allocate_until(|| reports.borrow().len() > 3);
    panics.set(true);
    let panic = catch_unwind(AssertUnwindSafe(|| allocate_until(|| false)));
    assert_eq!(panic.expect_err("it panics").downcast_ref::<&str>(), Some(&"not now"));
    panics.set(false);
    assert_eq!(gc::stats().live_objects, 5_001);
    allocate_until(|| gc::stats().live_objects <= 1);
}

#[test]
fn a_cell_that_was_borrowed_during_a_slice_keeps_its_box_suspected() {
    let held = node();
    let garbage = chain(3_000);
    let inner = ring(10);
    link(&held, &inner);
    link(&inner, &held);
    gc::collect();
    gc::set_budget(100);
    drop((inner, garbage.clone()));
    let borrowed = held.edges.borrow_mut();
    let counted = held.clone();
    drop(counted);
    let (reports, _guard) = listen();
    allocate_until(|| !reports.borrow().is_empty());
    finish();
    assert_eq!(gc::stats().candidates, 1);
    drop(borrowed);
    drop(held);
    allocate_until(|| dropped() == 11);
    drop(garbage);
}

#[test]
fn a_value_that_is_borrowed_between_two_slices_is_not_looked_at() {
    #[derive(Trace)]
    struct Plain(Vec<Gc<Cons>>);

    let mut plain = Gc::new(Plain(vec![chain(1_000)]));
    gc::collect();
    drop(plain.clone());
    gc::set_budget(10);
    let (reports, _guard) = listen();
    allocate_until(|| !reports.borrow().is_empty());
    let value = Gc::get_mut(&mut plain).expect("the only pointer");
    let chained = value.0.pop();
    for _ in 0..5_000 {
        value.0.push(Gc::new(Cons::default()));
        value.0.pop();
    }
    value.0.extend(chained);
    assert_eq!(plain.0.len(), 1);
    allocate_some(50_000);
    drop(plain);
    assert_eq!(dropped(), 6_000);
}

#[test]
fn a_thread_may_end_between_two_slices() {
    std::thread::spawn(|| {
        let live = begin(5_000);
        drop(ring(20));
        assert!(!Gc::is_finalized(&node()));
        drop(live);
    })
    .join()
    .expect("no panic");
}

#[test]
fn what_a_finalizer_saves_in_a_slice_is_alive() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Saved {
        edges: RefCell<Vec<Gc<Saved>>>,
        to: gc_core::Leaf<Rc<RefCell<Vec<Gc<Saved>>>>>,
    }
    impl gc_core::Finalize for Saved {
        fn finalize(&self) {
            self.to.0.borrow_mut().extend(self.edges.borrow().iter().cloned());
        }
    }

    let saved = Rc::new(RefCell::new(Vec::new()));
    let live = chain(5_000);
    let one = Gc::new(Saved { edges: RefCell::default(), to: gc_core::Leaf(saved.clone()) });
    one.edges.borrow_mut().push(one.clone());
    gc::collect();
    gc::set_budget(100);
    drop((one, live.clone()));
    allocate_until(|| !saved.borrow().is_empty());
    assert_eq!(gc::stats().generations[2].resurrected, 1);
    allocate_some(10_000);
    assert_eq!(saved.borrow()[0].edges.borrow().len(), 1);
    saved.borrow_mut().clear();
    gc::collect();
    assert_eq!(gc::stats().live_objects, 5_000);
    drop(live);
}

#[test]
fn a_collection_in_slices_counts_as_one() {
    let live = begin(20_000);
    assert_eq!(full_collections(), 1);
    finish();
    assert_eq!(full_collections(), 2);
    // What it looks at before it knows that there is more than a slice is looked at again.
    let visited = gc::stats().generations[2].visited;
    assert!((20_000..21_000).contains(&visited), "{visited} boxes looked at");
    drop(live);
}

#[test]
fn a_collection_that_fails_is_over_and_the_next_one_waits_as_long_as_ever() {
    let panics = Rc::new(Cell::new(true));
    gc::disable();
    let mut list = Gc::new(Panicky { panics, ..Panicky::default() });
    for _ in 0..20_000 {
        list = Gc::new(Panicky { next: RefCell::new(Some(list)), panics: Rc::default() });
    }
    drop(list.clone());
    gc::enable();
    let failed = (0..300_000).filter(|_| catch_unwind(|| drop(Gc::new(0))).is_err()).count();
    assert!((1..=4).contains(&failed), "{failed} collections failed");
}

/// A collection that begins from more boxes than a slice looks at.
#[test]
fn many_candidates_are_no_long_pause() {
    let live: Vec<Gc<Node>> = (0..20_000).map(|_| node()).collect();
    gc::collect();
    gc::set_budget(500);
    live.iter().for_each(|node| drop(node.clone()));
    let (reports, _guard) = listen();
    allocate_until(|| full_collections() == 2);
    assert!(reports.borrow().iter().all(|report| report.visited <= 500));
    assert_eq!(reports.borrow().iter().map(|report| report.visited).sum::<usize>(), 20_000);
    assert_eq!(gc::stats().candidates, 0);
}

#[test]
fn a_cycle_that_only_entries_of_weak_tables_close_is_reclaimed() {
    #[derive(Trace, Default)]
    struct Owner(WeakMap<Node, Gc<Owner>>);

    gc::set_budget(1);
    let key = node();
    let owners = [Gc::<Owner>::default(), Gc::default()];
    owners[0].0.insert(&key, owners[1].clone());
    owners[1].0.insert(&key, owners[0].clone());
    gc::collect();
    let weak = owners.each_ref().map(Gc::downgrade);
    drop(owners);
    allocate_until(|| weak.iter().all(|weak| weak.strong_count() == 0));
    drop(key);
}

#[test]
fn garbage_of_slices_is_saved_if_it_is_to_be() {
    use gc_core::gc::DebugFlags;

    let live = chain(5_000);
    let ring = ring(50);
    gc::collect();
    gc::set_budget(100);
    gc::set_debug(DebugFlags::SAVE_ALL | DebugFlags::STATS);
    drop((ring, live.clone()));
    allocate_until(|| gc::garbage_len() > 0);
    gc::set_debug(DebugFlags::NONE);
    assert_eq!((gc::garbage_len(), dropped()), (50, 0));
    let before = dropped();
    drop(gc::take_garbage());
    gc::collect();
    assert_eq!(dropped() - before, 50);
    drop(live);
}
