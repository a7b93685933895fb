//! Collections that nobody asked for: when they come, and what they cost.

use std::cell::RefCell;

use gc_core::gc::{self, Thresholds};
use gc_core::{Finalize, Gc, Trace};
use gc_tests::{Cons, Node, chain, dropped, finalized, node, ring};

fn passes() -> [u64; 3] {
    gc::stats().generations.map(|generation| generation.collections)
}

#[test]
fn ten_thousand_survivors_give_the_passes_that_cpython_gives() {
    let _held: Vec<_> = (0..10_000).map(|_| node()).collect();
    assert_eq!(passes(), [13, 1, 0]);
}

#[test]
fn a_hundred_thousand_survivors_give_the_passes_that_cpython_gives() {
    let _held: Vec<_> = (0..100_000).map(|_| node()).collect();
    assert_eq!(passes(), [130, 11, 1]);
}

#[test]
fn the_first_collection_comes_when_the_count_exceeds_the_threshold() {
    let mut held: Vec<_> = (0..700).map(|_| node()).collect();
    assert_eq!((gc::counts(), passes()), ([700, 0, 0], [0; 3]));
    held.push(node());
    assert_eq!((gc::counts(), passes()), ([0, 1, 0], [1, 0, 0]));
}

#[test]
fn frees_are_subtracted_but_never_below_zero() {
    let held: Vec<_> = (0..100).map(|_| node()).collect();
    gc::collect();
    drop(held);
    assert_eq!(gc::counts(), [0, 0, 0]);
    let held: Vec<_> = (0..100).map(|_| node()).collect();
    assert_eq!(gc::counts()[0], 100);
    drop(held);
    assert_eq!(gc::counts()[0], 0);
}

#[test]
fn leaves_do_not_count() {
    let _held: Vec<_> = (0..10_000).map(Gc::new).collect();
    assert_eq!((gc::counts(), passes()), ([0; 3], [0; 3]));
}

#[test]
fn each_collection_counts_for_the_next_older_generation() {
    use gc::Generation::{Middle, Old, Young};
    for (generation, expected) in
        [(Young, [0, 1, 0]), (Young, [0, 2, 0]), (Middle, [0, 0, 1]), (Young, [0, 1, 1]), (Old, [0, 0, 0])]
    {
        gc::collect_generation(generation);
        assert_eq!(gc::counts(), expected);
    }
}

#[test]
fn a_million_small_cycles_stay_few() {
    let mut peak = 0;
    for _ in 0..1_000_000 {
        drop(ring(2));
        peak = peak.max(gc::stats().live_objects);
    }
    gc::collect();
    assert!(peak < 3_000, "peak {peak}");
    assert_eq!((dropped(), finalized()), (2_000_000, 2_000_000));
}

#[test]
fn young_collections_never_walk_the_live_heap() {
    let live = chain(1_000_000);
    gc::collect();
    let before = gc::stats();
    for _ in 0..200_000 {
        let garbage = Gc::new(Cons::default());
        let other = Gc::new(Cons::default());
        let pair = Gc::new(Node::default());
        *garbage.next.borrow_mut() = Some(other.clone());
        *other.next.borrow_mut() = Some(garbage.clone());
        drop((garbage, other, pair));
    }
    let after = gc::stats();
    let visited: u64 = (0..3).map(|g| after.generations[g].visited - before.generations[g].visited).sum();
    assert!(visited < 3 * 400_000, "visited {visited}");
    assert_eq!(after.generations[2].collections, before.generations[2].collections);
    drop(live);
}

#[test]
fn garbage_with_edges_into_the_live_heap_is_collected_young() {
    #[derive(Trace)]
    struct Tied {
        other: RefCell<Option<Gc<Tied>>>,
        live: Gc<Cons>,
    }

    let live: Vec<_> = (0..1_000_000).map(|_| chain(1)).collect();
    gc::collect();
    let before = gc::stats();
    for index in 0..200_000 {
        let [one, two] = [0, 1].map(|offset| {
            Gc::new(Tied { other: RefCell::new(None), live: live[(index * 7 + offset) % live.len()].clone() })
        });
        *one.other.borrow_mut() = Some(two.clone());
        *two.other.borrow_mut() = Some(one.clone());
    }
    let after = gc::stats();
    let delta = |field: fn(&gc::GenerationStats) -> u64| -> u64 {
        (0..3).map(|g| field(&after.generations[g]) - field(&before.generations[g])).sum()
    };
    let (visited, collected) = (delta(|it| it.visited), delta(|it| it.collected));
    assert!(collected > 390_000, "collected {collected}");
    assert!(visited < 2 * 400_000, "visited {visited}");
}

