//! Pauses are bounded by work, and all automatic work by allocations.

use std::cell::RefCell;

use gc_core::gc::{self, Generation};
use gc_core::{Gc, Trace};
use gc_tests::{Node, dropped, link, node, ring};

/// Totals over all generations: boxes visited, edges followed by collections that were asked for or came by themselves.
fn visited() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.visited).sum()
}

/// A box with `edges` edges to one other.
fn hub(edges: usize) -> Gc<Node> {
    let (hub, other) = (node(), node());
    *hub.edges.borrow_mut() = vec![other; edges];
    hub
}

#[test]
fn the_default_budget_can_be_replaced() {
    assert_eq!(gc::budget(), 200_000);
    gc::set_budget(7);
    assert_eq!(gc::budget(), 7);
}

#[test]
fn an_automatic_collection_over_its_budget_reclaims_nothing_and_leaves_it_to_the_next_older_one() {
    gc::set_budget(1_000);
    let paused = gc::pause();
    (0..2_000).for_each(|_| drop(ring(2)));
    drop(paused);
    drop(node());
    let stats = gc::stats();
    assert_eq!((stats.generations[0].collections, stats.generations[0].collected), (1, 0));
    assert_eq!(dropped(), 1);
    assert_eq!(gc::collect_generation(Generation::Young).collected, 0);
    assert_eq!(gc::collect_generation(Generation::Middle).collected, 4_000);
}

#[test]
fn what_two_collections_gave_up_a_full_one_reclaims() {
    gc::set_budget(1_000);
    let paused = gc::pause();
    (0..2_000).for_each(|_| drop(ring(2)));
    drop(paused);
    let mut allocations = 0;
    while gc::stats().live_objects > 1_000 {
        drop(node());
        allocations += 1;
        assert!(allocations < 150_000, "4,000 boxes of garbage still wait");
    }
}

#[test]
fn collections_that_are_asked_for_have_no_budget() {
    gc::set_budget(1);
    drop(ring(500));
    assert_eq!(gc::collect_generation(Generation::Young).collected, 500);
}

#[test]
fn a_value_of_five_million_edges_does_not_make_every_collection_pay_for_it() {
    let hub = hub(5_000_000);
    let allocations = 500_000;
    for _ in 0..allocations / 2 {
        drop(hub.clone());
        drop(ring(2));
    }
    let [young, middle, old] = gc::stats().generations;
    assert!(young.collections > 100, "{} young collections", young.collections);
    // Once each as a young and as a middle box, and then in full collections, which are paid for by allocations.
    assert!(young.edges < 6_000_000 && middle.edges < 6_000_000, "{} and {} edges", young.edges, middle.edges);
    assert!(old.edges < 32 * allocations + 5_100_000, "{} edges in {} full collections", old.edges, old.collections);
}

#[test]
fn a_vector_that_is_handed_from_box_to_box_is_paid_for_by_allocations() {
    #[derive(Trace, Default)]
    struct Holder(RefCell<Vec<Gc<Node>>>);

    let other = node();
    let mut holder = Gc::new(Holder(RefCell::new(vec![other; 1_000_000])));
    let allocations = 200_000_u64;
    for _ in 0..allocations {
        let next = Gc::new(Holder::default());
        next.0.swap(&holder.0);
        drop(next.clone());
        holder = next;
    }
    let edges: u64 = gc::stats().generations.iter().map(|generation| generation.edges).sum();
    assert!(edges < 40 * allocations + 3_000_000, "{edges} edges for {allocations} allocations");
}

#[test]
fn work_stays_linear_in_allocations_when_a_large_live_heap_is_touched_all_the_time() {
    let live: Vec<_> = (0..1_000_000).map(|_| node()).collect();
    for pair in live.windows(2) {
        link(&pair[0], &pair[1]);
    }
    gc::collect();
    let (before, mut allocations) = (visited(), 0_usize);
    for target in [1_000_000, 2_000_000, 4_000_000] {
        while allocations < target {
            drop(live[allocations * 7 % live.len()].clone());
            drop(node());
            allocations += 1;
        }
        let visited = visited() - before;
        eprintln!("{allocations} allocations over 1,000,000 live boxes that are touched: {visited} visited");
        assert!(visited < 3 * allocations as u64, "{visited} visited for {allocations} allocations");
    }
}

