//! Whatever user code does while a `WeakMap` waits for it, nothing breaks, leaks or is dropped twice.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::weak::WeakMap;
use gc_core::{Gc, Leaf, Trace, Weak, gc};

/// What everything here is made of: a key, an owner of a map, or both.
#[derive(Trace, Default)]
struct Thing {
    edges: RefCell<Vec<Gc<Thing>>>,
    map: WeakMap<Thing, Value>,
}

impl fmt::Debug for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        at_the_door();
        f.write_str("Thing")
    }
}

/// Its `Clone`, `Debug` and `Drop` are doors.
#[derive(Trace)]
struct Value {
    edges: Vec<Gc<Thing>>,
    text: String,
    drops: Leaf<Drops>,
}

struct Drops;

impl Drop for Drops {
    fn drop(&mut self) {
        LIVE_VALUES.set(LIVE_VALUES.get() - 1);
        at_the_door();
    }
}

impl Value {
    fn about(things: &[Gc<Thing>]) -> Self {
        LIVE_VALUES.set(LIVE_VALUES.get() + 1);
        Self { edges: things.to_vec(), text: "value".into(), drops: Leaf(Drops) }
    }

    /// Goes through the door, and then looks whether it is still whole.
    fn look(&self) {
        at_the_door();
        assert_eq!(self.text, "value");
        assert!(self.edges.iter().all(|edge| Gc::strong_count(edge) > 0));
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        self.look();
        Self::about(&self.edges)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.look();
        f.write_str(&self.text)
    }
}

thread_local! {
    static LIVE_VALUES: Cell<usize> = const { Cell::new(0) };
    static WORLD: RefCell<Option<Rc<World>>> = const { RefCell::new(None) };
}

/// The only strong pointers, but for those that a door has on its stack.
struct World {
    owner: RefCell<Option<Gc<Thing>>>,
    weak_owner: Weak<Thing>,
    keys: RefCell<Vec<Gc<Thing>>>,
    action: fn(&World),
    left: Cell<u32>,
}

impl World {
    /// Four keys, of which one is held by its own value, two by each other's; a map that is held by one of the values.
    fn new(action: fn(&Self), times: u32) -> Rc<Self> {
        let owner = Gc::new(Thing::default());
        let keys: Vec<_> = (0..4).map(|_| Gc::new(Thing::default())).collect();
        owner.map.insert(&keys[0], Value::about(&keys[..1]));
        owner.map.insert(&keys[1], Value::about(&[keys[2].clone(), owner.clone()]));
        owner.map.insert(&keys[2], Value::about(&keys[1..2]));
        owner.map.insert(&keys[3], Value::about(&[]));
        let weak_owner = Gc::downgrade(&owner);
        Rc::new(Self { owner: Some(owner).into(), weak_owner, keys: keys.into(), action, left: Cell::new(times) })
    }

    fn owner(&self) -> Gc<Thing> {
        self.owner.borrow().clone().expect("not dropped before the door")
    }

    fn key(&self, index: usize) -> Gc<Thing> {
        self.keys.borrow()[index].clone()
    }

    fn key_handles(&self) -> Vec<Gc<Thing>> {
        self.keys.borrow().clone()
    }

    fn map<R>(&self, use_map: impl FnOnce(&WeakMap<Thing, Value>) -> R) -> Option<R> {
        let owner = self.weak_owner.upgrade()?;
        Some(use_map(&owner.map))
    }
}

/// Does what the test at hand wants done, unless that was done often enough.
fn at_the_door() {
    let Ok(Some(world)) = WORLD.try_with(|world| world.borrow().clone()) else { return };
    if world.left.get() > 0 && !std::thread::panicking() {
        world.left.set(world.left.get() - 1);
        (world.action)(&world);
    }
}

const ACTIONS: &[fn(&World)] = &[
    |_| assert!(gc::collect() < 10),
    |_| (0..1000).for_each(|_| Gc::new(Thing::default()).edges.borrow_mut().push(Gc::new(Thing::default()))),
    |world| {
        world.map(|map| world.key_handles().iter().for_each(|key| drop(map.insert(key, Value::about(&[])))));
        gc::collect();
    },
    |world| {
        world.map(|map| world.key_handles().iter().for_each(|key| drop(map.remove(key))));
        gc::collect();
    },
    |world| world.map(WeakMap::clear).unwrap_or_default(),
    |world| world.map(|map| map.retain(|_, value| value.text.is_empty())).unwrap_or_default(),
    |world| world.map(|map| map.drain().for_each(drop)).unwrap_or_default(),
    |world| drop(world.map(|map| map.drain().next())),
    |world| drop(world.map(|map| (map.clone(), format!("{map:?}"), map.iter().count(), map.values().count()))),
    |world| world.map(|map| map.shrink_to_fit()).unwrap_or_default(),
    |world| {
        let new: Vec<_> = (0..100).map(|_| Gc::new(Thing::default())).collect();
        world.map(|map| new.iter().for_each(|key| drop(map.insert(key, Value::about(&new[..1])))));
        world.keys.borrow_mut().extend(new);
    },
    |world| {
        drop(world.keys.take());
        gc::collect();
    },
    |world| {
        drop(world.owner.take());
        gc::collect();
    },
    |world| {
        drop(world.owner.take());
        drop(world.keys.take());
        gc::collect();
    },
    |world| {
        drop(world.keys.take());
        world.map(WeakMap::clear);
        gc::collect();
    },
    |_| resume_unwind(Box::new(())),
    |world| {
        drop(world.keys.take());
        resume_unwind(Box::new(()));
    },
];

