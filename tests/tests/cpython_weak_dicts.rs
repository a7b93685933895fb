//! CPython 3.11's tests of `WeakValueDictionary` and `WeakKeyDictionary` (`MappingTestCase` in `test_weakref.py`, and
//! `mapping_tests.py`), one here for each that means something for this heap, by the same name and in the same order, those
//! of `WeakValueDictionary` first. Those of `mapping_tests.py` have a prefix: `mapping` for values that are weak, `keyed_mapping`
//! for keys.
//!
//! Left out:
//! - wrong types of arguments, keyword arguments (`test_make_weak_valued_dict_misc`): the compiler's matter.
//! - `test_make_weak_valued_dict_repr`, `test_make_weak_keyed_dict_repr`: the address of a dictionary.
//! - `valuerefs`, `itervaluerefs`: no lists of weak pointers; of `keyrefs` the part that `keys` can show.
//! - `test_threaded_weak_key_dict_deepcopy`, `test_threaded_weak_value_dict_deepcopy`: no `deepcopy`.
//! - `test_remove_closure`: about a closure of Python.
//! - `test_constructor` and other comparisons of dictionaries with `==`: not offered.
//! - `test_getitem`: no indexing; `get` is in `keyed_mapping_read`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::gc::{self, Thresholds};
use gc_core::weak::value_map::Entry;
use gc_core::weak::{WeakMap, WeakValueMap, map};
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

// Claim: an iterator between two steps keeps no garbage alive, and no entry of it.
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

// Claim: the length is right whenever a collection comes.
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

// Claim: each value is found, in the copy too, until it dies.
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

// Claim: each iterator gives each key, value or pair once.
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

fn destroy_while_iterating<I: Iterator>(len: impl Fn() -> usize, objects: &mut Vec<Gc<Object>>, mut walk: I) {
    let before = len();
    drop(walk.next());
    objects.pop();
    gc::collect();
    // We have removed either the first consumed object, or another one.
    assert!([objects.len(), objects.len() - 1].contains(&walk.count()));
    assert_eq!(len(), before - 1);
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

// Claim: a value that dies in the middle of an iteration leaves at once, and the iteration goes on without it.
#[test]
fn weak_values_destroy_while_iterating() {
    let (dict, mut objects) = make_weak_valued_dict();
    destroy_while_iterating(|| dict.len(), &mut objects, dict.keys());
    destroy_while_iterating(|| dict.len(), &mut objects, dict.iter());
    destroy_while_iterating(|| dict.len(), &mut objects, dict.values());
    destroy_while_iterating(|| dict.len(), &mut objects, (&dict).into_iter());
}

// Claim: the dictionary may be changed in any way in the middle of an iteration in which a value died.
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

// Claim: the length is right after each removal, by hand or by death, in the middle of an iteration.
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

// Claim: a dictionary is made of pairs.
#[test]
fn make_weak_valued_dict_from_dict() {
    let three = object(3);
    let dict = WeakValueMap::from([(364, three.clone())]);
    assert!(is(dict.get(&364).as_ref(), &three));
}

// Claim: a dictionary is made from another.
#[test]
fn make_weak_valued_dict_from_weak_valued_dict() {
    let three = object(3);
    let dict = WeakValueMap::from([(364, three.clone())]);
    let again: WeakValueMap<_, _> = dict.iter().collect();
    assert!(is(again.get(&364).as_ref(), &three));
}

// Claim: taking out any entry gives its own value, until there is none.
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

// Claim: a default is taken if there is no value, and only then.
#[test]
fn weak_valued_dict_setdefault() {
    let (one, two) = (object(1), object(2));
    let dict = WeakValueMap::new();
    for default in [&one, &two] {
        assert!(is(Some(&dict.entry("key").or_insert(default)), &one));
        assert!(dict.contains_key("key") && is(dict.get("key").as_ref(), &one));
    }
}

// Claim: `extend` adds all pairs, and no other ones.
#[test]
fn weak_valued_dict_update() {
    let plain: std::collections::HashMap<_, _> = [1, 2, 3].into_iter().map(|arg| (arg, object(arg))).collect();
    let mut dict = WeakValueMap::new();
    dict.extend(plain.clone());
    assert_eq!(dict.len(), plain.len());
    assert!(dict.keys().all(|key| plain.contains_key(&key)), "mysterious new key appeared in weak dict");
    assert!(plain.iter().all(|(key, value)| is(dict.get(key).as_ref(), value)));
}

// Claim: a union (a clone, extended) has the values of the right one, and keeps none alive.
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

// Claim: a removed key has no value any more, the other one keeps its own.
#[test]
fn weak_valued_delitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakValueMap::from([("something", one.clone()), ("something else", two.clone())]);
    assert_eq!(dict.len(), 2);
    assert!(dict.remove("something").is_some());
    assert_eq!(items(&dict), [("something else", Gc::as_ptr(&two))]);
}

