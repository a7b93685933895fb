//! Boxes set aside by `gc::freeze`: what collections still do, and what they leave alone.

mod doors;
mod exit;
mod random;

use std::cell::RefCell;

use gc_core::gc::{self, Generation, Thresholds};
use gc_core::{Gc, Trace, Weak};
use gc_tests::{Cons, chain, chain_onto, dropped, finalized, link, log, node, ring, take_log};

/// Boxes looked at by all collections so far.
fn visited() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.visited).sum()
}

/// Boxes looked at by collections of all generations, one after the other.
fn visited_by_each() -> usize {
    Generation::ALL.map(|generation| gc::collect_generation(generation).visited).iter().sum()
}

#[test]
fn a_frozen_ring_is_not_collected_until_it_is_unfrozen() {
    let held = ring(3);
    gc::freeze();
    drop(held);
    assert_eq!((visited_by_each(), dropped(), gc::frozen_len()), (0, 0, 3));
    gc::unfreeze();
    assert_eq!((gc::collect(), dropped(), finalized(), gc::frozen_len()), (3, 3, 3, 0));
}

#[test]
fn nothing_frozen_is_visited_however_often_its_pointers_are_cloned_and_dropped() {
    let held: Vec<_> = (0..100).map(|_| ring(3)).collect();
    gc::freeze();
    for _ in 0..50 {
        held.iter().for_each(|held| drop(held.clone()));
        assert_eq!(visited_by_each(), 0);
    }
    assert_eq!((visited(), gc::frozen_len(), gc::stats().candidates), (0, 300, 0));
    drop(held);
    assert_eq!(visited_by_each(), 0);
    gc::unfreeze();
    assert_eq!(gc::stats().candidates, 300);
    assert_eq!(gc::collect(), 300);
}

#[test]
fn frozen_boxes_that_are_suspected_wait_apart() {
    let held: Vec<_> = (0..10).map(|_| node()).collect();
    gc::freeze();
    held.iter().for_each(|held| drop(held.clone()));
    assert_eq!(gc::stats().candidates, 0);
    gc::unfreeze();
    assert_eq!(gc::stats().candidates, 10);
    assert_eq!(gc::collect_generation(Generation::Middle).visited, 0);
    assert_eq!(gc::collect_generation(Generation::Old).visited, 10);
}

#[test]
fn what_was_suspected_before_is_not_visited_after() {
    for generation in Generation::ALL {
        let held = ring(3);
        let candidate = held.clone();
        for younger in &Generation::ALL[..generation.index()] {
            gc::collect_generation(*younger);
        }
        drop(candidate);
        assert!(gc::stats().candidates > 0, "{generation:?}");
        gc::freeze();
        drop(held);
        let before = visited();
        assert_eq!((visited_by_each(), visited()), (0, before));
        assert_eq!(gc::stats().candidates, 0);
        gc::unfreeze();
        assert_eq!(gc::collect(), 3);
    }
}

#[test]
fn frozen_candidates_that_die_by_count_are_forgotten() {
    let [before, after, kept] = [(); 3].map(|()| node());
    drop(before.clone());
    gc::freeze();
    for frozen in [&after, &kept] {
        drop(frozen.clone());
    }
    drop(after);
    drop(before);
    assert_eq!((dropped(), gc::frozen_len()), (2, 1));
    gc::unfreeze();
    assert_eq!(gc::stats().candidates, 1);
    assert_eq!((gc::collect(), Gc::strong_count(&kept)), (0, 1));
}

#[test]
fn frozen_boxes_die_by_count() {
    let head = chain(10_000);
    gc::freeze();
    assert_eq!(gc::frozen_len(), 10_000);
    let middle = std::iter::successors(Some(head.clone()), |it| it.next.borrow().clone()).nth(6_000);
    drop(head);
    assert_eq!((dropped(), gc::frozen_len()), (6_000, 4_000));
    drop(middle);
    assert_eq!((dropped(), gc::frozen_len(), gc::stats().live_bytes), (10_000, 0, 0));
}

