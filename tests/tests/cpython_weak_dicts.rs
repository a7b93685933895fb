//! CPython 3.11's tests of `WeakValueDictionary`, `WeakKeyDictionary` and `WeakSet` (`test_weakref.py`, `test_weakset.py`,
//! `mapping_tests.py`), restated where they mean something in Rust. Each is named after its original.
//!
//! Without meaning: wrong types of arguments and keyword arguments (the compiler's matter), `repr` of an address, threads
//! (a heap belongs to one), `copy.deepcopy`, lists of references (`valuerefs`), comparing dictionaries with `==`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::gc::{self, Thresholds};
use gc_core::weak::value_map::Entry;
use gc_core::weak::{WeakMap, WeakValueMap};
use gc_core::{Gc, Trace};

const COUNT: u32 = 10;

/// `class Object`, and `class RefCycle` when it refers to itself.
#[derive(Trace, Debug)]
struct Object {
    arg: u32,
    cycle: RefCell<Option<Gc<Object>>>,
}

fn object(arg: u32) -> Gc<Object> {
    Gc::new(Object { arg, cycle: RefCell::default() })
}

fn ref_cycle(arg: u32) -> Gc<Object> {
    let object = object(arg);
    *object.cycle.borrow_mut() = Some(object.clone());
    object
}

fn make_weak_valued_dict() -> (WeakValueMap<u32, Object>, Vec<Gc<Object>>) {
    let objects: Vec<_> = (0..COUNT).map(object).collect();
    (objects.iter().map(|object| (object.arg, object.clone())).collect(), objects)
}

/// The pairs in order, values by address.
fn items<K: Ord + Clone>(dict: &WeakValueMap<K, Object>) -> Vec<(K, *const Object)> {
    let mut items: Vec<_> = dict.iter().map(|(key, value)| (key, Gc::as_ptr(&value))).collect();
    items.sort();
    items
}

fn is<T>(found: Option<&Gc<T>>, expected: &Gc<T>) -> bool {
    found.is_some_and(|found| Gc::ptr_eq(found, expected))
}

#[test]
fn weak_valued_len_cycles() {
    for same_key in [true, false] {
        let objects: Vec<_> = (0..20).map(ref_cycle).collect();
        let dict: WeakValueMap<u32, Object> =
            objects.iter().map(|object| (if same_key { 1 } else { object.arg }, object.clone())).collect();
        let mut walk = dict.iter();
        walk.next();
        drop(objects);
        gc::collect();
        // Nothing is kept alive inside the iterator.
        assert_eq!((dict.len(), walk.next().is_none()), (0, true));
    }
}

#[test]
fn weak_valued_len_race() {
    for threshold in 1..100 {
        gc::set_thresholds(Thresholds { young: threshold, middle: threshold, old: threshold });
        let objects: Vec<_> = (0..20).map(ref_cycle).collect();
        let dict: WeakValueMap<u32, Object> = objects.iter().map(|object| (object.arg, object.clone())).collect();
        drop(objects);
        let mut walk = dict.iter();
        walk.next();
        let _more = object(0);
        let first = dict.len();
        let _still_more = object(0);
        let second = dict.len();
        assert!(second <= first && first <= 20);
        assert_eq!(dict.iter().count(), second);
    }
}

#[test]
fn weak_values() {
    let (dict, mut objects) = make_weak_valued_dict();
    for object in &objects {
        assert_eq!(Gc::weak_count(object), 1);
        assert!(is(dict.get(&object.arg).as_ref(), object), "wrong object returned by weak dict");
    }
    assert_eq!(items(&dict), items(&dict.clone()), "cloning of weak-valued dictionary did not work");
    assert_eq!(dict.len(), COUNT as usize);
    objects.remove(0);
    assert_eq!(dict.len(), COUNT as usize - 1, "deleting object did not cause dictionary update");
    drop(objects);
    assert_eq!(dict.len(), 0, "deleting the values did not clear the dictionary");
    // Regression on SF bug 447152.
    assert!(dict.get(&1).is_none());
    dict.insert(2, &object(2));
    assert!(dict.get(&2).is_none());
}