// Claim: comparing keys may make values die. (`test_weak_keyed_cascading_deletes`, where here the keys compare.)
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

// Claim: a mapping is read, written and emptied by all doors.
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

// Claim: what came before a failure stays.
#[test]
fn mapping_update_stops_where_the_iterator_fails() {
    let one = object(1);
    let mut dict = WeakValueMap::new();
    let failing = (0..10).map(|key| if key < 5 { (key, one.clone()) } else { panic!("on purpose") });
    assert!(catch_unwind(AssertUnwindSafe(|| dict.extend(failing))).is_err());
    assert_eq!((dict.len(), Gc::strong_count(&one)), (5, 1));
}

// `WeakKeyDictionary`: keys are told apart by identity here, so an object made anew is no key, even if it is equal to one.

fn make_weak_keyed_dict() -> (WeakMap<Object, u32>, Vec<Gc<Object>>) {
    let objects: Vec<_> = (0..COUNT).map(object).collect();
    let dict = WeakMap::new();
    objects.iter().for_each(|object| assert_eq!(dict.insert(object, object.arg), None));
    (dict, objects)
}

/// The pairs in order, keys by address.
fn keyed_items<V: Ord + Clone>(dict: &WeakMap<Object, V>) -> Vec<(*const Object, V)> {
    in_order(dict.iter().map(|(key, value)| (Gc::as_ptr(&key), value)))
}

/// The pairs of a plain dictionary, as [`keyed_items`] gives them.
fn plain_items<V: Ord + Clone>(plain: &[(Gc<Object>, V)]) -> Vec<(*const Object, V)> {
    in_order(plain.iter().map(|(key, value)| (Gc::as_ptr(key), value.clone())))
}

fn in_order<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<_> = items.into_iter().collect();
    items.sort();
    items
}

// Claim: an iterator between two steps keeps no garbage alive, and no entry of it.
#[test]
fn weak_keyed_len_cycles() {
    let objects: Vec<_> = (0..20).map(ref_cycle).collect();
    let dict: WeakMap<_, _> = objects.iter().map(|object| (object, 1)).collect();
    let mut walk = dict.iter();
    assert!(walk.next().is_some());
    drop(objects);
    gc::collect();
    assert_eq!((dict.len(), walk.next().is_none()), (0, true));
}