/// Runs `door` once with each of the actions behind it, done once or several times.
fn through(door: impl Fn(&World)) {
    for (&action, times) in ACTIONS.iter().flat_map(|action| [1, 2, 5].map(|times| (action, times))) {
        let world = World::new(action, times);
        WORLD.set(Some(world.clone()));
        let _ = catch_unwind(AssertUnwindSafe(|| door(&world)));
        let was_opened = world.left.replace(0) < times;
        assert!(was_opened, "the door was not opened");
        world.map(|map| {
            assert_eq!((map.len(), map.is_empty()), (map.keys().count(), map.keys().next().is_none()));
            assert!(map.keys().all(|key| map.contains_key(&key)));
        });
        WORLD.set(None);
        drop((world.owner.take(), world.keys.take()));
        gc::collect();
        assert_eq!((gc::stats().live_objects, LIVE_VALUES.get()), (0, 0));
        assert!(world.weak_owner.upgrade().is_none());
    }
}

#[test]
fn the_closure_of_with() {
    through(|world| world.owner().map.with(&world.key(1), Value::look).unwrap_or_default());
}

#[test]
fn a_key_that_only_the_values_hold_while_its_value_is_looked_at_is_reclaimed_later() {
    through(|world| {
        let (owner, key) = (world.owner(), world.key(0));
        drop((world.owner.take(), world.keys.take()));
        owner.map.with(&key, Value::look);
        drop((owner, key));
    });
}

#[test]
fn the_closure_of_retain() {
    for keep in [false, true] {
        through(|world| {
            world.owner().map.retain(|_, value| {
                value.look();
                keep
            });
        });
    }
}

#[test]
fn the_closures_of_entries() {
    through(|world| {
        let (owner, key) = (world.owner(), world.key(2));
        drop(owner.map.entry(&key).and_modify(Value::look).or_insert(Value::about(&[])));
    });
    through(|world| {
        let (owner, key) = (world.owner(), Gc::new(Thing::default()));
        let make = || {
            at_the_door();
            Value::about(&[owner.clone(), key.clone()])
        };
        drop(owner.map.entry(&key).or_insert_with(make));
    });
    through(|world| drop(world.owner().map.entry(&world.key(2)).or_insert(Value::about(&[]))));
    through(|world| {
        let (owner, key) = (world.owner(), world.key(2));
        let mut entry = owner.map.entry(&key).insert_entry(Value::about(std::slice::from_ref(&key)));
        entry.get().look();
        drop(entry.insert(Value::about(std::slice::from_ref(&owner))));
        entry.get().look();
        drop(entry.remove());
    });
}

#[test]
fn the_closure_of_get_or_insert_with() {
    through(|world| {
        let (owner, key) = (world.owner(), Gc::new(Thing::default()));
        world.keys.borrow_mut().push(key.clone());
        let make = || {
            at_the_door();
            Value::about(&[owner.clone(), key.clone()])
        };
        drop(owner.map.get_or_insert_with(&key, make));
    });
}

#[test]
fn drop_of_a_value_that_came_too_late() {
    through(|world| {
        let (owner, key) = (world.owner(), Gc::new(Thing::default()));
        let make = || {
            owner.map.insert(&key, Value::about(&[]));
            Value::about(&[owner.clone(), key.clone()])
        };
        drop(owner.map.get_or_insert_with(&key, make));
    });
}

#[test]
fn what_the_closure_of_get_or_insert_with_inserts_wins() {
    let map = WeakMap::new();
    let key = Gc::new(1);
    let make = || {
        map.insert(&key, "first");
        "second"
    };
    assert_eq!((map.get_or_insert_with(&key, make), map.get(&key), map.len()), ("first", Some("first"), 1));
}

#[test]
fn clone() {
    through(|world| drop(world.owner().map.get(&world.key(1))));
    through(|world| drop(world.owner().map.iter().collect::<Vec<_>>()));
    through(|world| world.owner().map.values().for_each(drop));
    through(|world| drop(world.owner().map.clone()));
}

