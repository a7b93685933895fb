//! `WeakMap`: entries hang on their keys.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use gc_core::weak::WeakMap;
use gc_core::weak::map::Entry;
use gc_core::{Finalize, Gc, Leaf, Trace, Weak, coerce, gc};
use gc_tests::{Counted, Node, dropped, link, log, node, on_stack_of, ring, take_log};

/// A value that may refer to anything.
#[derive(Trace, Default)]
struct Note(RefCell<Vec<Gc<Node>>>, gc_core::Leaf<Counted>);

impl Note {
    fn about(gc: &Gc<Node>) -> Self {
        Self(RefCell::new(vec![gc.clone()]), gc_core::Leaf(Counted))
    }
}

#[test]
fn an_entry_goes_when_its_key_dies() {
    let map = WeakMap::new();
    let (one, two) = (node(), node());
    assert_eq!((map.insert(&one, 1), map.insert(&two, 2)), (None, None));
    assert_eq!((map.len(), map.get(&one), map.get(&two)), (2, Some(1), Some(2)));
    drop(one);
    assert_eq!((map.len(), map.get(&two)), (1, Some(2)));
    assert_eq!((map.insert(&two, 3), map.remove(&two), map.len()), (Some(2), Some(3), 0));
}

#[test]
fn an_entry_whose_value_reaches_its_key_is_reclaimed() {
    let map = WeakMap::new();
    let key = node();
    map.insert(&key, Note::about(&key));
    gc::collect();
    assert_eq!(map.len(), 1);
    drop(key);
    assert_eq!((gc::collect(), map.len(), dropped()), (1, 0, 2));
}

#[test]
fn a_key_without_edges_is_reclaimed_too() {
    let map: WeakMap<String, Gc<String>> = WeakMap::new();
    let key = Gc::new(String::from("key"));
    map.insert(&key, key.clone());
    drop(key);
    assert_eq!((gc::collect(), map.len()), (1, 0));
    let map: WeakMap<str, Gc<str>> = WeakMap::new();
    let key: Gc<str> = "key".into();
    map.insert(&key, key.clone());
    drop(key);
    assert_eq!((gc::collect(), map.len()), (1, 0));
    let map: WeakMap<Counted, Gc<Counted>> = WeakMap::new();
    let key = Gc::leaf(Counted);
    map.insert(&key, key.clone());
    drop(key);
    assert_eq!((gc::collect(), map.len(), dropped()), (1, 0, 1));
}

#[test]
fn a_chain_through_many_maps_is_reclaimed_in_one_collection() {
    let maps: Vec<_> = (0..1000).map(|_| WeakMap::new()).collect();
    let first = node();
    let last = maps.iter().fold(first.clone(), |key, map| {
        let next = node();
        map.insert(&key, Note::about(&next));
        next
    });
    link(&last, &first);
    drop(last);
    gc::collect();
    assert!(maps.iter().all(|map| map.len() == 1));
    drop(first);
    assert_eq!(gc::collect(), 1001);
    assert!(maps.iter().all(|map| map.is_empty()));
}

#[test]
fn a_map_in_the_graph_keeps_values_only_as_long_as_both_it_and_the_keys_live() {
    #[derive(Trace, Default)]
    struct Owner {
        map: WeakMap<Node, Gc<Owner>>,
        friend: RefCell<Option<Gc<Owner>>>,
    }
    // The map's own box is reachable from its value only: key alive, map garbage.
    let key = node();
    let owner = Gc::new(Owner::default());
    owner.map.insert(&key, owner.clone());
    drop(owner);
    assert_eq!(gc::collect(), 1);
    // A live map, a value that is nowhere else, a live key.
    let owner = Gc::new(Owner::default());
    owner.map.insert(&key, Gc::new(Owner::default()));
    *owner.map.get(&key).unwrap().friend.borrow_mut() = Some(owner.clone());
    drop(owner.clone());
    assert_eq!((gc::collect(), owner.map.len()), (0, 1));
    drop(key);
    assert_eq!((gc::collect(), owner.map.len(), gc::stats().live_objects), (0, 0, 1));
}