// Claim: the length is right whenever a collection comes.
#[test]
fn weak_keyed_len_race() {
    for threshold in 1..100 {
        gc::set_thresholds(Thresholds { young: threshold, middle: threshold, old: threshold });
        let objects: Vec<_> = (0..20).map(ref_cycle).collect();
        let dict: WeakMap<_, _> = objects.iter().map(|object| (object, 1)).collect();
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

// Claim: each key has its value, the copy the same, and both lose the entries of keys that die.
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
    let copy = dict.clone();
    assert_eq!(keyed_items(&copy), keyed_items(&dict), "cloning of weak-keyed dictionary did not work");
    assert_eq!(dict.len(), COUNT as usize);
    objects.remove(0);
    assert_eq!(dict.len(), COUNT as usize - 1, "deleting object did not cause dictionary update");
    drop(objects);
    assert_eq!((dict.len(), copy.len()), (0, 0), "deleting the keys did not clear the dictionary");
    let other = object(42);
    dict.insert(&other, 42);
    assert!(dict.contains_key(&other) && !dict.contains_key(&object(34)));
    assert_eq!((dict.with(&other, |value| *value), dict.get(&object(34))), (Some(42), None));
}

// Claim: each iterator gives each key, value or pair once, and only live keys.
#[test]
fn weak_keyed_iters() {
    let (dict, objects) = make_weak_keyed_dict();
    let addresses = || in_order(objects.iter().map(Gc::as_ptr));
    let args: Vec<_> = (0..COUNT).collect();
    let pairs = || in_order(objects.iter().map(|object| (Gc::as_ptr(object), object.arg)));
    assert_eq!(keyed_items(&dict), pairs(), "iter() did not touch all items");
    assert_eq!(in_order((&dict).into_iter().map(|(key, value)| (Gc::as_ptr(&key), value))), pairs());
    assert_eq!(in_order(dict.keys().map(|key| Gc::as_ptr(&key))), addresses(), "keys() did not touch all keys");
    assert_eq!(in_order(dict.values()), args, "values() did not touch all values");
    // As `keyrefs()` is: what is got from them is in the dictionary.
    let refs: Vec<_> = dict.keys().map(|key| Gc::downgrade(&key)).collect();
    assert!(refs.iter().all(|weak| weak.upgrade().is_some_and(|key| dict.get(&key) == Some(key.arg))));
    drop(objects);
    assert!(refs.iter().all(|weak| weak.upgrade().is_none()));
}

/// As [`in_iteration`]; the action gets an object made as the dead one was, and its value.
fn in_keyed_iteration<R>(
    dict: &WeakMap<Object, u32>,
    objects: &mut Vec<Gc<Object>>,
    action: impl FnOnce(Gc<Object>, u32) -> R,
) -> R {
    let mut walk = dict.iter();
    drop(walk.next());
    let value = objects.pop().expect("an object").arg;
    gc::collect();
    let result = action(object(value), value);
    drop(walk.next());
    gc::collect();
    result
}

/// `popitem`.
fn pop_keyed<V>(dict: &WeakMap<Object, V>) -> Option<(Gc<Object>, V)> {
    let key = dict.keys().next()?;
    let value = dict.remove(&key)?;
    Some((key, value))
}

// Claim: a key that dies in the middle of an iteration leaves at once, and the iteration goes on without it.
#[test]
fn weak_keys_destroy_while_iterating() {
    let (dict, mut objects) = make_weak_keyed_dict();
    destroy_while_iterating(|| dict.len(), &mut objects, dict.keys());
    destroy_while_iterating(|| dict.len(), &mut objects, dict.iter());
    destroy_while_iterating(|| dict.len(), &mut objects, dict.values());
    destroy_while_iterating(|| dict.len(), &mut objects, (&dict).into_iter());
    // The last of them holds a key that is to die when it is all that holds it.
    let before = dict.len();
    let mut walk = dict.iter();
    let kept = walk.next();
    let first = objects.remove(0);
    assert!(is(kept.as_ref().map(|(key, _)| key), &first));
    drop(first);
    assert_eq!(dict.len(), before);
    drop(kept);
    assert_eq!((dict.len(), walk.count()), (before - 1, before - 1));
}

// Claim: the dictionary may be changed in any way in the middle of an iteration in which a key died.
#[test]
fn weak_keys_destroy_and_mutate_while_iterating() {
    let (dict, mut objects) = make_weak_keyed_dict();
    in_keyed_iteration(&dict, &mut objects, |key, _| assert!(!dict.contains_key(&key)));
    in_keyed_iteration(&dict, &mut objects, |key, _| {
        assert!(dict.remove(&key).is_none() && !dict.contains_key(&key));
    });
    in_keyed_iteration(&dict, &mut objects, |key, _| {
        assert!(matches!(dict.entry(&key), map::Entry::Vacant(_)) && !dict.contains_key(&key));
    });
    let kept = in_keyed_iteration(&dict, &mut objects, |key, value| {
        dict.insert(&key, value);
        key
    });
    assert_eq!((dict.get(&kept), dict.len()), (Some(kept.arg), objects.len() + 1));
    let copy = dict.clone();
    in_keyed_iteration(&dict, &mut objects, |_, _| {
        (&copy).into_iter().for_each(|(key, value)| assert_eq!(dict.insert(&key, value), Some(value)));
    });
    assert_eq!((keyed_items(&dict), dict.len()), (keyed_items(&copy), objects.len() + 1));
    in_keyed_iteration(&dict, &mut objects, |_, _| dict.clear());
    assert!(dict.is_empty() && copy.len() == objects.len() + 1);
}

// Claim: the length is right after each removal, by hand or by death, in the middle of an iteration.
#[test]
fn weak_keys_del_and_len_while_iterating() {
    let (dict, mut objects) = make_weak_keyed_dict();
    let other = object(123_456);
    let count = in_keyed_iteration(&dict, &mut objects, |_, _| {
        let count = dict.len();
        assert!(dict.keys().next().and_then(|key| dict.remove(&key)).is_some());
        assert_eq!(dict.len(), count - 1);
        assert_eq!((dict.insert(&other, 123_456), dict.len()), (None, count));
        count
    });
    for less in [1, 3, 5] {
        in_keyed_iteration(&dict, &mut objects, |_, _| {
            assert_eq!(dict.len(), count - less);
            assert!(pop_keyed(&dict).is_some());
            assert_eq!(dict.len(), count - less - 1);
        });
    }
    in_keyed_iteration(&dict, &mut objects, |_, _| {
        dict.clear();
        assert_eq!(dict.len(), 0);
    });
    assert_eq!(dict.len(), 0);
}

// Claim: a dictionary is made of pairs, with the pointers or references to them, and keeps none of the keys alive.
#[test]
fn make_weak_keyed_dict_from_dict() {
    let three = object(3);
    let plain = [(three.clone(), 364)];
    let borrowed: WeakMap<_, _> = plain.iter().map(|(key, value)| (key, *value)).collect();
    let owned: WeakMap<_, _> = plain.into_iter().collect();
    assert_eq!((borrowed.get(&three), owned.get(&three)), (Some(364), Some(364)));
    assert_eq!(Gc::strong_count(&three), 1);
    drop(three);
    assert_eq!((borrowed.len(), owned.len()), (0, 0));
}

// Claim: a dictionary that is made from another has its entries, and is another.
#[test]
fn make_weak_keyed_dict_from_weak_keyed_dict() {
    let three = object(3);
    let dict = WeakMap::from_iter([(&three, 364)]);
    let again: WeakMap<_, _> = dict.iter().collect();
    again.insert(&three, 365);
    assert_eq!((dict.get(&three), again.get(&three)), (Some(364), Some(365)));
    let moved: WeakMap<_, _> = dict.into_iter().collect();
    assert_eq!(moved.get(&three), Some(364));
}

// Claim: taking out any entry gives its own value, until there is none.
#[test]
fn weak_keyed_dict_popitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakMap::from_iter([(&one, "value 1"), (&two, "value 2")]);
    let mut popped = Vec::new();
    for left in [1, 0] {
        let (key, value) = pop_keyed(&dict).expect("one more");
        assert_eq!((value, dict.len()), (if Gc::ptr_eq(&key, &one) { "value 1" } else { "value 2" }, left));
        popped.push(key.arg);
    }
    assert_eq!((in_order(popped), pop_keyed(&dict).is_none()), (vec![1, 2], true));
}