#[test]
fn the_length_falls_with_frozen_boxes_alone() {
    let frozen: Vec<_> = (0..10).map(|_| node()).collect();
    gc::freeze();
    let fresh: Vec<_> = (0..10).map(|_| node()).collect();
    let _leaves: Vec<_> = (0..10).map(Gc::new).collect();
    assert_eq!(gc::frozen_len(), 10);
    drop(fresh);
    drop(ring(5));
    assert_eq!((gc::collect(), gc::frozen_len()), (5, 10));
    for (index, frozen) in frozen.into_iter().enumerate() {
        drop(frozen);
        assert_eq!(gc::frozen_len(), 9 - index);
    }
    assert_eq!((gc::counts(), gc::stats().live_objects), ([0, 0, 0], 10));
}

#[test]
fn slices_and_trait_objects_are_counted_as_well() {
    let slice: Gc<[Gc<Cons>]> = (0..4).map(|_| chain(1)).collect();
    let boxed: Gc<dyn gc_core::Trace> = Gc::from(Box::new(chain(1)) as Box<dyn gc_core::Trace>);
    gc::freeze();
    assert_eq!(gc::frozen_len(), 7);
    drop(slice);
    assert_eq!(gc::frozen_len(), 2);
    drop(boxed);
    assert_eq!((gc::frozen_len(), gc::stats().live_bytes), (0, 0));
}

#[test]
fn a_leaf_is_not_counted() {
    let _leaf = Gc::new(1);
    gc::freeze();
    assert_eq!(gc::frozen_len(), 0);
}

#[test]
fn new_garbage_with_edges_into_frozen_boxes_is_reclaimed_without_looking_at_them() {
    let frozen = ring(100);
    gc::freeze();
    for generation in Generation::ALL {
        let garbage = ring(2);
        link(&garbage, &frozen);
        drop(garbage);
        let report = gc::collect_generation(generation);
        assert_eq!((report.visited, report.collected), (2, 2));
    }
    assert_eq!((Gc::strong_count(&frozen), gc::frozen_len()), (2, 100));
    drop(frozen);
    gc::unfreeze();
    assert_eq!(gc::collect(), 100);
}

#[test]
fn a_frozen_box_keeps_what_it_points_to() {
    let frozen = node();
    gc::freeze();
    let fresh = ring(3);
    link(&frozen, &fresh);
    let weak = Gc::downgrade(&fresh);
    drop(fresh);
    assert_eq!((gc::collect(), weak.upgrade().is_some()), (0, true));
    frozen.edges.take();
    assert_eq!((gc::collect(), weak.upgrade().is_some()), (3, false));
}

#[test]
fn a_ring_of_frozen_and_new_boxes_waits_whole() {
    let frozen = node();
    gc::freeze();
    let fresh = node();
    link(&frozen, &fresh);
    link(&fresh, &frozen);
    drop((frozen, fresh));
    assert_eq!((gc::collect(), dropped(), gc::frozen_len()), (0, 0, 1));
    gc::unfreeze();
    assert_eq!((gc::collect(), dropped()), (2, 2));
}

#[test]
fn freezing_again_freezes_what_came_since() {
    let first = ring(2);
    gc::freeze();
    let second = ring(3);
    assert_eq!(gc::frozen_len(), 2);
    gc::freeze();
    assert_eq!(gc::frozen_len(), 5);
    drop((first, second));
    assert_eq!((visited_by_each(), dropped()), (0, 0));
    gc::unfreeze();
    assert_eq!(gc::collect(), 5);
}

#[test]
fn freezing_again_without_births_changes_nothing() {
    let frozen = ring(2);
    (0..10).for_each(|_| gc::freeze());
    drop(ring(3));
    assert_eq!((gc::frozen_len(), gc::collect()), (2, 3));
    drop(frozen);
}

#[test]
fn frozen_and_unfrozen_boxes_are_old() {
    let held = ring(2);
    gc::freeze();
    assert_eq!(Gc::generation(&held), Generation::Old);
    assert_eq!(Gc::generation(&node()), Generation::Young);
    gc::unfreeze();
    assert_eq!(Gc::generation(&held), Generation::Old);
    drop(held);
    for (generation, visited) in [(Generation::Young, 0), (Generation::Middle, 0), (Generation::Old, 2)] {
        assert_eq!(gc::collect_generation(generation).visited, visited, "{generation:?}");
    }
}