#[test]
fn a_live_map_that_is_looked_into_keeps_no_key_alive() {
    #[derive(Trace, Default)]
    struct Owner {
        map: WeakMap<Node, Note>,
        me: RefCell<Option<Gc<Owner>>>,
    }
    let owner = Gc::new(Owner::default());
    *owner.me.borrow_mut() = Some(owner.clone());
    let (ring, kept) = (ring(3), node());
    owner.map.insert(&ring, Note::about(&ring));
    owner.map.insert(&kept, Note::about(&ring));
    drop((owner.clone(), kept.clone()));
    gc::collect();
    assert_eq!(owner.map.len(), 2);
    owner.map.remove(&kept);
    drop(ring);
    assert_eq!((gc::collect(), owner.map.len()), (3, 0));
}

#[test]
fn a_value_dies_with_the_map_even_if_its_key_lives() {
    let key = node();
    let map = WeakMap::new();
    map.insert(&key, Leaf(Counted));
    assert_eq!((Gc::weak_count(&key), dropped()), (1, 0));
    drop(map);
    assert_eq!((Gc::weak_count(&key), dropped()), (0, 1));
    drop(key);
}

#[test]
fn identity_tells_keys_apart() {
    let map = WeakMap::new();
    let (one, equal) = (Gc::new(5), Gc::new(5));
    let same = one.clone();
    map.insert(&one, "one");
    assert_eq!((map.get(&same), map.get(&equal)), (Some("one"), None));
    assert!(map.contains_key(&same) && !map.contains_key(&equal));
    let map: WeakMap<dyn std::any::Any, i32> = WeakMap::new();
    let (shape, text) = (coerce!(one => dyn std::any::Any), coerce!(Gc::new(String::new()) => dyn std::any::Any));
    map.insert(&shape, 1);
    map.insert(&text, 2);
    assert_eq!((map.get(&shape.clone()), map.get(&text), map.len()), (Some(1), Some(2), 2));
    drop((shape, same));
    assert_eq!((map.len(), map.keys().next().is_some_and(|key| Gc::ptr_eq(&key, &text))), (1, true));
}

#[test]
fn keys_without_size_in_memory_are_told_apart() {
    let map = WeakMap::new();
    let keys: Vec<_> = (0..100).map(|_| Gc::new(())).collect();
    for (index, key) in keys.iter().enumerate() {
        map.insert(key, index);
    }
    assert!(keys.iter().enumerate().all(|(index, key)| map.get(key) == Some(index)));
    drop(keys);
    assert!(map.is_empty());
}

#[test]
fn a_box_at_the_address_of_a_dead_key_has_no_entry() {
    let map = WeakMap::new();
    for round in 0..100 {
        let key = Gc::new(round);
        assert_eq!(map.insert(&key, round), None);
    }
    assert!(map.is_empty());
}

#[test]
fn an_entry_goes_before_callbacks_run() {
    for cyclic in [false, true] {
        let map = Rc::new(WeakMap::new());
        let key = node();
        if cyclic {
            link(&key, &key);
        }
        map.insert(&key, Leaf(Counted));
        let (seen, before) = (map.clone(), dropped());
        let _watch = Gc::downgrade_with(&key, move || log(format!("{} {}", seen.len(), dropped() - before)));
        drop(key);
        gc::collect();
        assert_eq!((take_log(), map.len(), dropped() - before), (vec!["0 0".to_owned()], 0, 2));
    }
}

/// Resurrects itself once.
#[derive(Trace)]
#[trace(finalize)]
struct Phoenix(RefCell<Option<Gc<Phoenix>>>, Weak<Phoenix>);