// Claim: a default is taken if there is no value, and only then.
#[test]
fn weak_keyed_dict_setdefault() {
    let key = object(1);
    let dict = WeakMap::new();
    for default in ["value 1", "value 2"] {
        assert_eq!(dict.entry(&key).or_insert(default), "value 1");
        assert!(dict.contains_key(&key));
        assert_eq!((dict.get(&key), dict.with(&key, |value| *value)), (Some("value 1"), Some("value 1")));
    }
}

// Claim: `extend` adds all pairs, no other ones, and replaces values.
#[test]
fn weak_keyed_dict_update() {
    let plain: Vec<_> = (1..=3).map(|arg| (object(arg), arg)).collect();
    let mut dict = WeakMap::from_iter([(&plain[0].0, 100)]);
    dict.extend(plain.clone());
    assert_eq!((dict.len(), keyed_items(&dict)), (plain.len(), plain_items(&plain)));
    dict.extend(plain.iter().map(|(key, value)| (key, value + 1)));
    assert!(plain.iter().all(|(key, value)| dict.get(key) == Some(value + 1)));
}

// Claim: a removed key has no value any more, the other one keeps its own.
#[test]
fn weak_keyed_delitem() {
    let (one, two) = (object(1), object(2));
    let dict = WeakMap::new();
    dict.insert(&one, "something");
    dict.insert(&two, "something");
    assert_eq!((dict.len(), dict.remove(&one), dict.len()), (2, Some("something"), 1));
    assert_eq!((dict.get(&one), dict.get(&two)), (None, Some("something")));
    assert_eq!(keyed_items(&dict), [(Gc::as_ptr(&two), "something")]);
}

