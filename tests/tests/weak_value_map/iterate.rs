//! Walks, and what happens between their steps.

use std::collections::HashSet;

use gc_core::weak::WeakValueMap;
use gc_core::{Gc, gc};
use gc_tests::{node, ring};

type Map = WeakValueMap<u32, u32>;

fn full(count: u32) -> (Map, Vec<Gc<u32>>) {
    let values: Vec<_> = (0..count).map(Gc::new).collect();
    (values.iter().map(|value| (**value, value.clone())).collect(), values)
}

#[test]
fn each_entry_is_shown_once() {
    let (map, values) = full(100);
    assert_eq!(map.iter().map(|(key, _)| key).collect::<HashSet<_>>().len(), 100);
    assert_eq!((map.iter().count(), map.keys().count(), map.values().count()), (100, 100, 100));
    assert!(map.iter().all(|(key, value)| Gc::ptr_eq(&values[key as usize], &value)));
    assert_eq!(map.iter().size_hint(), (0, Some(100)));
    assert_eq!((&map).into_iter().count(), 100);
    let mut walk = map.iter();
    walk.next();
    assert_eq!(walk.clone().count(), 99);
}

#[test]
fn deaths_between_two_steps_are_not_shown_and_nothing_is_pinned() {
    let (map, mut values) = full(100);
    let mut walk = map.iter();
    let (first, _) = walk.next().unwrap();
    values.retain(|value| **value % 2 == 0);
    assert_eq!(map.len(), 50);
    let rest: HashSet<_> = walk.by_ref().map(|(key, _)| key).collect();
    assert!(rest.iter().all(|key| key % 2 == 0) && !rest.contains(&first));
    assert_eq!(rest.len(), if first % 2 == 0 { 49 } else { 50 });
    assert!(walk.next().is_none());
    values.push(Gc::new(1000));
    map.insert(1000, &values[50]);
    assert!(walk.next().is_none());
}

#[test]
fn a_value_that_dies_in_a_collection_between_two_steps_is_not_shown() {
    let map = WeakValueMap::new();
    let (kept, gone) = (node(), ring(2));
    map.insert(0, &kept);
    map.insert(1, &gone);
    let mut walk = map.values();
    assert!(Gc::ptr_eq(&walk.next().unwrap(), &kept));
    drop(gone);
    gc::collect();
    assert!(walk.next().is_none());
}

#[test]
fn what_is_inserted_meanwhile_is_not_shown_and_what_stays_is() {
    let (map, values) = full(100);
    let mut shown = HashSet::new();
    let mut fresh = Vec::new();
    for (key, value) in &map {
        assert!(shown.insert(key));
        // Others move, this one stays where it is.
        map.insert(key, &value);
        let new = Gc::new(1000 + key);
        map.insert(*new, &new);
        fresh.push(new);
        if key > 50 {
            map.remove(&(key - 1));
        }
        map.shrink_to_fit();
    }
    let removed: HashSet<_> = (0..100).filter(|key| !map.contains_key(key)).collect();
    assert!((0..100).all(|key| shown.contains(&key) || removed.contains(&key)));
    assert!(shown.iter().all(|key| *key < 100));
    drop((values, fresh));
    assert!(map.is_empty());
}

#[test]
fn a_replaced_value_is_shown_as_it_is_when_its_turn_comes() {
    let (map, _values) = full(10);
    let new = Gc::new(77);
    let mut walk = map.iter();
    let (first, _) = walk.next().unwrap();
    (0..10).for_each(|key| drop(map.insert(key, &new)));
    let rest: Vec<_> = walk.collect();
    assert_eq!(rest.len(), 9);
    assert!(rest.iter().all(|(key, value)| *key != first && Gc::ptr_eq(value, &new)));
}

#[test]
fn clear_ends_walks() {
    let (map, values) = full(10);
    let mut walks = (map.iter(), map.keys(), map.values());
    walks.0.next();
    map.clear();
    values.iter().for_each(|value| drop(map.insert(**value, value)));
    assert!(walks.0.next().is_none() && walks.1.next().is_none() && walks.2.next().is_none());
    assert_eq!(map.len(), 10);
}

#[test]
fn a_drain_takes_everything_out_even_if_it_is_not_used_up() {
    let (map, values) = full(10);
    let mut drain = map.drain();
    let (key, value) = drain.next().unwrap();
    assert!(Gc::ptr_eq(&value, &values[key as usize]));
    assert_eq!((map.len(), map.contains_key(&key), drain.size_hint()), (9, false, (0, Some(9))));
    map.insert(1000, &value);
    drop(drain);
    assert_eq!((map.len(), map.get(&1000)), (1, Some(value)));
    map.insert(1, &values[1]);
    std::mem::forget(map.drain());
    assert_eq!(map.len(), 2);
}

#[test]
fn a_drain_does_not_keep_what_it_has_not_shown() {
    let (map, values) = full(10);
    let mut drain = map.drain();
    let first = drain.next().unwrap();
    drop(values);
    assert_eq!((map.len(), drain.next()), (0, None));
    assert_eq!(Gc::strong_count(&first.1), 1);
}

#[test]
fn into_iter_shows_what_is_alive_and_drops_the_rest() {
    let (map, mut values) = full(10);
    let mut walk = map.into_iter();
    let (first, _) = walk.next().unwrap();
    values.retain(|value| **value % 2 == 0);
    let rest: Vec<_> = walk.by_ref().take(2).collect();
    assert!(rest.iter().all(|(key, value)| *key == **value && *key != first && key % 2 == 0));
    drop(walk);
    drop(rest);
    assert!(values.iter().all(|value| Gc::weak_count(value) == 0));
}

#[test]
fn retain_keeps_what_it_is_told_to() {
    let (map, values) = full(10);
    map.retain(|key, value| key == &**value && key % 3 == 0);
    let mut keys: Vec<_> = map.keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, [0, 3, 6, 9]);
    // A newer value is not removed by what was said about the older one.
    map.retain(|key, _| {
        map.insert(*key, &values[1]);
        false
    });
    assert_eq!(map.len(), 4);
    let mut asked = 0;
    map.retain(|_, value| {
        asked += 1;
        map.insert(100 + asked, value);
        map.remove(&(100 + asked));
        map.insert(200 + asked, value);
        false
    });
    assert_eq!((asked, map.len()), (4, 4));
    map.retain(|_, _| {
        map.clear();
        true
    });
    assert!(map.is_empty());
}

#[test]
fn retain_may_drop_the_last_handle_of_what_it_looks_at() {
    let (map, values) = full(10);
    let mut values: Vec<_> = values.into_iter().map(Some).collect();
    map.retain(|key, value| {
        values[*key as usize] = None;
        assert_eq!(Gc::strong_count(value), 1);
        true
    });
    assert!(map.is_empty());
}