thread_local!(static RISEN: RefCell<Option<Gc<Phoenix>>> = const { RefCell::new(None) });
thread_local!(static PHOENIXES: WeakMap<Phoenix, &'static str> = WeakMap::new());

impl Finalize for Phoenix {
    fn finalize(&self) {
        let me = self.1.upgrade().expect("alive");
        PHOENIXES.with(|map| {
            assert_eq!((map.len(), map.get(&me)), (1, Some("before")));
            map.insert(&me, "after");
            assert!(map.keys().all(|key| Gc::ptr_eq(&key, &me)));
        });
        RISEN.set(Some(me));
    }
}

#[test]
fn a_key_that_its_finalizer_resurrects_keeps_its_entry() {
    for cyclic in [false, true] {
        let key = Gc::new_cyclic(|me| Phoenix(RefCell::new(None), me.clone()));
        if cyclic {
            *key.0.borrow_mut() = Some(key.clone());
        }
        PHOENIXES.with(|map| map.insert(&key, "before"));
        drop(key);
        gc::collect();
        let key = RISEN.take().expect("resurrected");
        assert_eq!(PHOENIXES.with(|map| (map.get(&key), map.len())), (Some("after"), 1));
        key.0.take();
        drop(key);
        assert_eq!(PHOENIXES.with(WeakMap::len), 0);
    }
}

#[test]
fn a_value_that_only_a_resurrected_key_keeps_is_resurrected() {
    let map: WeakMap<Phoenix, Gc<Node>> = WeakMap::new();
    let key = Gc::new_cyclic(|me| Phoenix(RefCell::new(None), me.clone()));
    *key.0.borrow_mut() = Some(key.clone());
    PHOENIXES.with(|map| map.insert(&key, "before"));
    map.insert(&key, ring(2));
    drop(key);
    assert_eq!((gc::collect(), dropped(), map.len()), (0, 0, 1));
    let key = RISEN.take().expect("resurrected");
    assert_eq!(map.get(&key).map(|value| value.edges.borrow().len()), Some(1));
    drop(key);
    assert_eq!((gc::collect(), dropped(), map.len()), (3, 2, 0));
}

#[test]
fn callbacks_of_values_that_die_with_the_garbage_are_silent() {
    #[derive(Trace)]
    struct Watching(Weak<Node>, RefCell<Option<Gc<Node>>>);
    let map = WeakMap::new();
    for with_edge in [false, true] {
        let key = ring(2);
        let other = node();
        let watch = |gc, event| Gc::downgrade_with(gc, move || log(event));
        map.insert(&key, Watching(watch(&key, "inside"), RefCell::new(with_edge.then(|| key.clone()))));
        map.insert(&other, Watching(watch(&key, "outside"), RefCell::default()));
        drop(key);
        assert_eq!((gc::collect(), map.len()), (2, 1));
        assert_eq!(take_log(), ["outside"]);
        drop(other);
        assert_eq!((map.len(), take_log()), (0, vec![]));
    }
}

#[test]
fn callbacks_of_values_without_edges_that_die_with_their_map_are_silent() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<Owner>>>, WeakMap<Node, Weak<Owner>>);
    let key = node();
    let owner = Gc::new(Owner(RefCell::default(), WeakMap::new()));
    *owner.0.borrow_mut() = Some(owner.clone());
    owner.1.insert(&key, Gc::downgrade_with(&owner, || log("inside")));
    drop(owner);
    assert_eq!((gc::collect(), take_log(), Gc::weak_count(&key)), (1, vec![], 0));
}

#[test]
fn a_leaf_held_from_outside_survives_a_map_and_a_key_that_die_together() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<Owner>>>, WeakMap<Owner, Gc<String>>);
    let owner = Gc::new(Owner(RefCell::default(), WeakMap::new()));
    *owner.0.borrow_mut() = Some(owner.clone());
    let text = Gc::new(String::from("text"));
    owner.1.insert(&owner, text.clone());
    let weak = Gc::downgrade(&text);
    drop(owner);
    assert_eq!((gc::collect(), Gc::strong_count(&text)), (1, 1));
    assert!(weak.upgrade().is_some());
}

#[test]
fn callbacks_come_before_the_value_of_an_entry_that_owned_what_they_watch() {
    let before = dropped();
    let key = ring(2);
    let map = WeakMap::new();
    let value = Gc::new(Leaf(Counted));
    Gc::on_drop(&value, move || log(format!("dropped: {}", dropped() - before)));
    map.insert(&key, (key.clone(), value));
    drop(key);
    assert_eq!((gc::collect(), take_log(), dropped() - before), (2, vec!["dropped: 0".to_owned()], 3));
}