// Claim: a union (a clone, extended) has the keys of both and the values of the right one, and keeps no key alive.
#[test]
fn weak_keyed_union_operators() {
    let [one, two, three] = [1, 2, 3].map(object);
    let left = WeakMap::from_iter([(&one, 1), (&two, 2)]);
    let right = WeakMap::from_iter([(&three, 3), (&one, 4)]);
    let plain = vec![(two.clone(), 5), (three.clone(), 6)];

    let mut maps = left.clone();
    maps.extend(&right);
    let expected = plain_items(&[(one.clone(), 4), (two.clone(), 2), (three.clone(), 3)]);
    assert_eq!(keyed_items(&maps), expected, "between two maps");

    let mut map_and_plain = right.clone();
    map_and_plain.extend(plain.clone());
    let expected = plain_items(&[(one.clone(), 4), (two.clone(), 5), (three.clone(), 6)]);
    assert_eq!(keyed_items(&map_and_plain), expected, "between a map and pairs");

    let mut plain_and_map: WeakMap<_, _> = plain.into_iter().collect();
    plain_and_map.extend(left.clone());
    let expected = plain_items(&[(one.clone(), 1), (two.clone(), 2), (three.clone(), 6)]);
    assert_eq!(keyed_items(&plain_and_map), expected, "between pairs and a map");

    drop(one);
    assert_eq!(keyed_items(&left), [(Gc::as_ptr(&two), 2)]);
    assert!(maps.values().all(|value| value != 4) && map_and_plain.values().all(|value| value != 4));
    assert!(plain_and_map.values().all(|value| value != 1));
}

// Claim: a key that is not there cannot be removed.
#[test]
fn weak_keyed_bad_delitem() {
    let dict: WeakMap<Object, u32> = WeakMap::new();
    let one = object(1);
    assert_eq!((dict.remove(&one), dict.get(&one)), (None, None));
}

thread_local! {
    /// All that holds the keys, or the values, of a dictionary.
    static OBJECTS: RefCell<Vec<Gc<Object>>> = const { RefCell::new(Vec::new()) };
}

// Claim: dropping a removed value may make other keys die, whose values make more of them die.
#[test]
fn weak_keyed_cascading_deletes() {
    /// No `__eq__` is called for a key, so the side effect is that of its value.
    struct Value;
    impl Drop for Value {
        fn drop(&mut self) {
            let last = OBJECTS.with_borrow_mut(Vec::pop);
            drop(last);
        }
    }
    gc_core::impl_trace_leaf!(Value);
    let dict = WeakMap::new();
    OBJECTS.set((0..4).map(object).collect());
    OBJECTS.with_borrow(|objects| objects.iter().for_each(|object| assert!(dict.insert(object, Value).is_none())));
    let mut count = 0;
    while let Some(first) = OBJECTS.with_borrow(|objects| objects.first().cloned()) {
        count += 1;
        drop(dict.remove(&first));
    }
    assert_eq!((dict.len(), count), (0, 1));
}

// Where the originals collect in another thread, here allocations collect.

fn collect_all_the_time() {
    gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
}

// Claim: the value found or made is one that lives, whether it was garbage before, or collections come meanwhile.
#[test]
fn threaded_weak_valued_setdefault() {
    collect_all_the_time();
    let dict = WeakValueMap::new();
    let mut made = 0;
    for arg in 0..1000 {
        let value = dict.entry(10).or_insert_with(|| {
            made += 1;
            ref_cycle(arg)
        });
        let _more = (arg % 3 == 0).then(|| object(arg));
        assert!(value.arg <= arg && is(dict.get(&10).as_ref(), &value));
        drop(value);
        let _still_more = (arg % 2 == 0).then(|| object(arg));
    }
    assert!((2..1000).contains(&made), "{made} of 1000 made");
}

// Claim: what is taken out is what was put in, though only garbage holds it; or nothing, if that is collected.
#[test]
fn threaded_weak_valued_pop() {
    collect_all_the_time();
    let dict = WeakValueMap::new();
    let mut popped = 0;
    for arg in 0..1000 {
        dict.insert(10, &ref_cycle(arg));
        let _more: Vec<_> = (0..arg % 4).map(object).collect();
        if let Some(value) = dict.remove(&10) {
            assert_eq!(value.arg, arg);
            popped += 1;
        }
        assert!(dict.is_empty());
    }
    assert!((1..1000).contains(&popped), "{popped} of 1000 popped");
}