#[test]
fn weak_valued_iters() {
    let (dict, objects) = make_weak_valued_dict();
    let all: BTreeSet<_> = objects.iter().map(|object| object.arg).collect();
    assert_eq!(dict.iter().map(|(key, _)| key).collect::<BTreeSet<_>>(), all);
    assert_eq!((&dict).into_iter().map(|(_, value)| value.arg).collect::<BTreeSet<_>>(), all);
    assert_eq!(dict.keys().collect::<BTreeSet<_>>(), all);
    assert_eq!(dict.values().map(|value| value.arg).collect::<BTreeSet<_>>(), all);
    assert_eq!((dict.iter().count(), dict.keys().count(), dict.values().count()), (10, 10, 10));
}

fn destroy_while_iterating<I: Iterator>(dict: &WeakValueMap<u32, Object>, objects: &mut Vec<Gc<Object>>, mut walk: I) {
    let before = dict.len();
    drop(walk.next());
    objects.pop();
    gc::collect();
    // We have removed either the first consumed object, or another one.
    assert!([objects.len(), objects.len() - 1].contains(&walk.count()));
    assert_eq!(dict.len(), before - 1);
}

/// Lets one object die in the middle of an iteration, does something, and ends the iteration.
fn in_iteration<R>(
    dict: &WeakValueMap<u32, Object>,
    objects: &mut Vec<Gc<Object>>,
    action: impl FnOnce(u32, &Gc<Object>) -> R,
) -> R {
    let mut walk = dict.iter();
    drop(walk.next());
    let key = objects.pop().expect("an object").arg;
    gc::collect();
    let result = action(key, &object(key));
    drop(walk.next());
    gc::collect();
    result
}

#[test]
fn weak_values_destroy_while_iterating() {
    let (dict, mut objects) = make_weak_valued_dict();
    destroy_while_iterating(&dict, &mut objects, dict.keys());
    destroy_while_iterating(&dict, &mut objects, dict.iter());
    destroy_while_iterating(&dict, &mut objects, dict.values());
    destroy_while_iterating(&dict, &mut objects, (&dict).into_iter());
}

#[test]
fn weak_values_destroy_and_mutate_while_iterating() {
    let (mut dict, mut objects) = make_weak_valued_dict();
    in_iteration(&dict, &mut objects, |key, _| assert!(!dict.contains_key(&key)));
    in_iteration(&dict, &mut objects, |key, _| assert!(dict.remove(&key).is_none() && !dict.contains_key(&key)));
    in_iteration(&dict, &mut objects, |key, _| assert!(dict.remove_entry(&key).is_none()));
    let kept = in_iteration(&dict, &mut objects, |key, value| {
        dict.insert(key, value);
        value.clone()
    });
    assert!(is(dict.get(&kept.arg).as_ref(), &kept));
    let copy = dict.clone();
    in_iteration(&copy, &mut objects, |_, _| dict.extend(&copy));
    assert_eq!(items(&dict), items(&copy));
    in_iteration(&dict, &mut objects, |_, _| dict.clear());
    assert!(dict.is_empty());
}

/// `popitem`.
fn pop(dict: &WeakValueMap<u32, Object>) -> Option<(u32, Gc<Object>)> {
    dict.remove_entry(&dict.keys().next()?)
}

#[test]
fn weak_values_del_and_len_while_iterating() {
    // Here the entry of an object goes with it, not when the last iterator does, so the numbers are one less.
    let (dict, mut objects) = make_weak_valued_dict();
    let other = object(123_456);
    in_iteration(&dict, &mut objects, |_, _| {
        let before = dict.len();
        pop(&dict);
        assert_eq!(dict.len(), before - 1);
        dict.insert(123_456, &other);
        assert_eq!(dict.len(), before);
    });
    for _ in 0..4 {
        let before = dict.len();
        let alive = objects.last().is_some_and(|last| dict.contains_key(&last.arg));
        in_iteration(&dict, &mut objects, |_, _| {
            assert_eq!(dict.len(), before - usize::from(alive));
            pop(&dict);
            assert_eq!(dict.len(), before - usize::from(alive) - 1);
        });
    }
    in_iteration(&dict, &mut objects, |_, _| {
        dict.clear();
        assert_eq!(dict.len(), 0);
    });
    assert_eq!(dict.len(), 0);
}

