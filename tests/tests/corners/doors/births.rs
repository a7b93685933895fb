//! Doors that are open while boxes come to be: closures of `new_cyclic`, `Clone`, iterators.

use std::collections::HashMap;

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Gc, Weak};

use super::*;
use crate::case::Door;
use crate::world::{Kept, Key, Thing, link, thing};

#[test]
fn whatever_the_closure_of_new_cyclic_does_the_heap_stays_whole() {
    fn make(case: &Rc<Case>, me: &Weak<Thing>) -> Thing {
        case.world.weaks.borrow_mut().push(me.clone());
        let made = Thing::new(case);
        made.edges.borrow_mut().push(case.world.hub());
        case.pass(Door::NewCyclic, Some(&made));
        assert!(me.upgrade().is_none());
        made
    }
    all_acts(&[
        direct("new_cyclic", |case| {
            case.arm(Door::NewCyclic);
            Gc::new_cyclic(|me| make(case, me)).look();
        }),
        direct("new_cyclic in new_cyclic", |case| {
            case.arm(Door::NewCyclic);
            let outer = Gc::new_cyclic(|_| {
                let (outer, inner) = (Thing::new(case), Gc::new_cyclic(|me| make(case, me)));
                link(&inner, &inner);
                outer.edges.borrow_mut().push(inner);
                outer
            });
            outer.look();
        }),
        direct("new_cyclic of a leaf", |case| {
            case.arm(Door::NewCyclic);
            Gc::new_cyclic(|_: &Weak<()>| case.pass(Door::NewCyclic, None));
        }),
    ]);
}

#[test]
fn whatever_clone_does_in_make_mut_the_heap_stays_whole() {
    fn slice(case: &Rc<Case>) -> Gc<[Thing]> {
        (0..3).map(|_| Thing::new(case)).collect()
    }
    all_acts(&[
        direct("clone in make_mut", |case| {
            let mut shared = case.world.hub();
            case.arm(Door::Clone);
            Gc::make_mut(&mut shared).look();
        }),
        direct("clone in make_mut of a candidate that only a ring holds", |case| {
            let mut shared = thing(case);
            link(&shared, &shared);
            case.arm(Door::Clone);
            Gc::make_mut(&mut shared).look();
        }),
        direct("clone in make_mut of a slice", |case| {
            let mut slice = slice(case);
            let shared = slice.clone();
            case.arm_after(1, Door::Clone);
            Gc::make_mut(&mut slice)[2].look();
            shared[2].look();
        }),
        direct("clone in unwrap_or_clone", |case| {
            let shared = case.world.hub();
            case.arm(Door::Clone);
            Gc::unwrap_or_clone(shared).look();
        }),
        direct("clone as a slice is made", |case| {
            let things = [Thing::new(case), Thing::new(case)];
            case.arm_after(1, Door::Clone);
            let slice: Gc<[Thing]> = things[..].into();
            slice[1].look();
        }),
    ]);
}

#[test]
fn whatever_an_iterator_does_in_extend_the_heap_stays_whole() {
    /// Passes the door at each of three steps.
    fn steps(case: &Rc<Case>) -> impl Iterator<Item = u32> {
        case.arm_after(1, Door::Iterator);
        (0..3).inspect(|_| case.pass(Door::Iterator, None))
    }
    all_acts(&[
        direct("from_iter of a slice", |case| {
            let slice: Gc<[Thing]> = steps(case).map(|_| Thing::new(case)).collect();
            slice.iter().for_each(Thing::look);
        }),
        direct("extend of a borrowed vector", |case| {
            let hub = case.world.hub();
            hub.edges.borrow_mut().extend(steps(case).map(|_| thing(case)));
            hub.look();
        }),
        direct("extend of a vector that is not in a box yet", |case| {
            let made = Thing::new(case);
            made.edges.borrow_mut().extend(steps(case).map(|_| thing(case)));
            Gc::new(made).look();
        }),
        direct("extend of a map", |case| {
            let hub = case.world.hub();
            let map: HashMap<u32, Gc<Thing>> = steps(case).map(|step| (step, hub.clone())).collect();
            assert_eq!(Gc::new(map).len(), 3);
        }),
        direct("extend of a weak map", |case| {
            let mut map: WeakMap<Thing, Kept> = WeakMap::new();
            let key = thing(case);
            map.extend(steps(case).map(|_| (key.clone(), Kept::new(case, vec![key.clone()]))));
            assert_eq!(map.len(), 1);
        }),
        direct("extend of a weak set", |case| {
            let set: WeakSet<Thing> = steps(case).map(|_| thing(case)).collect();
            assert!(set.is_empty());
            case.world.set.iter().for_each(|thing| thing.look());
        }),
        direct("extend of a weak value map", |case| {
            let value = thing(case);
            let map: WeakValueMap<Key, Thing> = steps(case).map(|step| (Key::new(case, step), value.clone())).collect();
            assert_eq!(map.len(), 3);
        }),
    ]);
}