// Claim: the death of an old value does not take away the entry that a new one has for the same key.
#[test]
fn threaded_weak_valued_consistency() {
    collect_all_the_time();
    let dict = WeakValueMap::new();
    for arg in 0..1000 {
        let value = ref_cycle(arg);
        dict.insert(10, &value);
        drop(object(arg));
        assert!(dict.len() == 1 && is(dict.get(&10).as_ref(), &value));
    }
    assert!(gc::stats().collected() > 0);
}

/// What the other thread does to the objects: lets go of any one of them, and collects now and then.
fn pop_and_collect() {
    let (popped, left) = OBJECTS.with_borrow_mut(|objects| {
        let count = objects.len();
        ((count > 0).then(|| objects.swap_remove(count * 7919 % 1000 % count)), count)
    });
    drop(popped);
    if left % 100 == 0 {
        gc::collect();
    }
}

/// A key or value that makes objects die while it is cloned.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Dummy(u32);

impl Clone for Dummy {
    fn clone(&self) -> Self {
        pop_and_collect();
        Self(self.0)
    }
}

gc_core::impl_trace_leaf!(Dummy);

// Claim: keys may die while the dictionary is copied; the copy has the entries of all others.
#[test]
fn threaded_weak_key_dict_copy() {
    OBJECTS.set((0..2000).map(ref_cycle).collect());
    let dict = WeakMap::new();
    OBJECTS.with_borrow(|objects| objects.iter().for_each(|key| assert!(dict.insert(key, Dummy(key.arg)).is_none())));
    let copy = dict.clone();
    gc::collect();
    let survivors = OBJECTS.take();
    assert!((1..2000).contains(&survivors.len()));
    assert_eq!((dict.len(), copy.len()), (survivors.len(), survivors.len()));
    assert!(survivors.iter().all(|key| copy.with(key, |value| value.0) == Some(key.arg)));
}

// Claim: values may die while the dictionary is copied; the copy has the entries of all others.
#[test]
fn threaded_weak_value_dict_copy() {
    OBJECTS.set((0..2000).map(ref_cycle).collect());
    let dict = WeakValueMap::new();
    OBJECTS.with_borrow(|objects| {
        objects.iter().for_each(|value| assert!(dict.insert(Dummy(value.arg), value).is_none()))
    });
    let copy = dict.clone();
    gc::collect();
    let survivors = OBJECTS.take();
    assert!((1..2000).contains(&survivors.len()));
    assert_eq!((dict.len(), copy.len()), (survivors.len(), survivors.len()));
    assert!(survivors.iter().all(|value| is(copy.get(&Dummy(value.arg)).as_ref(), value)));
}

// `WeakKeyDictionaryTestCase`: `mapping_tests.BasicTestMappingProtocol`, with three keys of which one is not in the mapping.

struct Reference {
    plain: Vec<(Gc<Object>, u32)>,
    other: Gc<Object>,
}

fn reference() -> Reference {
    Reference { plain: [1, 2].map(|arg| (object(arg), arg)).into(), other: object(3) }
}

impl Reference {
    fn full_mapping(&self) -> WeakMap<Object, u32> {
        self.plain.iter().cloned().collect()
    }
}

fn empty_mapping() -> WeakMap<Object, u32> {
    WeakMap::default()
}

// Claim: a mapping is read by all doors, and reading changes nothing.
#[test]
fn keyed_mapping_read() {
    let reference = reference();
    let (empty, full) = (empty_mapping(), reference.full_mapping());
    assert!(reference.plain.iter().all(|(key, value)| full.get(key) == Some(*value) && full.contains_key(key)));
    assert!(full.get(&reference.other).is_none() && !full.contains_key(&reference.other));
    assert_eq!((empty.len(), empty.is_empty(), full.len(), full.is_empty()), (0, true, 2, false));
    assert_eq!(keyed_items(&full), plain_items(&reference.plain));
    assert_eq!((in_order(full.values()), full.keys().count()), (vec![1, 2], 2));
    assert_eq!(full.get(&reference.other).unwrap_or(909), 909);
    assert!(!full.contains_key(&reference.other));
}

