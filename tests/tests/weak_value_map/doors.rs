//! User code in keys and closures that does its worst, at each of its doors, in each operation.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::weak::WeakValueMap;
use gc_core::weak::value_map::Entry;
use gc_core::{Gc, Trace, gc};
use gc_tests::{Node, dropped, node, ring};

use super::Colliding;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    Hash,
    Eq,
    Clone,
    Debug,
    Drop,
    Closure,
}

type Trap = Box<dyn FnOnce()>;

thread_local! {
    static TRAP: Cell<Option<(Door, u32, Trap)>> = const { Cell::new(None) };
    static KEYS: Cell<isize> = const { Cell::new(0) };
}

/// Springs the trap at this door, once it was passed as often as the trap says.
fn pass(door: Door) {
    match TRAP.take() {
        Some((at, 0, trap)) if at == door => trap(),
        Some((at, skipped, trap)) if at == door => TRAP.set(Some((at, skipped - 1, trap))),
        other => TRAP.set(other),
    }
}

struct Key(u32);

impl Key {
    fn new(id: u32) -> Self {
        KEYS.set(KEYS.get() + 1);
        Self(id)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        pass(Door::Hash);
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        pass(Door::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        pass(Door::Clone);
        Self::new(self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pass(Door::Debug);
        write!(f, "{}", self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        KEYS.set(KEYS.get() - 1);
        if !std::thread::panicking() {
            pass(Door::Drop);
        }
    }
}

gc_core::impl_trace_leaf!(Key);

type Map = WeakValueMap<Key, Node, Colliding>;

#[derive(Trace)]
struct Owner(Map);

struct World {
    owner: RefCell<Option<Gc<Owner>>>,
    held: RefCell<BTreeMap<u32, Gc<Node>>>,
    fresh: Cell<u32>,
}

impl World {
    /// Keys 0 to 4; the values of 3 and 4 are the same.
    fn new() -> Rc<Self> {
        let held: BTreeMap<_, _> = (0..4).map(|id| (id, if id == 1 { ring(2) } else { node() })).collect();
        let owner = Gc::new(Owner(WeakValueMap::default()));
        held.iter().for_each(|(id, value)| drop(owner.0.insert(Key::new(*id), value)));
        owner.0.insert(Key::new(4), &held[&3]);
        Rc::new(Self { owner: RefCell::new(Some(owner)), held: RefCell::new(held), fresh: Cell::new(1000) })
    }

    fn owner(&self) -> Option<Gc<Owner>> {
        self.owner.borrow().clone()
    }

    /// A new value that is held.
    fn value(&self) -> Gc<Node> {
        let id = self.fresh.replace(self.fresh.get() + 1);
        let value = node();
        self.held.borrow_mut().insert(id, value.clone());
        value
    }

    /// Does something to the map, if it is still there.
    fn with_map<R>(&self, action: impl FnOnce(&Map) -> R) {
        if let Some(owner) = self.owner() {
            action(&owner.0);
        }
    }

    fn insert(&self, id: u32) {
        let value = self.value();
        self.with_map(|map| map.insert(Key::new(id), &value));
    }

    fn release(&self, id: u32) {
        let gone = self.held.borrow_mut().remove(&id);
        drop(gone);
    }

    /// There is one entry for each key, and each has a value that is held.
    fn check(&self, what: &str) {
        let Some(owner) = self.owner() else { return };
        let entries: Vec<_> = owner.0.iter().collect();
        let ids: BTreeSet<_> = entries.iter().map(|(key, _)| key.0).collect();
        assert_eq!((ids.len(), owner.0.len()), (entries.len(), entries.len()), "{what}");
        for (key, value) in &entries {
            assert!(Gc::ptr_eq(&owner.0.get(key).expect(what), value), "{what}");
            // Rings hold themselves until they are collected.
            assert!(
                Gc::strong_count(value) > 1 || self.held.borrow().values().any(|held| Gc::ptr_eq(held, value)),
                "{what}"
            );
        }
    }
}

const DOORS: [Door; 6] = [Door::Hash, Door::Eq, Door::Clone, Door::Debug, Door::Drop, Door::Closure];

type Deed = fn(&World);
type Operation = fn(&World, &Map);

const DEEDS: &[(&str, Deed)] = &[
    ("collect", |_| {
        gc::collect();
    }),
    ("allocate", |_| (0..400).for_each(|_| drop(ring(2)))),
    ("insert", |world| world.insert(1)),
    ("insert all", |world| (0..10).for_each(|id| world.insert(id))),
    ("insert what dies", |world| world.with_map(|map| map.insert(Key::new(1), &node()))),
    ("insert many", |world| (100..150).for_each(|id| world.insert(id))),
    ("insert and remove", |world| {
        world.insert(7);
        world.with_map(|map| map.remove(&Key::new(7)));
    }),
    ("remove", |world| world.with_map(|map| map.remove(&Key::new(1)))),
    ("remove all", |world| world.with_map(|map| (0..10).for_each(|id| drop(map.remove_entry(&Key::new(id)))))),
    ("remove and insert", |world| {
        world.with_map(|map| map.remove(&Key::new(1)));
        world.insert(1);
    }),
    ("clear", |world| world.with_map(|map| map.clear())),
    ("drain", |world| world.with_map(|map| map.drain().count())),
    ("retain", |world| world.with_map(|map| map.retain(|key, _| key.0 % 2 == 0))),
    ("look", |world| world.with_map(|map| (0..10).for_each(|id| drop(map.get(&Key::new(id)))))),
    ("shrink", |world| world.with_map(|map| map.shrink_to_fit())),
    ("let one die", |world| world.release(1)),
    ("let one die and collect", |world| {
        world.release(1);
        gc::collect();
    }),
    ("let two die", |world| world.release(3)),
    ("let all die", |world| drop(world.held.take())),
    ("drop the map", |world| drop(world.owner.take())),
    ("drop everything", |world| {
        drop(world.owner.take());
        drop(world.held.take());
        gc::collect();
    }),
    ("panic", |_| resume_unwind(Box::new(()))),
];

fn make(world: &World) -> Gc<Node> {
    pass(Door::Closure);
    world.value()
}

const OPERATIONS: &[(&str, Operation)] = &[
    ("get", |_, map| {
        let found: Vec<_> = [0, 1, 2, 3, 4, 5].map(Key::new).iter().map(|key| map.get(key)).collect();
        drop(found);
    }),
    ("get_key_value", |_, map| drop(map.get_key_value(&Key::new(1)))),
    ("contains_key", |_, map| {
        map.contains_key(&Key::new(1));
    }),
    ("insert over", |world, map| drop(map.insert(Key::new(1), &world.value()))),
    ("insert anew", |world, map| drop(map.insert(Key::new(7), &world.value()))),
    ("remove", |_, map| drop(map.remove(&Key::new(1)))),
    ("remove_entry", |_, map| drop(map.remove_entry(&Key::new(1)))),
    ("get_or_insert_with", |world, map| {
        for id in [1, 7] {
            let key = Key::new(id);
            let value = map.get_or_insert_with(key, || make(world));
            assert!(!map.is_empty() || world.owner().is_some());
            drop(value);
        }
    }),
    ("get_or_insert_with_ref", |world, map| {
        for key in [Key::new(1), Key::new(7)] {
            drop(map.get_or_insert_with_ref(&key, |_| make(world)));
        }
    }),
    ("entry", |world, map| {
        for id in [1, 7] {
            match map.entry(Key::new(id)) {
                Entry::Occupied(mut entry) => {
                    pass(Door::Closure);
                    drop(entry.insert(&world.value()));
                }
                Entry::Vacant(entry) => {
                    pass(Door::Closure);
                    drop(entry.insert(&world.value()));
                }
            }
        }
    }),
    ("entry, remove", |_, map| {
        if let Entry::Occupied(entry) = map.entry(Key::new(1)) {
            pass(Door::Closure);
            drop(entry.remove());
        }
    }),
    ("retain", |_, map| {
        map.retain(|key, _| {
            pass(Door::Closure);
            key.0 != 1
        });
    }),
    ("iter", |_, map| {
        map.iter().for_each(|entry| {
            pass(Door::Closure);
            drop(entry);
        });
    }),
    ("keys", |_, map| map.keys().for_each(|_| pass(Door::Closure))),
    ("values", |_, map| map.values().for_each(|_| pass(Door::Closure))),
    ("debug", |_, map| drop(format!("{:?}", map.entry(Key::new(1)).key()))),
    ("clone", |_, map| drop(map.clone())),
    ("into_iter", |_, map| map.clone().into_iter().take(2).for_each(|_| pass(Door::Closure))),
    ("drain", |_, map| map.drain().take(2).for_each(|_| pass(Door::Closure))),
    ("clear", |_, map| map.clear()),
    ("extend", |world, map| map.clone().extend([(Key::new(1), world.value()), (Key::new(7), world.value())])),
    ("let one die", |world, _| world.release(2)),
    ("let two die", |world, _| world.release(3)),
    ("collect", |world, _| {
        world.release(1);
        gc::collect();
    }),
];

#[test]
fn whatever_user_code_does_the_map_stays_whole_and_nothing_leaks() {
    let (mut made, mut sprung) = (0, 0);
    for (operation, run) in OPERATIONS {
        for (deed, act) in DEEDS {
            for (door, skipped) in DOORS.into_iter().flat_map(|door| [(door, 0), (door, 2), (door, 4)]) {
                let what = format!("{operation}: {door:?} (after {skipped}): {deed}");
                let world = World::new();
                let weak = Rc::downgrade(&world);
                TRAP.set(Some((door, skipped, Box::new(move || weak.upgrade().iter().for_each(|world| act(world))))));
                let owner = world.owner().unwrap();
                let result = catch_unwind(AssertUnwindSafe(|| run(&world, &owner.0)));
                drop(owner);
                sprung += u32::from(TRAP.take().is_none());
                made += 1;
                assert!(result.is_ok() || *deed == "panic", "{what}");
                world.check(&what);
                drop(world);
                gc::collect();
                assert_eq!((gc::stats().live_objects, KEYS.get()), (0, 0), "{what}");
            }
        }
    }
    assert!(sprung > made / 4, "{sprung} of {made}");
    assert!(dropped() > 0);
}

#[test]
fn a_key_removed_while_eq_looks_at_it_is_dropped_when_eq_is_done() {
    let map: Rc<Map> = Rc::default();
    let values = [node(), node()];
    map.insert(Key::new(1), &values[0]);
    let inner = map.clone();
    let (during, after) = (Rc::new(Cell::new(0)), Cell::new(0));
    let seen = during.clone();
    TRAP.set(Some((
        Door::Eq,
        0,
        Box::new(move || {
            inner.clear();
            seen.set(KEYS.get());
        }),
    )));
    assert!(map.get(&Key::new(1)).is_none());
    after.set(KEYS.get());
    assert_eq!((during.get(), after.get(), map.len()), (2, 0, 0));
}

#[test]
fn the_last_handle_of_what_is_looked_up_may_go_meanwhile() {
    let world = World::new();
    let weak = Rc::downgrade(&world);
    TRAP.set(Some((Door::Eq, 0, Box::new(move || weak.upgrade().unwrap().release(0)))));
    let owner = world.owner().unwrap();
    assert!(owner.0.get(&Key::new(0)).is_none());
    assert_eq!(owner.0.len(), 4);
}

#[test]
fn an_eq_that_replaces_what_is_sought_does_not_hide_it() {
    for deed in ["replace", "remove and insert"] {
        let world = World::new();
        let owner = world.owner().unwrap();
        // The newest entry is looked at first; the oldest one is replaced meanwhile.
        let weak = Rc::downgrade(&world);
        TRAP.set(Some((
            Door::Eq,
            0,
            Box::new(move || {
                let world = weak.upgrade().unwrap();
                if deed != "replace" {
                    world.owner().unwrap().0.remove(&Key::new(0));
                }
                world.insert(0);
            }),
        )));
        let found = owner.0.get(&Key::new(0)).expect(deed);
        assert!(Gc::ptr_eq(&found, &world.held.borrow()[&1000]));
    }
}

#[test]
fn an_eq_that_always_inserts_elsewhere_ends() {
    thread_local!(static MAP: Cell<Option<Rc<WeakValueMap<Nosy, u32>>>> = const { Cell::new(None) });
    thread_local!(static LOOKS: Cell<u32> = const { Cell::new(0) });
    struct Nosy(u32);
    impl PartialEq for Nosy {
        fn eq(&self, other: &Self) -> bool {
            if let Some(map) = MAP.take() {
                LOOKS.set(LOOKS.get() + 1);
                let value = Gc::new(LOOKS.get());
                map.insert(Nosy(1_000_000 + LOOKS.get()), &value);
                std::mem::forget(map.insert(Nosy(2_000_000), &value));
                MAP.set(Some(map));
            }
            self.0 == other.0
        }
    }
    impl Eq for Nosy {}
    impl Hash for Nosy {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    gc_core::impl_trace_leaf!(Nosy);
    let map = Rc::new(WeakValueMap::new());
    let one = Gc::new(1);
    MAP.set(Some(map.clone()));
    for _ in 0..10 {
        map.insert(Nosy(1), &one);
    }
    MAP.set(None);
    assert_eq!((map.len(), LOOKS.get()), (1, 9));
}

#[test]
fn all_keys_are_dropped_though_some_panic() {
    struct Explosive(u32);
    impl Drop for Explosive {
        fn drop(&mut self) {
            KEYS.set(KEYS.get() + 1);
            if self.0.is_multiple_of(2) {
                resume_unwind(Box::new(()));
            }
        }
    }
    impl PartialEq for Explosive {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for Explosive {}
    impl Hash for Explosive {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    gc_core::impl_trace_leaf!(Explosive);
    type Ways = [fn(WeakValueMap<Explosive, u32>, Vec<Gc<u32>>); 5];
    let ways: Ways = [
        |map, _values| map.clear(),
        |map, _values| drop(map),
        |map, _values| drop(map.drain()),
        |map, _values| drop(map.into_iter()),
        |_map, values| drop(values),
    ];
    for way in ways {
        KEYS.set(0);
        let map = WeakValueMap::new();
        let value = Gc::new(1);
        (0..10).for_each(|id| drop(map.insert(Explosive(id), &value)));
        assert!(catch_unwind(AssertUnwindSafe(|| way(map, vec![value]))).is_err());
        assert_eq!((KEYS.get(), gc::stats().live_objects), (10, 0));
    }
    KEYS.set(0);
}

/// Nothing falls when the entry is given back: only the collection itself can keep the value a candidate.
#[test]
fn a_cycle_whose_entry_is_lent_during_a_full_collection_is_reclaimed_by_the_next() {
    #[derive(Trace)]
    struct Owning(Option<Gc<Node>>, u32);

    impl Hash for Owning {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.1.hash(state);
        }
    }
    impl PartialEq for Owning {
        fn eq(&self, other: &Self) -> bool {
            pass(Door::Eq);
            self.1 == other.1
        }
    }
    impl Eq for Owning {}

    let map = WeakValueMap::<_, _, Colliding>::default();
    let value = node();
    map.insert(Owning(Some(value.clone()), 1), &value);
    let let_go = move || {
        drop(value);
        assert_eq!(gc::collect(), 0);
    };
    TRAP.set(Some((Door::Eq, 0, Box::new(let_go))));
    assert!(map.get(&Owning(None, 2)).is_none() && TRAP.take().is_none());
    assert_eq!((map.len(), gc::collect(), map.len()), (1, 1, 0));
}
