//! Doors of collections: closures of `retain` and the steps of `drain`, in std's and in weak ones; the keys and values of
//! weak ones, as they are compared, hashed and dropped.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Gc, Trace};

use super::*;
use crate::case::Door;
use crate::world::{Kept, Key, Owner, Thing, chain, thing};

/// Its order is always the same.
type Map = HashMap<u32, Gc<Thing>, BuildHasherDefault<DefaultHasher>>;

/// Three things: one that owns another, the hub, which is part of a ring, and one more.
fn three(case: &Rc<Case>) -> Vec<Gc<Thing>> {
    vec![chain(case, 2), case.world.hub(), thing(case)]
}

/// A map of three held keys, each with itself as the value.
fn map(case: &Rc<Case>, keys: &[Gc<Thing>]) -> WeakMap<Thing, Kept> {
    keys.iter().map(|key| (key, Kept::new(case, vec![key.clone()]))).collect()
}

fn values(case: &Rc<Case>, things: &[Gc<Thing>]) -> WeakValueMap<Key, Thing> {
    things.iter().zip(0..).map(|(thing, key)| (Key::new(case, key), thing.clone())).collect()
}

#[test]
fn whatever_the_closure_of_retain_does_the_heap_stays_whole() {
    /// Keeps every other one.
    fn keep(case: &Rc<Case>) -> impl FnMut(&Gc<Thing>) -> bool {
        case.arm_after(1, Door::Closure);
        let mut keeps = true;
        move |thing| {
            thing.look();
            case.pass(Door::Closure, Some(thing));
            thing.look();
            keeps = !keeps;
            keeps
        }
    }
    #[derive(Trace)]
    struct Taken(Cell<Vec<Gc<Thing>>>);

    all_acts(&[
        direct("retain of a borrowed vector", |case| {
            let held = thing(case);
            held.edges.borrow_mut().extend(three(case));
            held.edges.borrow_mut().retain(keep(case));
            held.look();
        }),
        direct("retain of a vector taken out of its cell", |case| {
            let held = Gc::new(Taken(Cell::new(three(case))));
            let mut taken = held.0.take();
            taken.retain(keep(case));
            held.0.set(taken);
        }),
        direct("retain of a borrowed map", |case| {
            let map: Map = (0..).zip(three(case)).collect();
            let (held, mut keep) = (Gc::new(RefCell::new(map)), keep(case));
            held.borrow_mut().retain(|_: &u32, thing| keep(thing));
        }),
        direct("retain of a weak map", |case| {
            let keys = three(case);
            let (map, mut keep) = (map(case, &keys), keep(case));
            map.retain(|key, kept| {
                let keeps = keep(key);
                kept.edges.iter().for_each(|edge| edge.look());
                keeps
            });
        }),
        direct("retain of a weak set", |case| {
            let members = three(case);
            members.iter().collect::<WeakSet<_>>().retain(keep(case));
        }),
        direct("retain of a weak value map", |case| {
            let things = three(case);
            let (values, mut keep) = (values(case, &things), keep(case));
            values.retain(|_, value| keep(value));
        }),
    ]);
}

#[test]
fn whatever_happens_between_the_steps_of_a_drain_the_heap_stays_whole() {
    /// Passes the door for each of them.
    fn walk(case: &Rc<Case>, drained: impl Iterator<Item = Gc<Thing>>) {
        case.arm_after(1, Door::Closure);
        drained.for_each(|thing| {
            case.pass(Door::Closure, Some(&thing));
            thing.look();
        });
    }
    all_acts(&[
        direct("drain of a borrowed vector", |case| {
            let held = thing(case);
            held.edges.borrow_mut().extend(three(case));
            walk(case, held.edges.borrow_mut().drain(..));
        }),
        direct("drain of a borrowed map", |case| {
            let map: Map = (0..).zip(three(case)).collect();
            let held = Gc::new(RefCell::new(map));
            walk(case, held.borrow_mut().drain().map(|(_, thing)| thing));
        }),
        direct("drain of a weak map", |case| {
            let keys = three(case);
            walk(case, map(case, &keys).drain().map(|(key, _)| key));
        }),
        direct("drain of a weak set", |case| {
            let members = three(case);
            walk(case, members.iter().collect::<WeakSet<_>>().drain());
        }),
        direct("drain of a weak value map", |case| {
            let things = three(case);
            walk(case, values(case, &things).drain().map(|(_, value)| value));
        }),
    ]);
}

