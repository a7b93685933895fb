//! What a map does with keys and values that behave.

use std::cell::Cell;
use std::fmt::Debug;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::rc::Rc;

use gc_core::weak::WeakValueMap;
use gc_core::weak::value_map::Entry;
use gc_core::{Gc, Leaf, Trace, coerce, gc};
use gc_tests::{Counted, dropped, finalized, log, node, ring, take_log};

use super::Colliding;

#[test]
fn an_entry_goes_when_its_value_dies_by_count() {
    let map = WeakValueMap::new();
    let (one, two) = (node(), node());
    assert!(map.insert(1, &one).is_none() && map.insert(2, &two).is_none());
    drop(one);
    assert_eq!((map.len(), map.is_empty(), map.contains_key(&1), dropped()), (1, false, false, 1));
    assert!(Gc::ptr_eq(&map.get(&2).unwrap(), &two));
    drop(two);
    assert!(map.is_empty());
}

#[test]
fn an_entry_goes_when_its_value_is_collected_in_a_cycle() {
    let map = WeakValueMap::new();
    let held = ring(3);
    map.insert("ring", &held);
    assert_eq!((gc::collect(), map.len()), (0, 1));
    drop(held);
    assert_eq!(map.len(), 1);
    assert_eq!((gc::collect(), map.len(), dropped()), (3, 0, 3));
}

#[test]
fn what_a_lookup_returns_keeps_the_value_alive() {
    let map = WeakValueMap::new();
    let one = node();
    map.insert(1, &one);
    let found = map.get(&1);
    drop(one);
    assert_eq!(map.len(), 1);
    drop(found);
    assert_eq!(map.len(), 0);
}

#[test]
fn insert_returns_the_value_it_replaced_if_that_is_alive() {
    let map = WeakValueMap::new();
    let (one, two) = (Gc::new(1), Gc::new(2));
    assert_eq!(map.insert("key", &one), None);
    assert_eq!(map.insert("key", &one), Some(one.clone()));
    assert_eq!(map.insert("key", &two), Some(one.clone()));
    drop(one);
    assert_eq!((map.len(), map.get("key")), (1, Some(two.clone())));
    drop(two);
    assert_eq!(map.insert("key", &Gc::new(3)), None);
    assert_eq!(map.len(), 0);
}

#[test]
fn an_equal_key_that_is_there_stays() {
    let map = WeakValueMap::new();
    let (one, two) = (Gc::new(1), Gc::new(2));
    let first = Rc::new(5);
    map.insert(first.clone(), &one);
    map.insert(Rc::new(5), &two);
    assert!(Rc::ptr_eq(&map.keys().next().unwrap(), &first));
    assert_eq!((Rc::strong_count(&first), map.get(&5)), (2, Some(two.clone())));
    drop(two);
    assert_eq!(Rc::strong_count(&first), 1);
}

#[test]
fn a_replaced_value_does_not_take_the_entry_with_it() {
    let map = WeakValueMap::new();
    let (by_count, by_collection, last) = (node(), ring(2), node());
    map.insert("key", &by_count);
    map.insert("key", &by_collection);
    drop(by_count);
    assert_eq!(map.len(), 1);
    map.insert("key", &last);
    drop(by_collection);
    assert_eq!((gc::collect(), map.len()), (2, 1));
    assert!(Gc::ptr_eq(&map.get("key").unwrap(), &last));
}

#[test]
fn a_key_is_dropped_before_its_value_is_and_sees_the_map_without_it() {
    #[derive(PartialEq, Eq, Hash)]
    struct Key;
    impl Drop for Key {
        fn drop(&mut self) {
            log("key");
        }
    }
    struct Value;
    impl Drop for Value {
        fn drop(&mut self) {
            log("value");
        }
    }
    gc_core::impl_trace_leaf!(Key, Value);
    let map = WeakValueMap::new();
    let value = Gc::new(Value);
    let _watch = Gc::downgrade_with(&value, || log("callback"));
    map.insert(Key, &value);
    drop(value);
    assert_eq!(take_log(), ["callback", "key", "value"]);
}

