//! Chains of entries: however long, they die without stack, in one collection, in linear time.

use std::cell::RefCell;

use gc_core::gc::{self, Collection, Generation};
use gc_core::weak::WeakMap;
use gc_core::{Gc, Leaf, Trace};
use gc_tests::{Counted, Node, dropped, node, on_stack_of};

/// A million takes a minute without optimization.
const DEEP: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
const STACK: usize = 2 << 20;

type Map<T> = WeakMap<T, Gc<T>>;

/// `count` keys made by `make`, each held by the value of the one before; returns the first and the last.
fn chain<T: ?Sized + 'static>(map: &Map<T>, count: usize, make: impl Fn() -> Gc<T>) -> (Gc<T>, Gc<T>) {
    let _paused = gc::pause();
    let first = make();
    let last = (1..count).fold(first.clone(), |key, _| {
        let next = make();
        map.insert(&key, next.clone());
        next
    });
    (first, last)
}

/// Collects a chain that was closed into a ring.
fn collect_ring<T: ?Sized + 'static>(map: &Map<T>, count: usize, make: impl Fn() -> Gc<T>) -> Collection {
    let (first, last) = chain(map, count, make);
    map.insert(&last, first);
    assert_eq!(map.len(), count);
    drop(last);
    let report = gc::collect_generation(Generation::Old);
    assert_eq!((report.collected, map.len(), gc::stats().live_objects), (count, 0, 0));
    report
}

fn text() -> Gc<String> {
    Gc::new(String::from("key"))
}

#[test]
fn a_deep_chain_of_entries_is_dropped() {
    on_stack_of(STACK, || {
        let map = Map::new();
        drop(chain(&map, DEEP, node).0);
        assert_eq!((map.len(), dropped(), gc::stats().live_objects), (0, DEEP, 0));
        let map = Map::new();
        drop(chain(&map, DEEP / 10, || Gc::leaf(Counted)).0);
        assert_eq!((map.len(), dropped(), gc::stats().live_objects), (0, DEEP + DEEP / 10, 0));
    });
}

#[test]
fn a_deep_chain_of_entries_of_boxes_without_edges_is_dropped() {
    on_stack_of(STACK, || {
        let map = Map::new();
        drop(chain(&map, DEEP, text).0);
        assert_eq!((map.len(), gc::stats().live_objects), (0, 0));
        let map = Map::<str>::new();
        drop(chain(&map, DEEP / 10, || "text".into()).0);
        assert_eq!((map.len(), gc::stats().live_objects), (0, 0));
    });
}

#[test]
fn a_chain_dies_with_its_map() {
    on_stack_of(STACK, || {
        let map = Map::new();
        let (first, _) = chain(&map, DEEP, node);
        drop(map);
        assert_eq!((dropped(), gc::stats().live_objects), (DEEP - 1, 1));
        drop(first);
    });
}

#[test]
fn a_deep_ring_of_entries_is_collected_in_one_linear_pass() {
    on_stack_of(STACK, || {
        for count in [DEEP / 2, DEEP] {
            let report = collect_ring(&Map::new(), count, node);
            assert_eq!((report.visited, report.edges), (count, count));
        }
        for count in [DEEP / 20, DEEP / 10] {
            let report = collect_ring(&Map::new(), count, text);
            assert_eq!((report.visited, report.edges), (count, count));
        }
    });
}

#[test]
fn a_live_chain_is_walked_in_one_linear_pass() {
    on_stack_of(STACK, || {
        for count in [DEEP / 2, DEEP] {
            let map = Map::new();
            let (first, last) = chain(&map, count, node);
            drop((first.clone(), last));
            let report = gc::collect_generation(Generation::Old);
            assert_eq!((report.visited, report.edges, report.collected), (count, count - 1, 0));
            assert_eq!(map.len(), count - 1);
        }
    });
}

#[test]
fn a_ring_whose_keys_are_met_in_the_wrong_order_is_collected_in_one_linear_pass() {
    #[derive(Trace)]
    struct Owner(RefCell<Vec<Gc<Node>>>, Map<Node>);
    for count in [10_000, 20_000] {
        let _paused = gc::pause();
        let keys: Vec<_> = (0..count).map(|_| node()).collect();
        let owner = Gc::new(Owner(RefCell::new(vec![keys[0].clone()]), Map::new()));
        // Each key but the first is held by the entry of the one before it, which was made after its own.
        for pair in keys.windows(2).rev() {
            owner.1.insert(&pair[0], pair[1].clone());
        }
        drop((keys, owner.clone()));
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.edges, report.collected), (count + 1, count, 0));
        owner.0.take();
        drop(owner);
        assert_eq!(gc::stats().live_objects, 0);
    }
}

