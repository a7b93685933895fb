//! Buffers and tables that grew in a peak.

use std::cell::RefCell;

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Gc, Trace, Weak, gc};

use crate::books::held;

const PEAK: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
/// Few of all.
const KEPT: usize = 10;
/// What may be kept for the next time: candidates, and drops put off.
const SPARE: isize = 192 * 1024;

#[derive(Trace, Default)]
struct Node(RefCell<Option<Gc<Node>>>);

fn nodes() -> Vec<Gc<Node>> {
    (0..PEAK).map(|_| Gc::new(Node::default())).collect()
}

/// Makes all of them candidates.
fn suspect(nodes: &[Gc<Node>]) {
    nodes.iter().for_each(|node| drop(node.clone()));
}

/// A few of them, from everywhere; the others go.
fn few<T>(all: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(KEPT);
    kept.extend(all.into_iter().step_by(PEAK / KEPT));
    kept
}

/// Allocations after which the heap has looked at itself.
fn go_on() {
    (0..10_000).for_each(|number| drop(Gc::new(number)));
}

/// Afterwards about as much is held as before.
fn assert_given_back<T>(peak: impl FnOnce() -> T) {
    let before = held();
    let kept = peak();
    go_on();
    let more = held() - before;
    assert!(more <= SPARE, "{more} bytes more than before");
    drop(kept);
    gc::collect();
    let more = held() - before;
    assert!(more <= SPARE, "{more} bytes more than before, when nothing is left");
}

#[test]
fn young_candidates() {
    assert_given_back(|| {
        let paused = gc::pause();
        let nodes = nodes();
        suspect(&nodes);
        let kept = few(nodes);
        drop(paused);
        kept
    });
}

#[test]
fn middle_and_old_candidates() {
    for collections in 1..=3 {
        assert_given_back(|| {
            let paused = gc::pause();
            let nodes = nodes();
            suspect(&nodes);
            for generation in gc::Generation::ALL.into_iter().take(collections) {
                gc::collect_generation(generation);
            }
            suspect(&nodes);
            let kept = few(nodes);
            drop(paused);
            kept
        });
    }
}

#[test]
fn frozen_candidates() {
    assert_given_back(|| {
        let nodes = nodes();
        gc::freeze();
        suspect(&nodes);
        few(nodes)
    });
    gc::unfreeze();
}

#[test]
fn what_a_collection_visits() {
    assert_given_back(|| {
        let paused = gc::pause();
        let nodes = nodes();
        for pair in nodes.windows(2) {
            *pair[0].0.borrow_mut() = Some(pair[1].clone());
        }
        *nodes[PEAK - 1].0.borrow_mut() = Some(nodes[0].clone());
        gc::collect();
        drop(nodes);
        assert_eq!(gc::collect(), PEAK);
        drop(paused);
    });
}

#[test]
fn drops_put_off() {
    assert_given_back(|| {
        let list = (0..PEAK).fold(None, |next, _| Some(Gc::new(Node(next.into()))));
        drop(list);
    });
}

#[test]
fn weak_pointers_with_callbacks() {
    assert_given_back(|| {
        let nodes = nodes();
        let weak: Vec<Weak<_>> = nodes.iter().map(|node| Gc::downgrade_with(node, || ())).collect();
        (few(weak), few(nodes))
    });
    assert_given_back(|| {
        let nodes = nodes();
        let weak: Vec<Weak<_>> = nodes.iter().map(|node| Gc::downgrade_with(node, || ())).collect();
        let nodes = few(nodes);
        (few(weak), nodes)
    });
}

#[test]
fn closures_of_on_drop() {
    assert_given_back(|| {
        let nodes = nodes();
        nodes.iter().for_each(|node| drop(Gc::on_drop(node, || ())));
        few(nodes)
    });
}

#[test]
fn hooks() {
    assert_given_back(|| {
        let hooks: Vec<_> = (0..PEAK / 20).map(|_| gc::on_collect(|_| ())).collect();
        hooks.into_iter().take(KEPT).collect::<Box<[_]>>()
    });
}

#[test]
fn entries_of_a_weak_map_whose_keys_die() {
    let map = WeakMap::new();
    assert_given_back(|| {
        let nodes = nodes();
        nodes.iter().for_each(|node| assert!(map.insert(node, node.clone()).is_none()));
        let kept = few(nodes);
        gc::collect();
        assert_eq!(map.len(), kept.len());
        assert!(kept.iter().all(|node| map.contains_key(node)));
        kept
    });
}

#[test]
fn entries_of_a_weak_map_that_are_removed() {
    let map = WeakMap::new();
    assert_given_back(|| {
        let nodes = nodes();
        nodes.iter().for_each(|node| assert_eq!(map.insert(node, ()), None));
        map.retain(|_, ()| false);
        nodes.iter().take(KEPT).for_each(|node| assert_eq!(map.insert(node, ()), None));
        assert_eq!(map.remove(&nodes[0]), Some(()));
        few(nodes)
    });
}

#[test]
fn members_and_values() {
    let (members, values) = (WeakSet::new(), WeakValueMap::new());
    assert_given_back(|| {
        let nodes = nodes();
        for (number, node) in nodes.iter().enumerate() {
            members.insert(node);
            values.insert(number, node);
        }
        let kept = few(nodes);
        assert_eq!((members.len(), values.len()), (kept.len(), kept.len()));
        assert!(kept.iter().all(|node| members.contains(node)));
        assert!((0..KEPT).all(|number| values.contains_key(&(number * PEAK / KEPT))));
        kept
    });
}

#[test]
fn maps_that_hang_on_one_key() {
    let key = Gc::new(Node::default());
    assert_given_back(|| {
        let maps = (0..PEAK).map(|number| {
            let map = WeakMap::new();
            map.insert(&key, number);
            map
        });
        few(maps.collect())
    });
}

#[test]
fn reserved_room_is_kept_until_it_is_given_back() {
    let map = WeakMap::with_capacity(PEAK);
    let nodes = nodes();
    nodes.iter().for_each(|node| assert_eq!(map.insert(node, ()), None));
    drop(nodes);
    assert!(map.is_empty() && map.capacity() >= PEAK / 2);
    map.shrink_to_fit();
    assert_eq!(map.capacity(), 0);
}

#[test]
fn a_walk_meets_each_entry_once_whatever_goes_meanwhile() {
    let map = WeakMap::new();
    let mut nodes = nodes();
    nodes.iter().enumerate().for_each(|(number, node)| assert_eq!(map.insert(node, number), None));
    let mut seen = Vec::new();
    for (number, (_, value)) in map.iter().enumerate() {
        seen.push(value);
        if number == KEPT {
            nodes = few(nodes);
        }
    }
    assert!(nodes.iter().all(|node| seen.contains(&map.get(node).unwrap())));
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(map.capacity() < 100, "{}", map.capacity());
    assert!(nodes.iter().all(|node| map.contains_key(node)));
    assert_eq!(map.iter().count(), nodes.len());
}
