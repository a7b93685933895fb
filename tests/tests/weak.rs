//! Weak pointers and their callbacks.

use std::cell::RefCell;
use std::rc::Rc;

use gc_core::{Gc, Leaf, Trace, Weak, gc};
use gc_tests::{Node, link, log, node, ring, take_log};

fn watch(gc: &Gc<Node>, event: &'static str) -> Weak<Node> {
    Gc::downgrade_with(gc, move || log(event))
}

#[test]
fn a_callback_runs_once_when_the_count_reaches_zero() {
    let held = node();
    let weak = watch(&held, "died");
    assert!(weak.upgrade().is_some());
    assert_eq!((Gc::weak_count(&held), weak.strong_count(), weak.weak_count()), (1, 1, 1));
    drop(held);
    assert_eq!(take_log(), ["died"]);
    assert!(weak.upgrade().is_none());
    drop(weak);
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn a_callback_runs_when_a_ring_is_collected() {
    let held = ring(2);
    let _weak = watch(&held, "died");
    drop(held);
    assert_eq!(take_log(), [""; 0]);
    gc::collect();
    assert_eq!(take_log(), ["died"]);
}

#[test]
fn callbacks_run_newest_first() {
    let held = node();
    let _all = ["first", "second", "third"].map(|event| watch(&held, event));
    drop(held);
    assert_eq!(take_log(), ["third", "second", "first"]);
}

#[test]
fn a_weak_pointer_dropped_first_is_not_called_back() {
    let held = node();
    let [first, second, third] = ["first", "second", "third"].map(|event| watch(&held, event));
    drop(second);
    drop(held);
    assert_eq!(take_log(), ["third", "first"]);
    drop((first, third));
    let held = node();
    drop(watch(&held, "gone"));
    drop(held);
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn a_clone_has_no_callback() {
    let held = node();
    let weak = watch(&held, "died");
    let clone = weak.clone();
    assert!(clone.ptr_eq(&weak) && clone.upgrade().is_some());
    drop(weak);
    drop(held);
    assert_eq!(take_log(), [""; 0]);
    assert!(clone.upgrade().is_none());
}

#[test]
fn a_weak_pointer_that_is_part_of_the_garbage_is_not_called_back() {
    let held = ring(2);
    *held.back.borrow_mut() = watch(&held, "inside");
    let _outside = watch(&held, "outside");
    drop(held);
    gc::collect();
    assert_eq!(take_log(), ["outside"]);
}

#[test]
fn a_weak_pointer_in_a_leaf_that_only_garbage_owns_is_not_called_back() {
    #[derive(Trace)]
    struct Owner {
        other: RefCell<Option<Gc<Owner>>>,
        watcher: RefCell<Option<Gc<Watcher>>>,
    }
    #[derive(Trace)]
    struct Watcher(Weak<Owner>);

    let owner = || Gc::new(Owner { other: RefCell::new(None), watcher: RefCell::new(None) });
    let watcher = |of: &Gc<Owner>, event| Gc::new(Watcher(Gc::downgrade_with(of, move || log(event))));
    let (one, two) = (owner(), owner());
    *one.other.borrow_mut() = Some(two.clone());
    *two.other.borrow_mut() = Some(one.clone());
    let shared = watcher(&one, "shared");
    *one.watcher.borrow_mut() = Some(watcher(&one, "inside"));
    *two.watcher.borrow_mut() = Some(shared.clone());
    assert!(!Gc::is_tracked(&shared));
    drop((one, two));
    assert_eq!(gc::collect(), 2);
    assert_eq!(take_log(), ["shared"]);
    assert!(shared.0.upgrade().is_none());
}

#[test]
fn all_weak_pointers_of_the_garbage_are_dead_before_the_first_callback() {
    let held = ring(3);
    let other = held.edges.borrow()[0].clone();
    let weak = [Gc::downgrade(&held), Gc::downgrade(&other)];
    let _watch = [&held, &other].map(|gc| {
        let weak = weak.clone();
        Gc::downgrade_with(gc, move || {
            assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
            log("dead");
        })
    });
    drop((held, other));
    assert_eq!(gc::collect(), 3);
    assert_eq!(take_log(), ["dead", "dead"]);
}

#[test]
fn callbacks_come_after_finalizers_and_before_drops() {
    struct Noisy;
    impl Drop for Noisy {
        fn drop(&mut self) {
            log("drop");
        }
    }
    #[derive(Trace)]
    #[trace(finalize)]
    struct Noted(RefCell<Option<Gc<Noted>>>, Leaf<Noisy>);
    impl gc_core::Finalize for Noted {
        fn finalize(&self) {
            log("finalize");
        }
    }
    for cyclic in [false, true] {
        let held = Gc::new(Noted(RefCell::new(None), Leaf(Noisy)));
        if cyclic {
            *held.0.borrow_mut() = Some(held.clone());
        }
        let _watch = Gc::downgrade_with(&held, || log("callback"));
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["finalize", "callback", "drop"]);
    }
}

#[test]
fn a_callback_may_allocate_collect_and_drop_other_watchers() {
    let watchers: Rc<RefCell<Vec<Weak<Node>>>> = Rc::default();
    let held = ring(2);
    for _ in 0..3 {
        let all = watchers.clone();
        let weak = Gc::downgrade_with(&held, move || {
            log("called");
            all.take();
            drop(ring(3));
            assert_eq!(gc::collect(), 0);
        });
        watchers.borrow_mut().push(weak);
    }
    drop(held);
    assert_eq!(gc::collect(), 2);
    assert_eq!(take_log().len(), 3);
    assert_eq!(gc::collect(), 9);
}

#[test]
fn what_a_callback_captures_is_held_until_it_is_gone() {
    let (held, captured) = (node(), node());
    let kept = captured.clone();
    let weak = Gc::downgrade_with(&held, move || drop(kept));
    assert_eq!(Gc::strong_count(&captured), 2);
    drop(weak);
    assert_eq!(Gc::strong_count(&captured), 1);
    let kept = captured.clone();
    let _weak = Gc::downgrade_with(&held, move || drop(kept));
    drop(held);
    assert_eq!(Gc::strong_count(&captured), 1);
}

#[test]
fn unwrapping_kills_weak_pointers_and_calls_back() {
    let held = node();
    let weak = watch(&held, "moved out");
    let value = Gc::try_unwrap(held).ok().expect("unique");
    assert!(weak.upgrade().is_none());
    assert_eq!(take_log(), ["moved out"]);
    drop(value);
}

#[test]
fn a_weak_pointer_to_nothing_stays_one() {
    const NOTHING: Weak<Node> = Weak::new();
    let nothing = NOTHING;
    assert!(nothing.upgrade().is_none() && nothing.clone().upgrade().is_none());
    assert!(nothing.ptr_eq(&Weak::default()));
    assert_eq!((nothing.strong_count(), nothing.weak_count(), format!("{nothing:?}")), (0, 0, "(Weak)".into()));
}

#[test]
fn new_cyclic_gives_a_weak_pointer_that_upgrades_once_the_value_is_there() {
    let held = Gc::new_cyclic(|me: &Weak<Node>| {
        assert!(me.upgrade().is_none());
        assert_eq!((me.strong_count(), me.weak_count()), (0, 0));
        gc::collect();
        let it = Node::default();
        *it.back.borrow_mut() = me.clone();
        it
    });
    assert!(Gc::ptr_eq(&held, &held.back.borrow().upgrade().expect("in place")));
    link(&held, &held);
    drop(held);
    assert_eq!(gc::collect(), 1);
}

#[test]
fn a_weak_pointer_outlives_the_value_but_not_the_memory() {
    let held = node();
    let weak = Gc::downgrade(&held);
    let bytes = gc::stats().live_bytes;
    drop(held);
    assert_eq!((gc::stats().live_bytes, gc::stats().live_objects), (0, 0));
    assert!(bytes > 0 && weak.upgrade().is_none());
}

#[test]
fn a_callback_is_not_lost_when_the_drop_of_its_target_is_put_off() {
    /// The target is dropped before the weak pointer. It has no finalizer, so it is dead though it waits for its end.
    #[derive(Trace)]
    struct Deep(Option<Gc<Deep>>, Option<(Gc<Deep>, Weak<Deep>)>);

    // At some depth the target is the first to wait, wherever that begins.
    for depth in 0..200 {
        let target = Gc::new(Deep(None, None));
        let weak = Gc::downgrade_with(&target, || log("died"));
        let last = Gc::new(Deep(None, Some((target, weak))));
        drop((0..depth).fold(last, |next, _| Gc::new(Deep(Some(next), None))));
        assert_eq!(take_log(), ["died"], "at depth {depth}");
    }
}

#[test]
fn no_collection_starts_in_a_callback_of_a_value_that_is_moved_out() {
    let held = node();
    let _watch = Gc::downgrade_with(&held, || {
        (0..2_000).for_each(|_| drop(ring(2)));
        assert_eq!(gc::stats().generations[0].collections, 0);
    });
    drop(Gc::try_unwrap(held).ok().expect("unique"));
    assert_eq!(gc::collect(), 4_000);
}

#[test]
fn a_callback_cannot_save_a_leaf_that_dies_with_the_garbage() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<Owner>>>, RefCell<Option<Gc<Watcher>>>);
    #[derive(Trace)]
    struct Watcher(Weak<Owner>);

    let owner = Gc::new(Owner(RefCell::new(None), RefCell::new(None)));
    *owner.0.borrow_mut() = Some(owner.clone());
    let watcher = Gc::new(Watcher(Gc::downgrade_with(&owner, || log("inside"))));
    let path = Gc::downgrade(&watcher);
    let _outside = Gc::downgrade_with(&owner, move || assert!(path.upgrade().is_none()));
    *owner.1.borrow_mut() = Some(watcher);
    drop(owner);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn a_weak_pointer_of_the_garbage_is_silent_though_its_target_only_dies_for_want_of_it() {
    // The target is too old for this collection to look at.
    let old = node();
    gc::collect();
    let owner = ring(1);
    *owner.back.borrow_mut() = watch(&old, "called");
    link(&owner, &old);
    drop((old, owner));
    gc::collect_generation(gc::Generation::Young);
    assert_eq!(take_log(), [""; 0]);

    // The target is a leaf.
    #[derive(Trace, Default)]
    struct Owner {
        me: RefCell<Option<Gc<Owner>>>,
        leaf: RefCell<Option<Gc<u32>>>,
        weak: RefCell<Weak<u32>>,
    }
    let (owner, leaf) = (Gc::new(Owner::default()), Gc::new(1));
    *owner.me.borrow_mut() = Some(owner.clone());
    *owner.weak.borrow_mut() = Gc::downgrade_with(&leaf, || log("called"));
    *owner.leaf.borrow_mut() = Some(leaf);
    drop(owner);
    gc::collect();
    assert_eq!((take_log(), gc::stats().live_objects), (vec![], 0));
}

#[test]
fn a_weak_pointer_in_a_leaf_of_the_garbage_is_silent_though_the_leaf_has_a_finalizer() {
    #[derive(Trace, Default)]
    struct Owner(RefCell<Option<Gc<Owner>>>, RefCell<Option<Gc<Final>>>);

    #[derive(Trace)]
    #[trace(finalize)]
    struct Final(Weak<Owner>);
    impl gc_core::Finalize for Final {
        fn finalize(&self) {
            log("finalized");
        }
    }

    let owner = Gc::new(Owner::default());
    *owner.0.borrow_mut() = Some(owner.clone());
    *owner.1.borrow_mut() = Some(Gc::new(Final(Gc::downgrade_with(&owner, || log("called")))));
    drop(owner);
    assert_eq!((gc::collect(), take_log()), (1, vec!["finalized".to_owned()]));
}