// Claim: a mapping is written and emptied by all doors.
#[test]
fn keyed_mapping_write() {
    let Reference { plain, other } = &reference();
    let mapping = empty_mapping();
    for (key, value) in plain {
        assert_eq!((mapping.insert(key, *value), mapping.get(key)), (None, Some(*value)));
    }
    for (key, value) in plain {
        assert_eq!((mapping.remove(key), mapping.get(key)), (Some(*value), None));
    }
    let mut mapping = empty_mapping();
    mapping.extend(plain.clone());
    assert_eq!(keyed_items(&mapping), plain_items(plain));
    let (key, value) = &plain[0];
    assert_eq!((mapping.entry(key).or_insert(3), mapping.get(key)), (*value, Some(*value)));
    assert_eq!((mapping.entry(other).or_insert(3), mapping.get(other)), (3, Some(3)));
    assert_eq!((mapping.remove(other), mapping.contains_key(other), mapping.remove(other)), (Some(3), false, None));
    mapping.insert(other, 3);
    assert_eq!((mapping.remove(other).unwrap_or(909), mapping.remove(other).unwrap_or(909)), (3, 909));
    let (key, value) = pop_keyed(&mapping).expect("an entry");
    assert!(!mapping.contains_key(&key) && value == key.arg);
    assert!(pop_keyed(&empty_mapping()).is_none());
}

// Claim: a mapping is empty until there is an entry, and again after.
#[test]
fn keyed_mapping_bool() {
    let Reference { plain, other } = reference();
    let mapping = empty_mapping();
    assert!(mapping.is_empty());
    mapping.insert(&other, 3);
    assert!(!mapping.is_empty());
    drop((plain, other));
    assert!(mapping.is_empty());
}

// Claim: an empty mapping has no keys, a full one its own.
#[test]
fn keyed_mapping_keys() {
    let reference = reference();
    assert_eq!(empty_mapping().keys().count(), 0);
    let full = reference.full_mapping();
    assert!(full.keys().any(|key| Gc::ptr_eq(&key, &reference.plain[0].0)));
    assert!(!full.keys().any(|key| Gc::ptr_eq(&key, &reference.other)));
}

// Claim: an empty mapping has no values.
#[test]
fn keyed_mapping_values() {
    assert_eq!(empty_mapping().values().count(), 0);
}

// Claim: an empty mapping has no items.
#[test]
fn keyed_mapping_items() {
    assert_eq!((empty_mapping().iter().count(), empty_mapping().into_iter().count()), (0, 0));
}

// Claim: an empty mapping has no length.
#[test]
fn keyed_mapping_len() {
    assert_eq!(empty_mapping().len(), 0);
}

// Claim: a mapping is extended by pairs, by another mapping and by nothing; what came before a failure stays.
#[test]
fn keyed_mapping_update() {
    let reference = reference();
    let mut mapping = empty_mapping();
    mapping.extend([(&reference.other, 3)]);
    assert_eq!(keyed_items(&mapping), [(Gc::as_ptr(&reference.other), 3)]);
    mapping.extend::<[(Gc<Object>, u32); 0]>([]);
    assert_eq!(mapping.len(), 1);
    mapping.clear();
    mapping.extend(reference.full_mapping());
    assert_eq!(keyed_items(&mapping), plain_items(&reference.plain));
    mapping.clear();
    let failing = reference.plain.iter().map(|(key, value)| (key, if *value == 1 { 1 } else { panic!("on purpose") }));
    assert!(catch_unwind(AssertUnwindSafe(|| mapping.extend(failing))).is_err());
    assert_eq!(keyed_items(&mapping), plain_items(&reference.plain[..1]));
}

// Claim: a value is got if it is there, a default if it is not.
#[test]
fn keyed_mapping_get() {
    let reference = reference();
    let (empty, full) = (empty_mapping(), reference.full_mapping());
    let (known, other) = (&reference.plain[0].0, &reference.other);
    assert_eq!((empty.get(other), empty.get(other).unwrap_or(3)), (None, 3));
    assert_eq!((full.get(other), full.get(other).unwrap_or(3)), (None, 3));
    assert_eq!((full.get(known), full.get(known).unwrap_or(3)), (Some(1), 1));
}
