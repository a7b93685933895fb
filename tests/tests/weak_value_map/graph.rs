//! Maps, keys and values that are part of the graph.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use gc_core::weak::{WeakMap, WeakValueMap};
use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};
use gc_tests::{Counted, Node, dropped, link, log, node, ring, take_log};

/// A key that owns something.
#[derive(Trace)]
struct Key<T: 'static>(u32, RefCell<Vec<Gc<T>>>, Leaf<Counted>);

impl<T> Key<T> {
    fn new(id: u32, owned: impl IntoIterator<Item = Gc<T>>) -> Self {
        Self(id, RefCell::new(owned.into_iter().collect()), Leaf(Counted))
    }
}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Key<T> {}

impl<T> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> std::borrow::Borrow<u32> for Key<T> {
    fn borrow(&self) -> &u32 {
        &self.0
    }
}

#[derive(Trace, Default)]
struct Owner {
    map: WeakValueMap<Key<Owner>, Owner>,
    friend: RefCell<Option<Gc<Owner>>>,
    counted: Leaf<Counted>,
}

fn owner() -> Gc<Owner> {
    Gc::new(Owner::default())
}

#[test]
fn a_key_that_owns_its_value_does_not_keep_it_alive() {
    let map = WeakValueMap::new();
    let value = node();
    map.insert(Key::new(1, [value.clone()]), &value);
    assert_eq!((gc::collect(), map.len()), (0, 1));
    drop(value);
    assert_eq!((gc::collect(), map.len(), dropped()), (1, 0, 2));
}

#[test]
fn a_key_that_owns_its_value_of_any_kind_does_not_keep_it_alive() {
    fn dies<T: ?Sized + 'static>(value: Gc<T>) {
        let map: WeakValueMap<(u8, Gc<T>), T> = WeakValueMap::with_capacity(1);
        let slots: WeakValueMap<Gc<u8>, T> = WeakValueMap::new();
        let key = Gc::new(1);
        slots.insert(key.clone(), &value);
        assert_eq!((map.len(), slots.len()), (0, 1));
        drop(value);
        assert_eq!((gc::collect(), slots.len(), Gc::strong_count(&key)), (0, 0, 1));
    }
    dies(Gc::new(String::from("x")));
    dies::<str>("x".into());
    let map: WeakValueMap<Gc<String>, String> = WeakValueMap::new();
    let text = Gc::new(String::from("self"));
    map.insert(text.clone(), &text);
    drop(text);
    assert_eq!((map.len(), gc::collect(), map.len()), (1, 1, 0));
    let map: WeakValueMap<Gc<str>, str> = WeakValueMap::new();
    let text: Gc<str> = "self".into();
    map.insert(text.clone(), &text);
    drop(text);
    assert_eq!((gc::collect(), map.len(), gc::stats().live_objects), (1, 0, 0));
}

#[test]
fn what_a_key_owns_stays_while_eq_looks_at_it_though_its_value_dies() {
    thread_local!(static VALUE: RefCell<Option<Gc<Node>>> = const { RefCell::new(None) });
    struct Curious(Gc<Node>);
    // SAFETY: the only field is reported, once (T1 to T4).
    unsafe impl Trace for Curious {
        fn trace(&self, tracer: &mut gc_core::Tracer<'_>) {
            self.0.trace(tracer);
        }
    }
    impl PartialEq for Curious {
        fn eq(&self, _: &Self) -> bool {
            if VALUE.take().is_some() {
                gc::collect();
            }
            // The ring is whole.
            let next = self.0.edges.borrow()[0].clone();
            assert!(Gc::ptr_eq(&next.edges.borrow()[0], &self.0));
            true
        }
    }
    impl Eq for Curious {}
    impl Hash for Curious {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    // The value dies by count, in a cycle of its own, or in one with its key.
    for value in [|_: &Gc<Node>| node(), |_: &Gc<Node>| ring(2), |owned: &Gc<Node>| owned.clone()] {
        let map = WeakValueMap::new();
        let owned = ring(2);
        let value = value(&owned);
        map.insert(Curious(owned), &value);
        VALUE.set(Some(value));
        let found = map.get(&Curious(ring(2)));
        assert_eq!(map.len(), usize::from(found.is_some()));
        drop(found);
        gc::collect();
        assert_eq!((map.len(), gc::stats().live_objects), (0, 0));
    }
}

#[test]
fn what_a_key_owns_lives_as_long_as_its_value() {
    let map = WeakValueMap::new();
    let (value, owned) = (node(), ring(2));
    let weak = Gc::downgrade(&owned);
    map.insert(Key::new(1, [owned]), &value);
    assert_eq!((gc::collect(), weak.strong_count()), (0, 2));
    drop(value);
    assert_eq!(map.len(), 0);
    assert_eq!((gc::collect(), weak.strong_count(), dropped()), (2, 0, 4));
}

#[test]
fn a_cycle_from_key_to_the_owner_of_the_map_is_reclaimed() {
    let (one, value) = (owner(), owner());
    one.map.insert(Key::new(1, [one.clone()]), &value);
    drop(one);
    assert_eq!((gc::collect(), dropped()), (1, 2));
    assert_eq!(Gc::weak_count(&value), 0);
    // Through the value as well.
    let one = owner();
    one.map.insert(Key::new(1, [one.clone(), value.clone()]), &value);
    *value.friend.borrow_mut() = Some(one.clone());
    assert_eq!((gc::collect(), one.map.len()), (0, 1));
    drop(one);
    assert_eq!(gc::collect(), 0);
    drop(value);
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
}

#[test]
fn a_map_in_its_own_value_is_reclaimed_with_it() {
    let one = owner();
    one.map.insert(Key::new(1, []), &one);
    one.map.insert(Key::new(2, [one.clone()]), &one);
    assert_eq!((gc::collect(), one.map.len()), (0, 2));
    drop(one);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (1, 3, 0));
}

