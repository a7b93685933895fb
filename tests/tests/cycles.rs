//! What is collected, and what is not.

use gc_core::gc::{self, Generation};
use gc_core::{Gc, Weak};
use gc_tests::{Node, dropped, finalized, link, node, ring};

#[test]
fn a_ring_is_reclaimed_by_a_collection_and_by_nothing_else() {
    drop(ring(3));
    assert_eq!(dropped(), 0);
    assert_eq!(gc::collect(), 3);
    assert_eq!((dropped(), finalized()), (3, 3));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_node_that_owns_itself_is_reclaimed() {
    drop(ring(1));
    assert_eq!(gc::collect(), 1);
}

#[test]
fn a_ring_held_from_outside_survives_until_it_is_let_go() {
    let held = ring(5);
    drop(held.clone());
    assert_eq!(gc::collect(), 0);
    assert_eq!(gc::stats().live_objects, 5);
    drop(held);
    assert_eq!(gc::collect(), 5);
}

#[test]
fn what_garbage_alone_owns_goes_with_it() {
    let garbage = ring(2);
    let owned = node();
    let tail = ring(3);
    link(&garbage, &owned);
    link(&owned, &tail);
    drop((owned, tail, garbage));
    assert_eq!(gc::collect(), 6);
    assert_eq!(dropped(), 6);
}

#[test]
fn what_is_also_held_from_outside_stays() {
    let garbage = ring(2);
    let shared = ring(2);
    link(&garbage, &shared);
    drop(garbage);
    assert_eq!(gc::collect(), 2);
    assert_eq!(Gc::strong_count(&shared), 2);
    drop(shared);
    assert_eq!(gc::collect(), 2);
}

#[test]
fn survivors_grow_older_with_each_collection() {
    let held = ring(2);
    assert_eq!(Gc::generation(&held), Generation::Young);
    gc::collect_generation(Generation::Young);
    assert_eq!(Gc::generation(&held), Generation::Middle);
    gc::collect_generation(Generation::Young);
    assert_eq!(Gc::generation(&held), Generation::Middle);
    gc::collect_generation(Generation::Middle);
    assert_eq!(Gc::generation(&held), Generation::Old);
}

#[test]
fn a_young_collection_leaves_older_garbage_alone() {
    let old = ring(2);
    gc::collect();
    drop(old);
    let young = ring(3);
    drop(young);
    let report = gc::collect_generation(Generation::Young);
    assert_eq!((report.collected, report.visited), (3, 3));
    assert_eq!(gc::collect_generation(Generation::Middle).collected, 0);
    assert_eq!(gc::collect_generation(Generation::Old).collected, 2);
}

#[test]
fn a_candidate_that_survives_is_found_by_the_older_generations() {
    let held = ring(2);
    let extra = held.clone();
    drop(held);
    gc::collect_generation(Generation::Young);
    gc::collect_generation(Generation::Middle);
    drop(extra);
    assert_eq!(gc::collect_generation(Generation::Young).visited, 0);
    assert_eq!(gc::collect(), 2);
}

#[test]
fn an_old_ring_referred_to_by_young_garbage_is_not_walked() {
    let old = ring(100);
    gc::collect();
    let young = ring(2);
    link(&young, &old);
    drop(young);
    let report = gc::collect_generation(Generation::Young);
    assert_eq!((report.visited, report.collected), (2, 2));
    drop(old);
    assert_eq!(gc::collect(), 100);
}

#[test]
fn a_full_collection_of_a_quiet_heap_looks_at_nothing() {
    let held: Vec<_> = (0..1000).map(|_| ring(2)).collect();
    gc::collect();
    assert_eq!(gc::collect_generation(Generation::Old).visited, 0);
    drop(held);
    assert_eq!(gc::collect(), 2000);
}

#[test]
fn a_candidate_that_dies_by_count_is_forgotten() {
    let kept = node();
    let candidates: Vec<_> = (0..10).map(|_| node()).collect();
    for candidate in &candidates {
        drop(candidate.clone());
    }
    drop(kept.clone());
    assert_eq!(gc::stats().candidates, 11);
    drop(candidates);
    assert_eq!(gc::stats().candidates, 1);
    assert_eq!((gc::collect(), dropped()), (0, 10));
}

#[test]
fn a_dead_ring_has_no_weak_pointers_left() {
    let held = ring(2);
    let weak = Gc::downgrade(&held);
    *held.back.borrow_mut() = weak.clone();
    drop(held);
    assert!(weak.upgrade().is_some());
    gc::collect();
    assert!(weak.upgrade().is_none());
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
    assert!(!weak.ptr_eq(&Weak::new()));
}

#[test]
fn parents_with_weak_back_links_need_no_collection() {
    let parent = node();
    for _ in 0..3 {
        let child = node();
        *child.back.borrow_mut() = Gc::downgrade(&parent);
        link(&parent, &child);
    }
    drop(parent);
    assert_eq!((dropped(), finalized()), (4, 4));
}

#[test]
fn collections_report_what_they_did() {
    drop(ring(4));
    let report = gc::collect_generation(Generation::Old);
    assert_eq!((report.visited, report.edges, report.unreachable), (4, 4, 4));
    assert_eq!((report.collected, report.resurrected), (4, 0));
    let stats = gc::stats();
    assert_eq!(stats.generations[2].collections, 1);
    assert_eq!(stats.generations[2].collected, 4);
    assert_eq!(stats.generations[2].visited, 4);
    assert_eq!(stats.allocated, 4);
    assert_eq!((stats.live_objects, stats.live_bytes), (0, 0));
}

#[test]
fn a_suspect_that_only_older_boxes_hold_is_found_by_a_full_collection() {
    let old = node();
    gc::collect();
    let young = node();
    link(&old, &young);
    // Moved, not dropped: nobody suspects the old one.
    young.edges.borrow_mut().push(old);
    drop(young);
    for generation in [Generation::Young, Generation::Middle] {
        assert_eq!(gc::collect_generation(generation).collected, 0);
    }
    assert_eq!(gc::collect(), 2);
}

#[test]
fn a_ring_that_was_made_cyclic_is_suspected_as_any_other() {
    let made = Gc::new_cyclic(|_| Node::default());
    link(&made, &made);
    drop(made);
    assert_eq!(gc::collect(), 1);
}