#[test]
fn whatever_the_drop_of_a_value_of_a_weak_map_does_the_heap_stays_whole() {
    /// An owner of a map that knows the hub and one more key, which is returned.
    fn owner(case: &Rc<Case>) -> (Owner, Gc<Thing>) {
        let (owner, key) = (Owner::default(), thing(case));
        for key in [&case.world.hub(), &key] {
            owner.map.insert(key, Kept::new(case, vec![key.clone(), thing(case)]));
        }
        (owner, key)
    }
    all_acts(&[
        in_collection("the drop of an entry whose key dies in a collection", |case| {
            let (owner, key) = owner(case);
            case.world.guards.borrow_mut().push(Box::new(Gc::new(owner)));
            drop(key);
            case.arm(Door::EntryDrop);
            gc::collect();
        }),
        by_count("the drop of an entry whose key dies by count", |case| {
            let (map, key) = (WeakMap::new(), thing(case));
            map.insert(&key, Kept::new(case, vec![chain(case, 2)]));
            case.arm(Door::EntryDrop);
            drop(key);
        }),
        by_count("the drop of an entry whose map dies by count", |case| {
            let (owner, key) = owner(case);
            let owner = Gc::new(owner);
            case.world.saved.borrow_mut().push(key);
            case.arm(Door::EntryDrop);
            drop(owner);
        }),
        in_collection("the drop of an entry whose map dies in a collection", |case| {
            let (owner, key) = owner(case);
            case.world.saved.borrow_mut().push(key);
            drop(owner.ring());
            case.arm(Door::EntryDrop);
            gc::collect();
        }),
        way("the drop of an entry that clear takes out", Kind::HeldBack, Collections::ByThemselves, |case| {
            let (owner, _key) = owner(case);
            case.arm(Door::EntryDrop);
            owner.map.clear();
        }),
        direct("the drop of an entry that retain does not keep", |case| {
            let (owner, _key) = owner(case);
            case.arm(Door::EntryDrop);
            owner.map.retain(|_, _| false);
        }),
        way("the drop of entries that a drain did not show", Kind::HeldBack, Collections::ByThemselves, |case| {
            let (owner, _key) = owner(case);
            case.arm(Door::EntryDrop);
            drop(owner.map.drain());
        }),
        direct("the drop of a value that insert replaces", |case| {
            let (owner, key) = owner(case);
            let new = Kept::new(case, Vec::new());
            case.arm(Door::EntryDrop);
            drop(owner.map.insert(&key, new));
        }),
    ]);
}