#[test]
fn remove_takes_the_entry_and_returns_what_is_alive() {
    let map = WeakValueMap::new();
    let one = Gc::new(1);
    map.insert(String::from("one"), &one);
    assert_eq!(map.remove_entry("one"), Some((String::from("one"), one.clone())));
    assert_eq!((map.remove("one"), map.remove_entry("one"), map.len()), (None, None, 0));
    map.insert(String::from("one"), &one);
    assert_eq!(map.remove("one"), Some(one.clone()));
    assert_eq!(Gc::weak_count(&one), 0);
}

#[test]
fn get_or_insert_with_makes_a_value_once() {
    let map = WeakValueMap::new();
    let made = Cell::new(0);
    let make = || {
        made.set(made.get() + 1);
        Gc::new(made.get())
    };
    let first = map.get_or_insert_with(1, make);
    assert!(Gc::ptr_eq(&first, &map.get_or_insert_with(1, make)));
    drop(first);
    assert_eq!(*map.get_or_insert_with(1, make), 2);
    assert_eq!((made.get(), map.len()), (2, 0));
}

#[test]
fn what_make_inserts_itself_wins() {
    let map: WeakValueMap<String, i32> = WeakValueMap::new();
    let inner = Gc::new(1);
    let outer = map.get_or_insert_with("key".into(), || {
        map.insert("key".into(), &inner);
        Gc::new(2)
    });
    assert!(Gc::ptr_eq(&outer, &inner));
    map.clear();
    let outer = map.get_or_insert_with_ref("key", |key| {
        map.insert(key.into(), &inner);
        Gc::new(2)
    });
    assert!(Gc::ptr_eq(&outer, &inner));
    map.clear();
    let outer = map.entry("key".into()).or_insert_with(|| map.get_or_insert_with_ref("key", |_| Gc::new(3)));
    assert_eq!((*outer, map.len()), (3, 1));
    // What it inserts and lets die does not.
    map.clear();
    let outer = map.get_or_insert_with("key".into(), || {
        map.insert("key".into(), &Gc::new(4));
        Gc::new(5)
    });
    assert_eq!((*outer, map.get("key").as_deref()), (5, Some(&5)));
}

#[test]
fn entries_of_the_entry_api() {
    let map = WeakValueMap::new();
    let (one, two, three) = (Gc::new(1), Gc::new(2), Gc::new(3));
    assert_eq!(*map.entry("a").or_insert(&one), 1);
    assert_eq!(*map.entry("a").or_insert(&two), 1);
    assert_eq!(*map.entry("b").or_insert_with_key(|key| if *key == "b" { two.clone() } else { one.clone() }), 2);
    let Entry::Occupied(mut entry) = map.entry("a") else { panic!("there is one") };
    assert_eq!((*entry.key(), entry.get()), ("a", &one));
    assert_eq!(entry.insert(&three), one);
    assert_eq!((entry.get(), map.get("a")), (&three, Some(three.clone())));
    assert_eq!((entry.remove(), map.get("a")), (three.clone(), None));
    let Entry::Vacant(entry) = map.entry("a") else { panic!("there is none") };
    assert_eq!((*entry.key(), format!("{entry:?}")), ("a", String::from("VacantEntry(\"a\")")));
    assert_eq!(entry.insert(&one), one);
    assert_eq!(map.entry("a").insert_entry(&two).remove(), two);
    assert_eq!(map.entry("c").insert_entry(&two).get(), &two);
    assert_eq!(map.len(), 2);
}

#[test]
fn an_occupied_entry_keeps_its_value_alive_and_outlives_its_entry() {
    let map = WeakValueMap::new();
    let (one, two) = (Gc::new(1), Gc::new(2));
    map.insert("key", &one);
    let Entry::Occupied(mut entry) = map.entry("key") else { panic!("there is one") };
    drop(one);
    assert_eq!(map.len(), 1);
    map.clear();
    assert_eq!((**entry.get(), *entry.key(), map.len()), (1, "key", 0));
    entry.insert(&two);
    assert_eq!((map.get("key"), map.len()), (Some(two.clone()), 1));
    // Another entry of the key has come meanwhile.
    map.clear();
    let three = Gc::new(3);
    map.insert("key", &three);
    assert_eq!(entry.insert(&two), two);
    assert_eq!((map.get("key"), map.len()), (Some(two.clone()), 1));
    map.insert("key", &three);
    assert_eq!((entry.remove(), map.len()), (three, 0));
    // The key is the entry's as long as that is there.
    map.insert("key", &two);
    let Entry::Occupied(entry) = map.entry("key") else { panic!("there is one") };
    assert_eq!((map.remove_entry("key"), map.len()), (None, 0));
    assert_eq!(entry.remove(), two);
}