#[test]
fn a_live_map_keeps_no_value_alive_and_a_dead_one_no_key() {
    let one = owner();
    let value = owner();
    *value.friend.borrow_mut() = Some(value.clone());
    one.map.insert(Key::new(1, []), &value);
    drop(one.clone());
    drop(value);
    assert_eq!((gc::collect(), one.map.len(), dropped()), (1, 0, 2));
    let value = owner();
    one.map.insert(Key::new(1, []), &value);
    drop(one);
    assert_eq!((dropped(), Gc::weak_count(&value)), (4, 0));
}

#[test]
fn a_chain_of_values_each_owned_by_the_key_before_is_reclaimed_in_one_collection() {
    const COUNT: u32 = 10_000;
    let map = WeakValueMap::new();
    let first = node();
    let last = (0..COUNT).fold(first.clone(), |value, id| {
        let next = node();
        map.insert(Key::new(id, [next.clone()]), &value);
        next
    });
    link(&last, &first);
    drop(last);
    assert_eq!((gc::collect(), map.len()), (0, COUNT as usize));
    drop(first);
    assert_eq!((gc::collect(), map.len()), (COUNT as usize + 1, 0));
}

#[test]
fn a_deep_chain_dies_by_count_without_recursion() {
    const COUNT: u32 = 100_000;
    gc_tests::on_stack_of(256 << 10, || {
        let map = WeakValueMap::new();
        let first = node();
        (0..COUNT).fold(first.clone(), |value, id| {
            let next = node();
            map.insert(Key::new(id, [next.clone()]), &value);
            next
        });
        drop(first);
        assert_eq!((map.len(), gc::stats().live_objects), (0, 0));
    });
}

#[test]
fn keys_and_values_of_two_kinds_of_maps_are_reclaimed_together() {
    let by_value = WeakValueMap::new();
    let by_key: WeakMap<Node, Gc<Node>> = WeakMap::new();
    let (one, two) = (node(), node());
    by_value.insert(Key::new(1, [two.clone()]), &one);
    by_key.insert(&two, one.clone());
    assert_eq!(gc::collect(), 0);
    drop((one, two));
    assert_eq!((gc::collect(), by_value.len(), by_key.len()), (2, 0, 0));
}

/// A value that is resurrected by its finalizer, once.
#[derive(Trace)]
#[trace(finalize)]
struct Phoenix {
    me: RefCell<Weak<Phoenix>>,
    edge: RefCell<Option<Gc<Phoenix>>>,
}

thread_local!(static ASHES: RefCell<Vec<Gc<Phoenix>>> = const { RefCell::new(Vec::new()) });

impl Finalize for Phoenix {
    fn finalize(&self) {
        ASHES.with_borrow_mut(|ashes| ashes.extend(self.me.borrow().upgrade()));
    }
}

fn phoenix() -> Gc<Phoenix> {
    Gc::new_cyclic(|me| Phoenix { me: RefCell::new(me.clone()), edge: RefCell::default() })
}