#[test]
fn boxes_born_after_a_freeze_grow_older_as_ever() {
    gc::freeze();
    let held = node();
    let mut ages = vec![Gc::generation(&held)];
    for generation in [Generation::Young, Generation::Young, Generation::Middle] {
        gc::collect_generation(generation);
        ages.push(Gc::generation(&held));
    }
    assert_eq!(ages, [Generation::Young, Generation::Middle, Generation::Middle, Generation::Old]);
}

#[test]
fn counts_start_again() {
    let held: Vec<_> = (0..100).map(|_| node()).collect();
    gc::collect_generation(Generation::Young);
    gc::collect_generation(Generation::Middle);
    let fresh = [(); 3].map(|()| node());
    assert_eq!(gc::counts(), [3, 0, 1]);
    gc::freeze();
    assert_eq!(gc::counts(), [0, 0, 0]);
    let fresher = [(); 5].map(|()| node());
    assert_eq!(gc::counts(), [5, 0, 0]);
    drop((held, fresh));
    assert_eq!((gc::counts(), gc::frozen_len()), ([0, 0, 0], 0));
    drop(fresher);
}

#[test]
fn deaths_of_frozen_boxes_are_subtracted_from_the_count_as_any() {
    let mut frozen: Vec<_> = (0..5).map(|_| node()).collect();
    gc::freeze();
    let fresh: Vec<_> = (0..3).map(|_| node()).collect();
    frozen.pop();
    assert_eq!(gc::counts()[0], 2);
    frozen.truncate(1);
    assert_eq!(gc::counts()[0], 0);
    drop(fresh);
    gc::unfreeze();
    assert_eq!((gc::counts()[0], gc::frozen_len()), (0, 0));
    let _two = [node(), node()];
    assert_eq!((gc::counts()[0], gc::stats().live_objects), (2, 3));
}

#[test]
fn unfreezing_a_heap_that_is_not_frozen_does_nothing() {
    drop(ring(2));
    gc::unfreeze();
    assert_eq!((gc::frozen_len(), gc::counts()[0], gc::collect()), (0, 2, 2));
}

#[test]
fn a_frozen_value_can_be_changed_and_unwrapped_by_its_only_pointer() {
    let mut solo = Gc::new(vec![chain(1)]);
    let mut watched = Gc::new(vec![chain(1)]);
    let mut shared = Gc::new(vec![chain(1)]);
    let (weak, other) = (Gc::downgrade(&watched), shared.clone());
    gc::freeze();
    [&solo, &watched, &shared].into_iter().for_each(|suspect| drop(Gc::clone(suspect)));
    Gc::get_mut(&mut solo).expect("the only pointer").push(chain(1));
    assert_eq!(gc::frozen_len(), 6);
    Gc::make_mut(&mut watched).clear();
    assert_eq!((weak.upgrade().is_none(), gc::frozen_len()), (true, 4));
    Gc::make_mut(&mut shared).clear();
    assert_eq!((gc::frozen_len(), other.len()), (4, 1));
    assert_eq!(Gc::into_inner(solo).expect("the only pointer").len(), 2);
    assert_eq!(gc::frozen_len(), 2);
    drop(other);
    assert_eq!((gc::frozen_len(), gc::stats().live_objects), (0, 2));
    assert_eq!(gc::stats().candidates, 0);
}

#[test]
fn weak_pointers_to_frozen_boxes_die_and_call_back_as_ever() {
    let [by_count, by_collection] = [node(), ring(2)];
    let weak: [Weak<_>; 2] = [
        Gc::downgrade_with(&by_count, || log("by count")),
        Gc::downgrade_with(&by_collection, || log("by collection")),
    ];
    gc::freeze();
    drop((by_count, by_collection));
    gc::collect();
    assert_eq!(take_log(), ["by count"]);
    gc::unfreeze();
    gc::collect();
    assert_eq!(take_log(), ["by collection"]);
    assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
}