#[test]
fn a_ring_through_as_many_maps_is_collected_in_one_linear_pass() {
    for count in [10_000, 20_000] {
        let _paused = gc::pause();
        let maps: Vec<Map<Node>> = (0..count).map(|_| Map::new()).collect();
        let first = node();
        let last = maps[1..].iter().fold(first.clone(), |key, map| {
            let next = node();
            map.insert(&key, next.clone());
            next
        });
        maps[0].insert(&last, first);
        drop(last);
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.edges, report.collected), (count, count, count));
        assert!(maps.iter().all(WeakMap::is_empty));
    }
}

#[test]
fn a_chain_of_boxes_that_own_the_maps_for_each_other_is_dropped() {
    #[derive(Trace, Default)]
    struct Link(WeakMap<Link, Gc<Link>>, Leaf<Counted>);
    on_stack_of(STACK, || {
        let held = Gc::new(Link::default());
        let first = (1..DEEP).fold(Gc::new(Link::default()), |next, _| {
            let link = Gc::new(Link::default());
            link.0.insert(&held, next);
            link
        });
        drop(first);
        assert_eq!((dropped(), gc::stats().live_objects), (DEEP, 1));
    });
}

#[test]
fn a_thousand_maps_may_have_the_same_key() {
    let maps: Vec<WeakMap<Node, usize>> = (0..1000).map(|_| WeakMap::new()).collect();
    let key = node();
    for (index, map) in maps.iter().enumerate() {
        map.insert(&key, index);
    }
    assert_eq!((Gc::weak_count(&key), maps[7].remove(&key), maps[500].get(&key)), (1000, Some(7), Some(500)));
    drop(key);
    assert!(maps.iter().all(WeakMap::is_empty));
}

#[test]
fn a_deep_chain_of_leaves_that_values_without_edges_hold_is_dropped() {
    on_stack_of(STACK, || {
        let map: WeakMap<usize, Leaf<Gc<usize>>> = WeakMap::new();
        let first = Gc::leaf(0);
        let mut last = first.clone();
        for number in 1..DEEP {
            let next = Gc::leaf(number);
            map.insert(&last, Leaf(next.clone()));
            last = next;
        }
        drop((first, last));
        assert!(map.is_empty());
    });
}

#[test]
fn maps_nested_by_value_are_marked_in_linear_time() {
    #[derive(Trace, Default)]
    struct Nest {
        map: RefCell<WeakMap<u32, Nest>>,
        edge: Option<Gc<u32>>,
    }

    #[derive(Trace, Default)]
    struct Owner(Nest, RefCell<Option<Gc<Owner>>>);

    on_stack_of(1 << 30, || {
        let keys: Vec<_> = (0..20_000).map(Gc::new).collect();
        let nest = keys.iter().fold(Nest::default(), |inner, key| {
            let nest = Nest::default();
            nest.map.borrow().insert(key, inner);
            nest
        });
        let owner = Gc::new(Owner(nest, RefCell::default()));
        drop(owner.clone());
        keys.iter().for_each(|key| drop(key.clone()));
        // Something unreachable, or marking ends early.
        let garbage = Gc::new(Owner::default());
        *garbage.1.borrow_mut() = Some(garbage.clone());
        drop(garbage);
        // Quadratic, this takes minutes.
        assert_eq!(gc::collect(), 1);
        assert!(owner.0.edge.is_none());
    });
}

#[test]
fn keys_are_popped_in_linear_time() {
    let (map, keys): (WeakMap<_, _>, Vec<_>) = (WeakMap::new(), (0..DEEP).map(Gc::new).collect());
    for key in &keys {
        map.insert(key, ());
    }
    let mut popped = 0;
    while let Some(key) = map.keys().next() {
        map.remove(&key);
        popped += 1;
    }
    assert_eq!(popped, DEEP);
}

#[test]
fn entries_come_and_go_in_constant_time_in_a_map_that_was_large() {
    let (map, mut keys): (WeakMap<_, _>, Vec<_>) = (WeakMap::new(), (0..DEEP).map(Gc::new).collect());
    for key in &keys {
        map.insert(key, ());
    }
    let last = keys.pop();
    while keys.pop().is_some() {}
    // Each would look at all places that were ever used.
    for number in 0..DEEP {
        let key = Gc::new(number);
        map.insert(&key, ());
    }
    assert_eq!((map.len(), last.is_some()), (1, true));
}