#[test]
fn old_garbage_does_not_wait_for_ever() {
    let document = ring(100_000);
    gc::collect();
    drop(document);
    let mut allocations = 0;
    while gc::stats().live_objects > 1_000 {
        drop(chain(1));
        allocations += 1;
        assert!(allocations <= 250_000, "100,000 old boxes of garbage still wait");
    }
    assert_eq!(dropped(), 100_000 + allocations);
}

#[test]
fn old_garbage_is_found_by_allocations_of_leaves_too() {
    drop(ring(1_000));
    gc::collect_generation(gc::Generation::Young);
    let held = ring(500);
    gc::collect();
    drop(held);
    for number in 0..250_000 {
        drop(Gc::new(number));
    }
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn touching_a_large_live_heap_keeps_the_work_linear() {
    let live: Vec<_> = (0..300_000).map(|_| node()).collect();
    gc::collect();
    let before: u64 = gc::stats().generations.iter().map(|it| it.visited).sum();
    let allocations = 1_000_000;
    for index in 0..allocations {
        drop(live[index % live.len()].clone());
        drop(node());
    }
    let visited = gc::stats().generations.iter().map(|it| it.visited).sum::<u64>() - before;
    assert!(visited < 3 * allocations as u64, "visited {visited} for {allocations} allocations");
}

#[test]
fn disabled_and_paused_heaps_collect_only_when_asked() {
    gc::disable();
    assert!(!gc::is_enabled());
    (0..2_000).for_each(|_| drop(ring(2)));
    assert_eq!(passes(), [0; 3]);
    assert_eq!(gc::collect(), 4_000);
    gc::enable();
    let (outer, inner) = (gc::pause(), gc::pause());
    drop(outer);
    (0..2_000).for_each(|_| drop(ring(2)));
    assert_eq!((passes(), gc::is_enabled()), ([0, 0, 1], true));
    drop(inner);
    drop(ring(2));
    assert_eq!(passes(), [1, 0, 1]);
}

#[test]
fn thresholds_take_effect_at_once() {
    assert_eq!(gc::thresholds(), Thresholds { young: 700, middle: 10, old: 10 });
    gc::set_thresholds(Thresholds { young: 10, ..Thresholds::default() });
    (0..100).for_each(|_| drop(ring(2)));
    assert!(gc::stats().live_objects <= 12);
    gc::set_thresholds(Thresholds { young: 0, ..Thresholds::default() });
    let before = passes();
    (0..1_000).for_each(|_| drop(ring(2)));
    assert_eq!(passes(), before);
}

#[test]
#[should_panic(expected = "threshold `middle` is 4294967296; expected at most 4294967295")]
fn a_threshold_out_of_range_is_refused() {
    gc::set_thresholds(Thresholds { middle: 1 << 32, ..Thresholds::default() });
}

#[test]
fn no_collection_starts_in_a_finalizer_or_a_destructor() {
    struct AllocatesOnDrop;
    impl Drop for AllocatesOnDrop {
        fn drop(&mut self) {
            (0..2_000).for_each(|_| drop(ring(2)));
        }
    }

    #[derive(Trace)]
    #[trace(finalize)]
    struct Busy(gc_core::Leaf<AllocatesOnDrop>);
    impl Finalize for Busy {
        fn finalize(&self) {
            (0..2_000).for_each(|_| drop(ring(2)));
        }
    }

    drop(Gc::new(Busy(gc_core::Leaf(AllocatesOnDrop))));
    assert_eq!(passes(), [0; 3]);
    assert_eq!(gc::collect(), 8_000);
}