#[test]
fn automatic_collections_cost_nothing_for_a_large_frozen_heap() {
    let frozen: Vec<_> = (0..1_000_000).map(|_| chain(1)).collect();
    gc::freeze();
    let before = visited();
    for index in 0..200_000 {
        drop(frozen[index * 7 % frozen.len()].clone());
        drop(chain(1));
    }
    assert_eq!((visited(), gc::frozen_len()), (before, 1_000_000));
    for index in 0..50_000 {
        drop(frozen[index * 3 % frozen.len()].clone());
        drop(ring(2));
    }
    let visited = visited() - before;
    assert!(visited < 3 * 100_000, "visited {visited} for 100,000 boxes of garbage");
    assert!(gc::stats().live_objects < 1_005_000);
}

#[test]
fn old_garbage_does_not_wait_for_as_many_allocations_as_are_frozen() {
    let frozen = ring(200_000);
    gc::collect();
    gc::freeze();
    let old = ring(1_000);
    gc::collect_generation(Generation::Young);
    gc::collect_generation(Generation::Middle);
    drop(old);
    let mut allocations = 0;
    while gc::stats().live_objects > 200_000 {
        drop(chain(1));
        allocations += 1;
        assert!(allocations <= 110_000, "1,000 old boxes of garbage still wait");
    }
    drop(frozen);
}

/// Full collections so far.
fn full() -> u64 {
    gc::stats().generations[2].collections
}

#[test]
fn full_collections_do_not_wait_until_a_quarter_of_the_frozen_is_new() {
    gc::set_thresholds(Thresholds { young: 10, middle: 1, old: 1 });
    let old: Vec<_> = (0..10_000).map(|_| chain(1)).collect();
    gc::collect();
    gc::freeze();
    let before = full();
    let fresh: Vec<_> = (0..1_000).map(|_| chain(1)).collect();
    assert!(full() > before);
    drop((old, fresh));
}

#[test]
fn full_collections_wait_until_a_quarter_of_the_thawed_is_new() {
    gc::set_thresholds(Thresholds { young: 10, middle: 1, old: 1 });
    let thawed: Vec<_> = (0..10_000).map(|_| chain(1)).collect();
    gc::freeze();
    gc::unfreeze();
    let before = full();
    let mut fresh: Vec<_> = (0..2_000).map(|_| chain(1)).collect();
    assert_eq!(full(), before);
    fresh.extend((0..2_000).map(|_| chain(1)));
    assert!(full() > before);
    drop(thawed);
}

#[test]
fn frozen_chains_grow_and_shrink_at_the_new_end() {
    let tail = chain(100);
    gc::freeze();
    let head = chain_onto(tail, 100);
    drop(head.clone());
    assert_eq!(gc::collect_generation(Generation::Old).visited, 100);
    drop(head);
    assert_eq!((dropped(), gc::frozen_len()), (200, 0));
}

/// Refers to a box that was frozen, which may refer back.
#[derive(Trace)]
struct New(Gc<Frozen>);

#[derive(Trace, Default)]
struct Frozen(RefCell<Option<Gc<New>>>, gc_core::Leaf<gc_tests::Counted>);

#[test]
fn a_cycle_whose_frozen_part_nobody_ever_suspected_is_found_after_unfreezing() {
    let frozen = Gc::new(Frozen::default());
    gc::freeze();
    // Moved: its count never falls.
    let new = Gc::new(New(frozen));
    *new.0.0.borrow_mut() = Some(new.clone());
    drop(new);
    assert_eq!(gc::collect(), 0);
    gc::unfreeze();
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
}

#[test]
fn a_cycle_whose_frozen_part_nobody_ever_suspected_is_reclaimed_at_the_end_of_the_thread() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counts(Arc<AtomicUsize>);
    impl Drop for Counts {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[derive(Trace)]
    struct Cell(RefCell<Option<Gc<Cell>>>, Option<Gc<Cell>>, gc_core::Leaf<Counts>);

    let drops = Arc::new(AtomicUsize::new(0));
    let counts = drops.clone();
    std::thread::spawn(move || {
        let cell = |edge| Gc::new(Cell(RefCell::default(), edge, gc_core::Leaf(Counts(counts.clone()))));
        let frozen = cell(None);
        gc::freeze();
        let new = cell(Some(frozen));
        *new.1.as_ref().unwrap().0.borrow_mut() = Some(new.clone());
        drop(new);
        gc::collect();
    })
    .join()
    .unwrap();
    assert_eq!(drops.load(Ordering::Relaxed), 2);
}