/// What moves a vector to another box.
#[derive(Trace, Default)]
struct Holder(RefCell<Vec<Option<Gc<Node>>>>);

fn pass_on(holder: &mut Gc<Holder>) {
    let next = Gc::new(Holder::default());
    next.0.swap(&holder.0);
    drop(next.clone());
    *holder = next;
}

/// Edges followed by automatic collections.
fn edges() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.edges).sum()
}

#[test]
fn collections_just_below_their_budget_are_paid_for_too() {
    gc::set_thresholds(gc::Thresholds::new().young(1));
    let mut holder = Gc::new(Holder(RefCell::new(vec![Some(node()); 190_000])));
    let before = edges();
    let allocations = 20_000;
    (0..allocations).for_each(|_| pass_on(&mut holder));
    assert!(edges() - before < 40 * allocations + 1_000_000, "{} edges", edges() - before);
}

#[test]
fn without_a_budget_work_is_paid_for_all_the_same() {
    gc::set_budget(usize::MAX);
    let mut holder = Gc::new(Holder(RefCell::new(vec![Some(node()); 1_000_000])));
    let allocations = 100_000;
    (0..allocations).for_each(|_| pass_on(&mut holder));
    assert!(edges() < 40 * allocations + 3_000_000, "{} edges", edges());
}

#[test]
fn elements_without_edges_are_work_too() {
    let mut holder = Gc::new(Holder(RefCell::new(vec![None; 1_000_000])));
    let mut held = Vec::new();
    for _ in 0..50_000 {
        pass_on(&mut holder);
        held.push(node());
    }
    // Each young collection would look at a million elements; one that did is paid for by 31,250 allocations.
    let collections = gc::stats().generations[0].collections;
    assert!(collections < 10, "{collections} young collections");
}

#[test]
fn a_collection_that_is_asked_for_does_not_pay_for_automatic_ones() {
    let hub = hub(5_000_000);
    gc::set_thresholds(gc::Thresholds::new().young(10).middle(0).old(0));
    let (mut asked, mut walks) = (0, 0);
    for _ in 0..300_000 {
        drop(hub.clone());
        drop(ring(2));
        let walked = (gc::stats().generations[2].edges - asked) / 5_000_000;
        if walked > walks {
            walks = walked;
            asked += gc::collect_generation(Generation::Old).edges as u64;
        }
    }
    assert!(walks < 6, "{walks} walks of five million edges in 600,000 allocations");
}

#[test]
fn old_garbage_does_not_wait_longer_for_a_busy_program() {
    let mut holder = Gc::new(Holder(RefCell::new(vec![Some(node()); 1_000_000])));
    let document = ring(100_000);
    let weak = Gc::downgrade(&document);
    gc::collect();
    drop(document.clone());
    gc::collect();
    drop(document);
    let (before, mut kept) = (gc::stats().allocated, Vec::new());
    while weak.strong_count() > 0 {
        pass_on(&mut holder);
        (0..300).for_each(|_| kept.push(node()));
        assert!(gc::stats().allocated - before < 202_000, "a document of 100,000 boxes still waits");
    }
}

#[test]
fn elements_without_a_size_are_no_work() {
    #[derive(Trace)]
    struct Hollow(Vec<[Gc<Node>; 0]>);

    gc::set_budget(100_000);
    let hollow = Gc::new(Hollow(std::iter::repeat_with(|| []).take(1_000_000).collect()));
    drop(hollow.clone());
    drop(ring(200));
    (0..600).for_each(|_| drop(ring(1)));
    assert!(gc::stats().generations[0].collected > 0, "the elements counted");
    drop(hollow);
}