#[test]
fn between_the_steps_of_an_iterator() {
    through(|world| (&world.owner().map).into_iter().for_each(|_| at_the_door()));
    through(|world| world.owner().map.keys().for_each(|_| at_the_door()));
    through(|world| world.owner().map.values().for_each(|_| at_the_door()));
    through(|world| world.owner().map.drain().for_each(|_| at_the_door()));
    through(|world| world.owner().map.clone().into_iter().for_each(|_| at_the_door()));
}

#[test]
fn debug() {
    through(|world| {
        let _ = format!("{:?}", world.owner().map);
    });
}

#[test]
fn drop_of_a_value_that_is_taken_out() {
    through(|world| drop(world.owner().map.insert(&world.key(1), Value::about(&[]))));
    through(|world| drop(world.owner().map.remove(&world.key(1))));
    through(|world| world.owner().map.clear());
    through(|world| world.owner().map.retain(|_, _| false));
    through(|world| drop(world.owner().map.drain().next()));
    through(|world| drop(world.owner().map.clone().into_iter().next()));
    through(|world| drop(world.owner().map.clone()));
}

#[test]
fn drop_of_a_value_whose_key_dies() {
    through(|world| {
        let key = Gc::new(Thing::default());
        world.owner().map.insert(&key, Value::about(&[world.owner()]));
        drop(key);
    });
    through(|world| {
        drop(world.keys.take());
        gc::collect();
    });
    through(|world| drop(Gc::try_unwrap(world.keys.borrow_mut().remove(3))));
}

#[test]
fn drop_of_a_value_whose_map_dies() {
    through(|world| {
        drop(world.owner.take());
        drop(world.map(|map| map.remove(&world.key(1))));
    });
    through(|world| {
        drop((world.owner.take(), world.keys.take()));
        gc::collect();
    });
}

#[test]
fn a_panic_of_one_value_keeps_no_other_from_being_dropped() {
    #[derive(Trace)]
    struct Bomb(#[trace(skip)] Fuse);
    struct Fuse;
    impl Drop for Fuse {
        fn drop(&mut self) {
            LIVE_VALUES.set(LIVE_VALUES.get() - 1);
            resume_unwind(Box::new(()));
        }
    }
    let keys: Vec<_> = (0..5).map(Gc::new).collect();
    let fill = |map: &WeakMap<_, _>| {
        for key in &keys {
            LIVE_VALUES.set(LIVE_VALUES.get() + 1);
            map.insert(key, Bomb(Fuse));
        }
    };
    let ends: [fn(WeakMap<i32, Bomb>); 4] =
        [drop, |map| map.clear(), |map| drop(map.drain()), |map| drop(Gc::new(map))];
    for end in ends {
        let map = WeakMap::new();
        fill(&map);
        assert!(catch_unwind(AssertUnwindSafe(|| end(map))).is_err());
        assert_eq!(LIVE_VALUES.get(), 0);
    }
    let map = WeakMap::new();
    fill(&map);
    assert!(catch_unwind(AssertUnwindSafe(|| map.retain(|_, _| false))).is_err());
    assert_eq!((LIVE_VALUES.get(), map.len()), (4, 4));
    assert!(catch_unwind(AssertUnwindSafe(|| drop(keys))).is_err());
    assert_eq!((LIVE_VALUES.get(), map.len()), (0, 0));
}

#[test]
fn no_iteration_is_endless() {
    let map = WeakMap::new();
    let held = RefCell::new(Vec::new());
    let grow = |map: &WeakMap<usize, usize>| {
        for _ in 0..3 {
            let key = Gc::new(held.borrow().len());
            map.insert(&key, 0);
            held.borrow_mut().push(key);
        }
    };
    grow(&map);
    map.iter().for_each(|_| grow(&map));
    map.keys().for_each(|_| grow(&map));
    let before = map.len();
    map.retain(|_, _| {
        grow(&map);
        true
    });
    assert_eq!(map.len(), 4 * before);
    assert!(map.drain().inspect(|_| grow(&map)).count() >= 4 * before);
}

#[test]
fn each_entry_that_stays_is_seen_once() {
    let map = WeakMap::new();
    let stay: Vec<_> = (0..100).map(Gc::new).collect();
    let mut go: Vec<_> = (100..200).map(Gc::new).collect();
    for (stays, goes) in stay.iter().zip(&go) {
        map.insert(stays, ());
        map.insert(goes, ());
    }
    let mut seen = Vec::new();
    for (key, ()) in &map {
        seen.extend((*key < 100).then_some(*key));
        drop(key);
        go.pop();
        map.shrink_to_fit();
        let new = Gc::new(300);
        map.insert(&new, ());
        gc::collect();
    }
    seen.sort_unstable();
    assert_eq!((seen, map.len()), ((0..100).collect(), 100));
}