#[test]
fn moving_a_value_out_of_its_box_ends_its_entries() {
    let map = WeakMap::new();
    let mut key = Gc::new(5);
    map.insert(&key, "five");
    assert!(Gc::get_mut(&mut key).is_none());
    *Gc::make_mut(&mut key) += 1;
    assert_eq!((map.len(), map.get(&key), Gc::get_mut(&mut key)), (0, None, Some(&mut 6)));
    map.insert(&key, "six");
    let shared = key.clone();
    Gc::make_mut(&mut key);
    assert_eq!((map.len(), map.get(&key), map.get(&shared)), (1, None, Some("six")));
    assert_eq!((Gc::try_unwrap(shared), map.len()), (Ok(6), 0));
}

#[test]
fn a_key_may_get_its_value_later() {
    let map: WeakMap<std::mem::MaybeUninit<Node>, Gc<Node>> = WeakMap::new();
    let mut empty = Gc::<Node>::new_uninit();
    Gc::get_mut(&mut empty).expect("no key yet").write(Node::default());
    map.insert(&empty, node());
    // SAFETY: the value is there.
    let key = unsafe { empty.assume_init() };
    link(&key, &key);
    link(&map.values().next().expect("one entry"), &key);
    gc::collect();
    assert_eq!((map.len(), dropped()), (1, 0));
    drop(key);
    assert_eq!((gc::collect(), map.len(), dropped()), (2, 0, 2));

    let map: WeakMap<std::mem::MaybeUninit<String>, Gc<std::mem::MaybeUninit<String>>> = WeakMap::new();
    let mut empty = Gc::<String>::new_uninit();
    Gc::get_mut(&mut empty).expect("no key yet").write("text".into());
    map.insert(&empty, empty.clone());
    // SAFETY: the value is there.
    drop(unsafe { empty.assume_init() });
    assert_eq!((gc::collect(), map.len()), (1, 0));
}

#[test]
fn a_forgotten_map_keeps_values_only_as_long_as_their_keys_live() {
    let map = WeakMap::new();
    let key = node();
    map.insert(&key, Note::about(&key));
    let forgotten = ManuallyDrop::new(map);
    gc::collect();
    assert_eq!(dropped(), 0);
    drop(key);
    assert_eq!((gc::collect(), dropped()), (1, 2));
    // Not for ever, so that nothing leaks from the test.
    drop(ManuallyDrop::into_inner(forgotten));
}

#[test]
fn a_map_lives_in_a_thread_local_that_is_destroyed_early_or_late() {
    thread_local!(static MAP: WeakMap<Node, Note> = WeakMap::new());
    thread_local!(static KEY: RefCell<Option<Gc<Node>>> = const { RefCell::new(None) });
    for map_first in [false, true] {
        on_stack_of(1 << 20, move || {
            if map_first {
                MAP.with(|_| ());
            }
            let key = node();
            KEY.set(Some(key.clone()));
            MAP.with(|map| drop(map.insert(&key, Note::about(&key))));
        });
    }
}

#[test]
fn a_map_in_an_rc_counts_as_alive() {
    #[derive(Trace)]
    struct Owner {
        #[trace(skip)]
        _map: Rc<WeakMap<Node, Gc<Owner>>>,
    }
    let map = Rc::new(WeakMap::new());
    let key = node();
    map.insert(&key, Gc::new(Owner { _map: map.clone() }));
    let weak = Rc::downgrade(&map);
    drop(map);
    gc::collect();
    assert!(weak.upgrade().is_some());
    drop(key);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_map_in_a_borrowed_cell_counts_as_alive() {
    #[derive(Trace, Default)]
    struct Owner(RefCell<WeakMap<Node, Gc<Owner>>>);
    let key = node();
    let owner = Gc::new(Owner::default());
    owner.0.borrow().insert(&key, owner.clone());
    let alive = Gc::downgrade(&owner);
    {
        let borrowed = owner.0.borrow_mut();
        drop(owner.clone());
        assert_eq!((gc::collect(), borrowed.len()), (0, 1));
    }
    drop(owner);
    assert_eq!(gc::collect(), 1);
    assert!(alive.upgrade().is_none() && Gc::weak_count(&key) == 0);
}

#[test]
fn a_map_moves_from_box_to_box() {
    #[derive(Trace, Default)]
    struct Owner(RefCell<Option<WeakMap<Node, Gc<Owner>>>>);
    let key = node();
    let [one, two] = [0, 1].map(|_| Gc::new(Owner::default()));
    let map = WeakMap::new();
    map.insert(&key, one.clone());
    *one.0.borrow_mut() = Some(map);
    drop((one.clone(), key.clone()));
    gc::collect();
    *two.0.borrow_mut() = one.0.take();
    drop(one);
    drop(two.clone());
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 3));
    let map = two.0.take().expect("moved");
    drop(two);
    assert_eq!((gc::collect(), map.len(), gc::stats().live_objects), (0, 1, 2));
    drop(key);
    assert_eq!((map.len(), gc::stats().live_objects), (0, 0));
}