#[test]
fn whatever_the_drop_of_a_key_of_a_weak_value_map_does_the_heap_stays_whole() {
    fn owner(case: &Rc<Case>) -> (Owner, Gc<Thing>) {
        let value = thing(case);
        let values = values(case, &[case.world.hub(), value.clone()]);
        (Owner { values, ..Owner::default() }, value)
    }
    all_acts(&[
        by_count("the drop of a key whose value dies by count", |case| {
            let (owner, value) = owner(case);
            case.world.guards.borrow_mut().push(Box::new(owner));
            case.arm(Door::KeyDrop);
            drop(value);
        }),
        in_collection("the drop of a key whose value dies in a collection", |case| {
            let (owner, value) = owner(case);
            case.world.guards.borrow_mut().push(Box::new(owner));
            crate::world::link(&value, &value);
            drop(value);
            case.arm(Door::KeyDrop);
            gc::collect();
        }),
        in_collection("the drop of a key whose map dies in a collection", |case| {
            let (owner, value) = owner(case);
            case.world.saved.borrow_mut().push(value);
            drop(owner.ring());
            case.arm(Door::KeyDrop);
            gc::collect();
        }),
        way("the drop of a key that clear takes out", Kind::HeldBack, Collections::ByThemselves, |case| {
            let (owner, _value) = owner(case);
            case.arm(Door::KeyDrop);
            owner.values.clear();
        }),
        way("the drop of keys that a drain did not show", Kind::HeldBack, Collections::ByThemselves, |case| {
            let (owner, _value) = owner(case);
            case.arm(Door::KeyDrop);
            drop(owner.values.drain());
        }),
        direct("the drop of a key that was there already", |case| {
            let (owner, value) = owner(case);
            let key = Key::new(case, 1);
            case.arm(Door::KeyDrop);
            drop(owner.values.insert(key, &value));
        }),
    ]);
}

/// Looks for a key in a map that has 0, 1 and 2.
fn look_up(case: &Rc<Case>, door: Door, sought: u32, look_up: fn(&WeakValueMap<Key, Thing>, Key, Gc<Thing>)) {
    let (things, key, new) = (three(case), Key::new(case, sought), thing(case));
    let owner = Gc::new(Owner { values: values(case, &things), ..Owner::default() });
    case.arm(door);
    look_up(&owner.values, key, new);
    owner.values.values().for_each(|value| value.look());
}

#[test]
fn whatever_the_eq_of_a_key_does_the_heap_stays_whole() {
    all_acts(&[
        direct("eq in get", |case| look_up(case, Door::Eq, 1, |values, key, _| drop(values.get(&key)))),
        direct("eq in insert", |case| look_up(case, Door::Eq, 1, |values, key, new| drop(values.insert(key, &new)))),
        direct("eq in remove", |case| look_up(case, Door::Eq, 1, |values, key, _| drop(values.remove(&key)))),
        direct("eq in entry", |case| {
            look_up(case, Door::Eq, 1, |values, key, new| drop(values.entry(key).or_insert(&new)))
        }),
    ]);
}

#[test]
fn whatever_the_hash_of_a_key_does_the_heap_stays_whole() {
    all_acts(&[
        direct("hash in get", |case| look_up(case, Door::Hash, 1, |values, key, _| drop(values.get(&key)))),
        direct("hash in insert", |case| {
            look_up(case, Door::Hash, 7, |values, key, new| drop(values.insert(key, &new)))
        }),
        direct("hash in get_or_insert_with", |case| {
            look_up(case, Door::Hash, 7, |values, key, new| drop(values.get_or_insert_with(key, || new)));
        }),
    ]);
}

#[test]
fn whatever_the_closures_given_to_weak_collections_do_the_heap_stays_whole() {
    all_acts(&[
        direct("with", |case| {
            let keys = three(case);
            let map = map(case, &keys);
            case.arm(Door::Closure);
            map.with(&keys[0], |kept| {
                case.pass(Door::Closure, Some(&kept.edges[0]));
                kept.edges[0].look();
            });
        }),
        direct("get_or_insert_with of a weak value map", |case| {
            let things = three(case);
            let values = values(case, &things);
            case.arm(Door::Closure);
            let value = values.get_or_insert_with(Key::new(case, 7), || {
                case.pass(Door::Closure, None);
                thing(case)
            });
            value.look();
        }),
        direct("or_insert_with of an entry", |case| {
            let (map, key) = (WeakMap::new(), thing(case));
            case.arm(Door::Closure);
            map.entry(&key).or_insert_with(|| {
                case.pass(Door::Closure, Some(&key));
                Gc::new(Kept::new(case, vec![key.clone()]))
            });
        }),
    ]);
}