#[test]
fn make_weak_valued_dict_from_others() {
    let three = object(3);
    let dict = WeakValueMap::from([(364, three.clone())]);
    assert!(is(dict.get(&364).as_ref(), &three));
    let again: WeakValueMap<_, _> = dict.iter().collect();
    assert!(is(again.get(&364).as_ref(), &three));
}

#[test]
fn weak_valued_dict_popitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakValueMap::from([(1, one.clone()), (2, two.clone())]);
    for left in [1, 0] {
        let (key, value) = pop(&dict).expect("one more");
        assert_eq!((key, dict.len()), (value.arg, left));
    }
    assert!(pop(&dict).is_none());
}

#[test]
fn weak_valued_dict_setdefault() {
    let (one, two) = (object(1), object(2));
    let dict = WeakValueMap::new();
    for default in [&one, &two] {
        assert!(is(Some(&dict.entry("key").or_insert(default)), &one));
        assert!(dict.contains_key("key") && is(dict.get("key").as_ref(), &one));
    }
}

#[test]
fn weak_valued_dict_update() {
    let plain: std::collections::HashMap<_, _> = [1, 2, 3].into_iter().map(|arg| (arg, object(arg))).collect();
    let mut dict = WeakValueMap::new();
    dict.extend(plain.clone());
    assert_eq!(dict.len(), plain.len());
    assert!(dict.keys().all(|key| plain.contains_key(&key)), "mysterious new key appeared in weak dict");
    assert!(plain.iter().all(|(key, value)| is(dict.get(key).as_ref(), value)));
}

#[test]
fn weak_valued_union_operators() {
    let (a, b, c) = (object(1), object(2), object(3));
    let one = WeakValueMap::from([(1, a.clone())]);
    let two = WeakValueMap::from([(1, b.clone()), (2, a.clone())]);
    let mut union = one.clone();
    union.extend(&two);
    assert_eq!(items(&union), [(1, Gc::as_ptr(&b)), (2, Gc::as_ptr(&a))]);
    let mut pairs = one.clone();
    pairs.extend([(5, c.clone()), (6, b.clone())]);
    assert_eq!(items(&pairs).len(), 3);
    drop(a);
    assert!(!union.contains_key(&2) && !two.contains_key(&2) && !one.contains_key(&1) && !pairs.contains_key(&1));
}

#[test]
fn weak_valued_delitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakValueMap::from([("something", one.clone()), ("something else", two.clone())]);
    assert_eq!(dict.len(), 2);
    assert!(dict.remove("something").is_some());
    assert_eq!(items(&dict), [("something else", Gc::as_ptr(&two))]);
}

/// `test_weak_keyed_cascading_deletes`, where here the keys compare and the values die.
#[test]
fn weak_valued_cascading_deletes() {
    thread_local! {
        static OBJECTS: RefCell<Vec<Gc<Object>>> = const { RefCell::new(Vec::new()) };
        static MUTATE: Cell<bool> = const { Cell::new(false) };
    }
    #[derive(Clone, Debug)]
    struct Key(u32);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            if MUTATE.get() {
                let last = OBJECTS.with_borrow_mut(Vec::pop);
                drop(last);
            }
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    gc_core::impl_trace_leaf!(Key);
    let dict = WeakValueMap::new();
    for id in 0..4 {
        let value = object(id);
        dict.insert(Key(id), &value);
        OBJECTS.with_borrow_mut(|objects| objects.push(value));
    }
    MUTATE.set(true);
    for id in 0..4 {
        drop(dict.remove(&Key(id)));
    }
    assert_eq!((dict.len(), OBJECTS.with_borrow(Vec::len)), (0, 0));
}