#[test]
fn a_map_of_maps_is_as_alive_as_the_keys_on_the_way() {
    type Inner = WeakMap<Node, Gc<Node>>;
    let outer: WeakMap<Node, Inner> = WeakMap::new();
    let [one, two] = [node(), node()];
    outer.insert(&one, Inner::new());
    outer.with(&one, |inner| {
        let value = node();
        link(&value, &one);
        link(&value, &two);
        inner.insert(&two, value);
    });
    drop((one.clone(), two.clone()));
    gc::collect();
    assert_eq!(outer.with(&one, WeakMap::len), Some(1));
    // Only the value of the inner entry leads to `two`.
    drop(two);
    assert_eq!((gc::collect(), outer.with(&one, WeakMap::len)), (2, Some(0)));
    let two = node();
    outer.with(&one, |inner| inner.insert(&two, ring(2)));
    link(&outer.with(&one, |inner| inner.get(&two)).flatten().expect("there"), &one);
    drop(one);
    assert_eq!((gc::collect(), outer.len(), Gc::weak_count(&two)), (3, 0, 0));
}

#[test]
fn a_map_reached_only_through_its_own_values_dies_though_its_keys_live() {
    #[derive(Trace, Default)]
    struct Owner(WeakMap<Node, Gc<Owner>>, RefCell<Option<Gc<Owner>>>);
    let keys: Vec<_> = (0..10).map(|_| node()).collect();
    let first = Gc::new(Owner::default());
    let last = keys.iter().fold(first.clone(), |owner, key| {
        let next = Gc::new(Owner::default());
        owner.0.insert(key, next.clone());
        next
    });
    last.0.insert(&keys[0], first.clone());
    drop(last);
    drop(keys.clone());
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 21));
    drop(first);
    assert_eq!((gc::collect(), gc::stats().live_objects), (11, 10));
    assert!(keys.iter().all(|key| Gc::weak_count(key) == 0));
}

#[test]
fn the_entries_of_a_map_are_edges_of_the_box_it_is_in() {
    let key = node();
    let value = node();
    let owner = Gc::new(WeakMap::new());
    owner.insert(&key, value.clone());
    assert!(Gc::is_tracked(&owner) && !Gc::is_tracked(&Gc::new(WeakMap::<Node, i32>::new())));
    let referents = Gc::referents(&owner);
    assert!(referents.len() == 1 && referents[0].is(&value));
    assert!(Gc::referents(&key).is_empty());
}

#[test]
fn the_surface_is_that_of_a_hash_map() {
    let keys: Vec<_> = (0..5).map(Gc::new).collect();
    let mut map: WeakMap<_, _> = keys.iter().map(|key| (key, **key * 10)).collect();
    assert_eq!((map.len(), map.is_empty(), map.capacity() >= 5), (5, false, true));
    map.extend([(&keys[0], 7)]);
    map.extend([(keys[1].clone(), 8), (Gc::new(9), 9)]);
    assert_eq!((map.len(), map.get(&keys[0]), map.get(&keys[1])), (5, Some(7), Some(8)));
    assert_eq!(sorted(map.values()), [7, 8, 20, 30, 40]);
    assert_eq!(sorted(map.keys().map(|key| *key)), [0, 1, 2, 3, 4]);
    assert_eq!(sorted((&map).into_iter().map(|(key, value)| (*key, value)))[..2], [(0, 7), (1, 8)]);
    let clone = map.clone();
    map.retain(|key, value| **key > 0 && *value != 20);
    assert_eq!((sorted(map.keys().map(|key| *key)), clone.len()), (vec![1, 3, 4], 5));
    map.clear();
    assert_eq!((map.len(), map.iter().next().is_none(), map.get(&keys[1])), (0, true, None));
    map.shrink_to_fit();
    assert_eq!(map.capacity(), 0);
    map.reserve(100);
    assert!(map.capacity() >= 100);
    assert_eq!(sorted(clone.into_iter().map(|(key, value)| *key + value)), [7, 9, 22, 33, 44]);
    let by_value: WeakMap<_, _> = keys.iter().cloned().zip([1, 2]).collect();
    assert_eq!(sorted(by_value.drain().map(|(_, value)| value)), [1, 2]);
    assert!(by_value.is_empty() && WeakMap::<Node, i32>::default().is_empty());
    let values_without_clone: WeakMap<_, _> = keys.iter().map(|key| (key, Leaf(Counted))).collect();
    drop(values_without_clone.into_iter().next());
    assert_eq!(dropped(), 5);
}

fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<_> = items.into_iter().collect();
    items.sort_unstable();
    items
}

#[test]
fn debug_prints_the_entries() {
    let map = WeakMap::new();
    let key = Gc::new("key");
    map.insert(&key, [1, 2]);
    map.insert(&Gc::new("dead"), [3, 4]);
    assert_eq!(format!("{map:?}"), r#"{"key": [1, 2]}"#);
}

#[test]
fn entries_look_again_before_they_insert() {
    let map = WeakMap::new();
    let key = Gc::new("key");
    assert_eq!((map.entry(&key).or_default(), **map.entry(&key).key()), (0, "key"));
    assert_eq!(map.entry(&key).and_modify(|value| assert_eq!(*value, 0)).or_insert(1), 0);
    let vacant_then = {
        map.clear();
        let entry = map.entry(&key);
        map.insert(&key, 5);
        entry.or_insert(6)
    };
    assert_eq!((vacant_then, map.get(&key)), (5, Some(5)));
    let occupied_then = {
        let entry = map.entry(&key);
        map.clear();
        entry.or_insert_with_key(|key| key.len())
    };
    assert_eq!((occupied_then, map.get(&key)), (3, Some(3)));
    let Entry::Occupied(mut entry) = map.entry(&key) else { panic!("it is there") };
    map.insert(&key, 7);
    assert_eq!((*entry.get(), entry.insert(8), map.get(&key)), (3, Some(3), Some(8)));
    map.insert(&key, 9);
    assert_eq!((entry.remove(), map.get(&key)), (Some(8), Some(9)));
    assert_eq!((*map.entry(&key).insert_entry(10).get(), map.len()), (10, 1));
    map.clear();
    let Entry::Vacant(entry) = map.entry(&key) else { panic!("nothing is there") };
    map.insert(&key, 11);
    assert_eq!((*entry.insert(12).get(), map.get(&key), map.len()), (12, Some(12), 1));
}

#[test]
fn a_value_that_an_entry_holds_is_handed_to_nobody_else() {
    let map = WeakMap::new();
    let key = Gc::new("key");
    map.insert(&key, String::from("value"));
    let Entry::Occupied(entry) = map.entry(&key) else { panic!("it is there") };
    assert_eq!((map.remove(&key), map.remove(&key), entry.get().as_str()), (None, None, "value"));
    map.insert(&key, String::from("other"));
    assert_eq!((entry.remove().as_deref(), map.get(&key).as_deref()), (Some("value"), Some("other")));
    map.insert(&key, String::from("forgotten"));
    let forgotten = ManuallyDrop::new(map.entry(&key));
    assert_eq!((map.drain().count(), map.len()), (0, 0));
    drop(ManuallyDrop::into_inner(forgotten));
}

#[test]
fn an_unfinished_drain_takes_out_the_rest() {
    let map = WeakMap::new();
    let keys: Vec<_> = (0..5).map(Gc::new).collect();
    keys.iter().for_each(|key| drop(map.insert(key, Leaf(Counted))));
    let mut drain = map.drain();
    let (first, _) = drain.next().expect("five entries");
    map.insert(&first, Leaf(Counted));
    drop(drain);
    assert_eq!((map.len(), map.contains_key(&first), dropped()), (1, true, 5));
}