#[test]
fn a_value_resurrected_by_its_finalizer_keeps_its_entry() {
    let map = WeakValueMap::new();
    let by_count = phoenix();
    let by_collection = phoenix();
    *by_collection.edge.borrow_mut() = Some(by_collection.clone());
    map.insert(1, &by_count);
    map.insert(2, &by_collection);
    drop(by_count);
    assert_eq!(map.len(), 2);
    drop(by_collection);
    assert_eq!((gc::collect(), map.len()), (0, 2));
    let ashes = ASHES.take();
    assert!(Gc::ptr_eq(&map.get(&1).unwrap(), &ashes[0]) && Gc::ptr_eq(&map.get(&2).unwrap(), &ashes[1]));
    drop(ashes);
    assert_eq!((map.len(), gc::collect(), map.len()), (1, 1, 0));
}

#[test]
fn a_value_whose_finalizer_runs_is_alive_in_the_map() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Seen(Leaf<std::rc::Rc<WeakValueMap<u32, Seen>>>, RefCell<Option<Gc<Seen>>>);
    impl Finalize for Seen {
        fn finalize(&self) {
            let me = self.0.0.get(&1).expect("alive");
            assert!(std::ptr::eq(&*me, self));
            log(format!("{}", self.0.0.len()));
            // Entries that come now go with the value.
            self.0.0.insert(2, &me);
        }
    }
    let map = std::rc::Rc::new(WeakValueMap::new());
    let seen = || Gc::new(Seen(Leaf(map.clone()), RefCell::default()));
    let by_count = seen();
    map.insert(1, &by_count);
    drop(by_count);
    assert_eq!((take_log(), map.len()), (vec![String::from("1")], 0));
    let by_collection = seen();
    *by_collection.1.borrow_mut() = Some(by_collection.clone());
    map.insert(1, &by_collection);
    drop(by_collection);
    assert_eq!((gc::collect(), take_log(), map.len()), (1, vec![String::from("1")], 0));
}

/// While `old` dies, its finalizer, its callback or a key's destructor gives the key a new value.
fn re_insert(old: impl Fn(&std::rc::Rc<WeakValueMap<u32, Node>>) -> Gc<Node>, at: &str) {
    let map = std::rc::Rc::new(WeakValueMap::new());
    let new = node();
    let old = old(&map);
    let weak = std::rc::Rc::downgrade(&map);
    let fresh = new.clone();
    let _watch = Gc::downgrade_with(&old, move || {
        let map = weak.upgrade().unwrap();
        assert!(map.get(&1).is_none(), "the old value has left before anybody hears of it");
        map.insert(1, &fresh);
    });
    map.insert(1, &old);
    drop(old);
    gc::collect();
    assert!(Gc::ptr_eq(&map.get(&1).expect(at), &new), "{at}");
    assert_eq!(map.len(), 1);
}

#[test]
fn the_late_death_of_an_old_value_does_not_remove_a_newer_one() {
    re_insert(|_| node(), "by count");
    re_insert(|_| ring(3), "by collection");
    re_insert(
        |map| {
            let old = node();
            map.insert(1, &old);
            map.insert(2, &old);
            old
        },
        "with another entry",
    );
}

#[test]
fn a_finalizer_that_gives_its_key_to_another_value_leaves_that_there() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Heir(RefCell<Option<Gc<Heir>>>, Leaf<std::rc::Rc<WeakValueMap<u32, Heir>>>);
    impl Finalize for Heir {
        fn finalize(&self) {
            if self.1.0.contains_key(&1) {
                let heir = Gc::new(Heir(RefCell::default(), Leaf(self.1.0.clone())));
                self.1.0.insert(1, &heir);
                HEIR.set(Some(Box::new(heir)));
            }
        }
    }
    thread_local!(static HEIR: std::cell::Cell<Option<Box<dyn std::any::Any>>> = const { std::cell::Cell::new(None) });
    for cyclic in [false, true] {
        let map = std::rc::Rc::new(WeakValueMap::new());
        let old = Gc::new(Heir(RefCell::default(), Leaf(map.clone())));
        if cyclic {
            *old.0.borrow_mut() = Some(old.clone());
        }
        map.insert(1, &old);
        drop(old);
        gc::collect();
        assert!(map.get(&1).is_some());
        let heir = HEIR.take();
        assert!(heir.is_some());
        map.clear();
        drop(heir);
    }
}

#[test]
fn a_leaf_that_dies_with_garbage_is_in_no_map_when_callbacks_run() {
    let map: std::rc::Rc<WeakValueMap<u32, String>> = std::rc::Rc::default();
    #[derive(Trace)]
    struct Holder(RefCell<Option<Gc<Holder>>>, Gc<String>);
    let text = Gc::new(String::from("x"));
    map.insert(1, &text);
    let holder = Gc::new(Holder(RefCell::default(), text));
    *holder.0.borrow_mut() = Some(holder.clone());
    let weak = std::rc::Rc::downgrade(&map);
    let _watch = Gc::downgrade_with(&holder, move || {
        let map = weak.upgrade().unwrap();
        log(format!("{} {:?} {} {}", map.len(), map.get(&1), map.iter().count(), map.contains_key(&1)));
    });
    drop(holder);
    assert_eq!(gc::collect(), 1);
    assert_eq!((take_log(), map.len()), (vec![String::from("0 None 0 false")], 0));
}