#[test]
fn mapping_read_and_write() {
    let (one, two, three) = (object(1), object(2), object(3));
    let (empty, full) = (WeakValueMap::<&str, Object>::new(), WeakValueMap::new());
    for (key, value) in [("1", &one), ("key1", &two)] {
        assert!(full.insert(key, value).is_none());
        assert!(is(full.get(key).as_ref(), value));
    }
    assert_eq!((empty.len(), empty.is_empty(), full.len(), full.is_empty()), (0, true, 2, false));
    assert!(full.get("key2").is_none() && !full.contains_key("key2"));
    assert_eq!((empty.keys().count(), empty.values().count(), empty.iter().count()), (0, 0, 0));
    assert!(is(Some(&full.entry("1").or_insert(&three)), &one));
    assert!(is(Some(&full.entry("key2").or_insert(&three)), &three));
    assert!(is(full.remove("key2").as_ref(), &three));
    assert!(full.remove("key2").is_none() && !full.contains_key("key2"));
    assert!(matches!(full.entry("key2"), Entry::Vacant(_)));
    for key in ["1", "key1"] {
        assert!(full.remove(key).is_some() && full.get(key).is_none());
    }
    assert!(full.is_empty());
}

#[test]
fn mapping_update_stops_where_the_iterator_fails() {
    let one = object(1);
    let mut dict = WeakValueMap::new();
    let failing = (0..10).map(|key| if key < 5 { (key, one.clone()) } else { panic!("on purpose") });
    assert!(catch_unwind(AssertUnwindSafe(|| dict.extend(failing))).is_err());
    assert_eq!((dict.len(), Gc::strong_count(&one)), (5, 1));
}

// `WeakKeyDictionary`: keys are told apart by identity here, so equal keys are not the same key.

fn make_weak_keyed_dict() -> (WeakMap<Object, u32>, Vec<Gc<Object>>) {
    let objects: Vec<_> = (0..COUNT).map(object).collect();
    let dict = WeakMap::new();
    objects.iter().for_each(|object| assert_eq!(dict.insert(object, object.arg), None));
    (dict, objects)
}

#[test]
fn weak_keyed_len_cycles() {
    let objects: Vec<_> = (0..20).map(ref_cycle).collect();
    let dict = WeakMap::new();
    objects.iter().for_each(|object| assert_eq!(dict.insert(object, 1), None));
    drop(objects);
    gc::collect();
    assert_eq!(dict.len(), 0);
}

#[test]
fn weak_keyed_len_race() {
    for threshold in 1..100 {
        gc::set_thresholds(Thresholds { young: threshold, middle: threshold, old: threshold });
        let objects: Vec<_> = (0..20).map(ref_cycle).collect();
        let dict = WeakMap::new();
        objects.iter().for_each(|object| assert_eq!(dict.insert(object, 1), None));
        drop(objects);
        let first = dict.len();
        let _more = object(0);
        assert!(dict.len() <= first && first <= 20);
    }
}

#[test]
fn weak_keys() {
    let (dict, mut objects) = make_weak_keyed_dict();
    for object in &objects {
        assert_eq!(
            (Gc::weak_count(object), dict.get(object)),
            (1, Some(object.arg)),
            "wrong object returned by weak dict"
        );
    }
    assert_eq!(dict.len(), COUNT as usize);
    objects.remove(0);
    assert_eq!(dict.len(), COUNT as usize - 1, "deleting object did not cause dictionary update");
    drop(objects);
    assert_eq!(dict.len(), 0, "deleting the keys did not clear the dictionary");
    let other = object(42);
    dict.insert(&other, 42);
    assert_eq!((dict.with(&other, |value| *value), dict.get(&object(34))), (Some(42), None));
}

#[test]
fn weak_keyed_delitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakMap::new();
    dict.insert(&one, "something");
    dict.insert(&two, "something");
    assert_eq!((dict.len(), dict.remove(&one), dict.len()), (2, Some("something"), 1));
    assert_eq!((dict.get(&one), dict.get(&two)), (None, Some("something")));
}

#[test]
fn weak_keyed_bad_delitem() {
    let dict: WeakMap<Object, u32> = WeakMap::new();
    let one = object(1);
    assert_eq!((dict.remove(&one), dict.get(&one)), (None, None));
}