#[test]
fn a_vacant_entry_inserts_over_what_came_meanwhile() {
    let map = WeakValueMap::new();
    let (one, two) = (Gc::new(1), Gc::new(2));
    let (vacant, other) = (map.entry("key"), map.entry("key"));
    map.insert("key", &one);
    assert_eq!(other.or_insert(&two), one);
    let Entry::Vacant(vacant) = vacant else { panic!("there was none") };
    vacant.insert(&two);
    assert_eq!((map.get("key"), map.len()), (Some(two), 1));
}

#[test]
fn capacity_is_reserved_and_given_back() {
    let map: WeakValueMap<u32, u32> = WeakValueMap::with_capacity(100);
    assert!(map.capacity() >= 100);
    map.shrink_to_fit();
    assert_eq!(map.capacity(), 0);
    map.reserve(10);
    assert!(map.capacity() >= 10);
    let map: WeakValueMap<u32, u32, _> =
        WeakValueMap::with_capacity_and_hasher(5, BuildHasherDefault::<DefaultHasher>::new());
    assert!(map.capacity() >= 5);
    let _: &BuildHasherDefault<DefaultHasher> = map.hasher();
}

#[test]
fn a_map_has_the_traits_of_a_hash_map() {
    let values = [1, 2, 3].map(Gc::new);
    let pairs = || values.iter().map(|value| (**value, value.clone()));
    let mut map: WeakValueMap<i32, i32> = pairs().collect();
    map.extend([(4, values[0].clone()), (5, Gc::new(5))]);
    assert_eq!(map.len(), 4);
    let copy = map.clone();
    map.clear();
    assert_eq!((map.len(), copy.len(), copy.get(&4)), (0, 4, Some(values[0].clone())));
    assert!(WeakValueMap::<i32, i32>::default().is_empty());
    let map = WeakValueMap::from([("one", values[0].clone())]);
    assert_eq!(
        format!("{map:?} {:?}", map.entry("one")),
        r#"{"one": 1} Entry(OccupiedEntry { key: "one", value: 1, .. })"#
    );
    let mut sorted: Vec<_> = copy.into_iter().collect();
    sorted.sort();
    assert_eq!(sorted.len(), 4);
    assert_eq!(sorted[3], (4, values[0].clone()));
}

/// A value of any kind under two keys.
fn dies_with<V: ?Sized + Debug + 'static>(value: Gc<V>) {
    let map: WeakValueMap<String, V> = WeakValueMap::new();
    let edges: WeakValueMap<String, V> = WeakValueMap::new();
    map.insert("a".into(), &value);
    edges.insert("b".into(), &value);
    gc::collect();
    assert!(Gc::ptr_eq(&map.get("a").unwrap(), &value) && Gc::ptr_eq(&edges.get("b").unwrap(), &value));
    drop(value);
    assert_eq!((map.len(), edges.len()), (0, 0));
}