#[test]
fn a_leaf_that_a_key_in_garbage_owns_once_and_the_stack_once_stays_alive() {
    #[derive(Trace, Default)]
    struct Holder {
        map: WeakValueMap<Gc<String>, Holder>,
        edge: RefCell<Option<Gc<Holder>>>,
    }
    let text = Gc::new(String::from("x"));
    let holder = Gc::new(Holder::default());
    *holder.edge.borrow_mut() = Some(holder.clone());
    holder.map.insert(text.clone(), &holder);
    let weak = Gc::downgrade(&text);
    drop(holder);
    assert_eq!(gc::collect(), 1);
    assert!(weak.upgrade().is_some());
    assert_eq!(Gc::strong_count(&text), 1);
}

#[test]
fn a_callback_in_a_key_that_dies_with_the_garbage_is_not_called() {
    #[derive(Trace)]
    struct Watching(Weak<Node>, u32);
    impl PartialEq for Watching {
        fn eq(&self, other: &Self) -> bool {
            self.1 == other.1
        }
    }
    impl Eq for Watching {}
    impl Hash for Watching {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.1.hash(state);
        }
    }
    let map = WeakValueMap::new();
    let (garbage, kept) = (ring(2), node());
    let watch = |event| Gc::downgrade_with(&garbage, move || log(event));
    map.insert(Watching(watch("dies too"), 1), &garbage);
    map.insert(Watching(watch("stays"), 2), &kept);
    drop(garbage);
    gc::collect();
    assert_eq!((take_log(), map.len()), (vec![String::from("stays")], 1));
}

/// A key of which `Eq` drops what somebody holds, and collects.
#[derive(Trace)]
struct Meddler(RefCell<Vec<Gc<Node>>>, Leaf<std::rc::Rc<RefCell<Option<Gc<Node>>>>>);

impl PartialEq for Meddler {
    fn eq(&self, _: &Self) -> bool {
        drop(self.1.take());
        assert_eq!(gc::collect(), 0);
        false
    }
}

impl Eq for Meddler {}

impl Hash for Meddler {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[test]
fn a_value_that_a_collection_spares_because_its_key_is_looked_at_is_found_by_the_next_one() {
    let map = WeakValueMap::new();
    let value = node();
    let held = std::rc::Rc::new(RefCell::new(Some(value.clone())));
    map.insert(Meddler(RefCell::new(vec![value.clone()]), Leaf(held.clone())), &value);
    drop(value);
    assert!(!map.contains_key(&Meddler(RefCell::default(), Leaf(held))));
    assert_eq!((gc::collect(), map.len()), (1, 0));
}

thread_local! {
    static IN_EQ: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static MAP: std::rc::Rc<WeakValueMap<Restless, Node>> = std::rc::Rc::new(WeakValueMap::new());
    static VALUE: Gc<Node> = node();
}

/// A key whose `Eq` replaces what it is compared with, or inserts another of the same hash.
#[derive(Trace)]
struct Restless(u32, bool);

impl PartialEq for Restless {
    fn eq(&self, other: &Self) -> bool {
        if !IN_EQ.replace(true) {
            let (map, value) = (MAP.with(Clone::clone), VALUE.with(Clone::clone));
            if self.1 {
                map.remove(&Self(1, true));
                map.insert(Self(1, true), &value);
            } else {
                map.insert(Self(map.len() as u32 + 10, false), &value);
            }
            IN_EQ.set(false);
        }
        self.0 == other.0
    }
}

impl Eq for Restless {}

impl Hash for Restless {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[test]
fn a_lookup_ends_though_eq_replaces_what_it_is_compared_with() {
    let (map, value) = (MAP.with(Clone::clone), VALUE.with(Clone::clone));
    map.insert(Restless(1, true), &value);
    assert!(!map.contains_key(&Restless(2, true)));
    assert_eq!(map.len(), 1);
}

#[test]
fn a_lookup_ends_though_eq_inserts_another_key_each_time() {
    let (map, value) = (MAP.with(Clone::clone), VALUE.with(Clone::clone));
    map.insert(Restless(1, false), &value);
    assert!(!map.contains_key(&Restless(2, false)));
}