#[test]
fn values_may_be_of_any_kind() {
    dies_with(Gc::new(5));
    dies_with(Gc::new(()));
    dies_with(Gc::leaf(Rc::new(Cell::new(5))));
    dies_with::<str>("text".into());
    dies_with::<[u32]>(vec![1, 2, 3].into());
    dies_with::<[Gc<u32>]>(vec![Gc::new(1)].into());
    dies_with::<dyn Debug>(coerce!(Gc::new(5) => dyn Debug));
    dies_with::<dyn Debug>(Gc::leaf_from_box(Box::new(5)));
    dies_with(Gc::new(Some(Gc::new(1))));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn one_value_under_many_keys_in_many_maps_dies_in_all_at_once() {
    let maps: Vec<WeakValueMap<u32, Leaf<Counted>>> = (0..100).map(|_| WeakValueMap::new()).collect();
    let value = Gc::new(Leaf(Counted));
    for map in &maps {
        (0..1000).for_each(|key| drop(map.insert(key, &value)));
    }
    drop(value);
    assert!(maps.iter().all(WeakValueMap::is_empty));
    assert_eq!(dropped(), 1);
}

#[test]
fn entries_of_one_value_are_removed_in_any_order_in_linear_time() {
    const COUNT: u64 = 100_000;
    for stride in [1, COUNT - 1, 7919] {
        let map = WeakValueMap::new();
        let value = Gc::new(1);
        (0..COUNT).for_each(|key| drop(map.insert(key, &value)));
        for step in 0..COUNT {
            assert!(map.remove(&(step * stride % COUNT)).is_some());
        }
        assert_eq!((map.len(), Gc::weak_count(&value)), (0, 0));
    }
}

#[test]
fn keys_that_all_collide_are_told_apart() {
    let map = WeakValueMap::with_hasher(Colliding);
    let mut values: Vec<_> = (0..2000).map(Gc::new).collect();
    values.iter().for_each(|value| drop(map.insert(**value, value)));
    assert_eq!(map.len(), 2000);
    assert!((0..2000).all(|key| map.get(&key).as_deref() == Some(&key)));
    values.retain(|value| **value % 2 == 0);
    assert_eq!(map.len(), 1000);
    assert!((0..2000).all(|key| map.contains_key(&key) == (key % 2 == 0)));
    map.retain(|key, _| key % 4 == 0);
    assert_eq!((map.len(), map.iter().count()), (500, 500));
}

#[test]
fn a_million_short_lived_strings_leave_nothing() {
    let map: WeakValueMap<String, str> = WeakValueMap::new();
    let mut recent = std::collections::VecDeque::new();
    for number in 0..if cfg!(any(debug_assertions, gc_system_alloc)) { 100_000 } else { 1_000_000 } {
        let text = number.to_string();
        recent.push_back(map.get_or_insert_with_ref(&*text, Gc::from));
        if recent.len() > 100 {
            recent.pop_front();
        }
    }
    assert_eq!((map.len(), gc::stats().live_objects), (100, 100));
    assert!(map.capacity() < 1000, "{}", map.capacity());
    assert!(Gc::ptr_eq(&recent[5], &map.get(&*recent[5]).unwrap()));
}

#[test]
fn try_unwrap_ends_the_entry_and_get_mut_is_refused() {
    let map = WeakValueMap::new();
    let mut value = Gc::new(String::from("x"));
    map.insert(1, &value);
    assert!(Gc::get_mut(&mut value).is_none());
    assert_eq!((Gc::try_unwrap(value), map.len()), (Ok(String::from("x")), 0));
}

#[test]
fn make_mut_moves_the_value_out_of_its_entry() {
    let map = WeakValueMap::new();
    let mut value = Gc::new(1);
    map.insert(1, &value);
    let shared = value.clone();
    *Gc::make_mut(&mut value) = 2;
    assert_eq!((map.get(&1), map.len()), (Some(shared.clone()), 1));
    map.insert(2, &value);
    drop(shared);
    *Gc::make_mut(&mut value) = 3;
    assert_eq!(map.len(), 0);
}

#[test]
fn a_box_keeps_its_memory_and_nothing_else_while_an_entry_moves_on() {
    let map = WeakValueMap::new();
    let value = node();
    map.insert(1, &value);
    map.insert(1, &node());
    assert_eq!((map.len(), Gc::weak_count(&value), dropped(), finalized()), (0, 0, 1, 1));
}

#[test]
fn a_struct_with_a_map_asks_for_no_bound() {
    #[derive(Trace)]
    struct Cache<K: 'static, V: 'static>(WeakValueMap<K, V>);
    let cache = Gc::new(Cache::<u8, u8>(WeakValueMap::new()));
    assert!(cache.0.is_empty() && !Gc::is_tracked(&cache));
}
