//! Getting at the value, where `Rc` has no equal: candidates, generations, finalizers, callbacks.

use std::rc::Rc;

use gc_tests::{dropped, log, take_log};

use super::*;

/// All that get at a value, on one that only `held` points to.
fn assert_only(mut held: Gc<Item>) {
    assert_eq!(Gc::strong_count(&held), 1);
    Gc::get_mut(&mut held).expect("the only one").number.set(7);
    let place = Gc::as_ptr(&held);
    assert!(std::ptr::eq(Gc::make_mut(&mut held), place));
    suspect(&held);
    let held = Gc::new(Gc::try_unwrap(held).ok().expect("the only one"));
    suspect(&held);
    let held = Gc::new(Gc::into_inner(held).expect("the only one"));
    suspect(&held);
    assert_eq!(Gc::unwrap_or_clone(held).number.get(), 7);
}

#[test]
fn a_candidate_is_unwrapped_and_a_candidate_no_more() {
    let held = item(1);
    suspect(&held);
    assert_eq!(gc::stats().candidates, 1);
    let value = Gc::try_unwrap(held).ok().expect("the only one");
    assert_eq!((gc::stats().candidates, gc::stats().live_objects, dropped()), (0, 0, 0));
    assert_eq!((gc::collect(), value.number.get()), (0, 1));
    drop(value);
    assert_eq!(dropped(), 1);
}

#[test]
fn values_of_every_age_are_got_at() {
    for generation in Generation::ALL {
        assert_only(aged(item(1), generation));
    }
    assert_eq!((gc::stats().live_objects, gc::stats().candidates), (0, 0));
}

#[test]
fn values_are_got_at_while_every_allocation_collects() {
    collect_always();
    let garbage = || drop(pair(1, 2));
    for generation in Generation::ALL {
        garbage();
        let held = aged(item(1), generation);
        garbage();
        assert_only(held);
    }
    gc::collect();
    assert_eq!((gc::stats().live_objects, gc::stats().candidates), (0, 0));
}

#[test]
fn a_value_mutably_borrowed_is_not_looked_at_by_a_collection() {
    let mut held = item(1);
    held.edges.borrow_mut().push(item(2));
    suspect(&held);
    let value = Gc::get_mut(&mut held).expect("the only one");
    let before = gc::collect_generation(Generation::Old).visited;
    value.edges.get_mut().clear();
    assert_eq!((before, dropped()), (0, 1));
}

#[test]
fn what_an_unwrapped_value_owns_is_held_from_outside_then_garbage() {
    let one = pair(1, 2);
    let other = one.edges.borrow_mut().pop().expect("the other");
    drop(one);
    let value = Gc::try_unwrap(other).ok().expect("the ring's rest");
    assert_eq!((gc::collect(), dropped()), (0, 0));
    drop(value);
    assert_eq!((gc::collect(), dropped()), (0, 2));
}

#[test]
fn an_unwrapped_value_is_not_finalized() {
    PROBE.set(Some(|_| log("finalized")));
    drop(Gc::try_unwrap(reflexive(1)));
    assert!(Gc::into_inner(reflexive(1)).is_some());
    Gc::unwrap_or_clone(reflexive(1));
    assert!(take_log().is_empty());
    drop(reflexive(1));
    assert_eq!(take_log(), ["finalized"]);
}

/// Tries all that need the only pointer, on a pointer to a value that is being finalized.
fn try_all(mine: impl Fn() -> Gc<Item>) {
    assert!(Gc::try_unwrap(mine()).is_err());
    assert!(Gc::into_inner(mine()).is_none());
    assert!(Gc::get_mut(&mut mine()).is_none());
    let mut cloned = mine();
    Gc::make_mut(&mut cloned).number.set(100);
    assert!(!Gc::ptr_eq(&cloned, &mine()) && mine().number.get() < 100);
    assert_eq!(Gc::unwrap_or_clone(mine()).number.get(), mine().number.get());
    log("tried");
}

#[test]
fn a_value_whose_last_pointer_went_is_not_taken_from_its_finalizer() {
    PROBE.set(Some(|item| {
        if item.number.get() == 1 {
            try_all(|| item.me.borrow().upgrade().expect("not dead yet"));
        }
    }));
    drop(reflexive(1));
    assert_eq!(take_log(), ["tried"]);
    PROBE.set(None);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
    // The value itself, and the clones made of it.
    assert_eq!(dropped(), 3);
}

#[test]
fn an_unreachable_value_is_not_taken_from_its_finalizer() {
    PROBE.set(Some(|item| {
        if item.number.get() == 1 {
            try_all(|| item.me.borrow().upgrade().expect("not dead yet"));
        }
    }));
    drop(pair(1, 2));
    gc::collect();
    assert_eq!(take_log(), ["tried"]);
    PROBE.set(None);
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn the_last_edge_to_an_unreachable_value_does_not_give_it_away() {
    PROBE.set(Some(|item| {
        if item.number.get() != 1 {
            return;
        }
        let other = item.edges.borrow_mut().pop().expect("the other");
        assert_eq!(Gc::strong_count(&other), 1);
        let mut other = Gc::try_unwrap(other).map(drop).expect_err("the collection holds it");
        assert!(Gc::get_mut(&mut other).is_none());
        Gc::make_mut(&mut other).number.set(9);
        log(format!("{} {}", other.number.get(), Gc::strong_count(&other)));
    }));
    drop(pair(1, 2));
    gc::collect();
    assert_eq!(take_log(), ["9 1"]);
    PROBE.set(None);
    gc::collect();
    assert_eq!((dropped(), gc::stats().live_objects), (3, 0));
}

#[test]
fn a_resurrected_value_is_got_at_again() {
    thread_local!(static SAVED: RefCell<Option<Gc<Item>>> = const { RefCell::new(None) });
    PROBE.set(Some(|item| SAVED.set(item.me.borrow().upgrade())));
    drop(reflexive(1));
    let saved = SAVED.take().expect("resurrected");
    assert!(Gc::is_finalized(&saved) && Gc::strong_count(&saved) == 1);
    *saved.me.borrow_mut() = Weak::new();
    PROBE.set(None);
    assert_only(saved);

    PROBE.set(Some(|item| {
        if item.number.get() == 1 {
            SAVED.set(item.me.borrow().upgrade());
        }
    }));
    drop(pair(1, 2));
    gc::collect();
    PROBE.set(None);
    let saved = SAVED.take().expect("resurrected");
    let other = saved.edges.borrow_mut().pop().expect("the other");
    other.edges.borrow_mut().clear();
    for held in [saved, other] {
        *held.me.borrow_mut() = Weak::new();
        assert_only(held);
    }
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn weak_pointers_to_an_unwrapped_value_die_and_call_back_newest_first() {
    let held = reflexive(1);
    let watch = |name: &'static str| {
        let weak = Gc::downgrade(&held);
        Gc::downgrade_with(&held, move || log(format!("{name} {}", weak.upgrade().is_some())))
    };
    let watchers = [watch("first"), watch("second")];
    let value = Gc::try_unwrap(held).ok().expect("the only strong one");
    assert_eq!((take_log(), dropped()), (vec!["second false".to_string(), "first false".to_string()], 0));
    assert!(watchers.iter().all(|weak| weak.upgrade().is_none() && weak.weak_count() == 0));
    assert!(value.me.borrow().upgrade().is_none());
    let again = Gc::new(value);
    assert!(again.me.borrow().upgrade().is_none());
}

#[test]
fn a_callback_that_panics_while_a_value_is_unwrapped_drops_the_value_once() {
    let held = item(1);
    let told = Rc::new(Cell::new(0));
    let count = told.clone();
    let _calm = Gc::downgrade_with(&held, move || count.set(count.get() + 1));
    let _nervous = Gc::downgrade_with(&held, || panic!("a callback"));
    assert_eq!(panic_of(|| Gc::try_unwrap(held)), "a callback");
    assert_eq!((told.get(), dropped(), gc::stats().live_objects), (1, 1, 0));
}

#[test]
fn a_callback_may_collect_and_allocate_while_a_value_is_unwrapped() {
    collect_always();
    let held = pair(1, 2);
    held.edges.borrow_mut().clear();
    gc::collect();
    let _weak = Gc::downgrade_with(&held, || {
        drop(pair(3, 4));
        gc::collect();
        log(gc::stats().live_objects.to_string());
    });
    let value = Gc::try_unwrap(held).ok().expect("the only strong one");
    assert_eq!((take_log(), value.number.get()), (vec!["1".to_string()], 1));
}

#[test]
fn the_value_of_a_leaf_is_got_at() {
    let mut leaf = Gc::leaf(Leaf(Counted));
    assert!(Gc::get_mut(&mut leaf).is_some());
    let weak = Gc::downgrade(&leaf);
    assert!(Gc::try_unwrap(leaf).is_ok() && weak.upgrade().is_none());
    let borrowed = String::from("x");
    let mut leaf = Gc::leaf(borrowed.as_str());
    *Gc::get_mut(&mut leaf).expect("the only one") = "y";
    assert_eq!((Gc::unwrap_or_clone(leaf.clone()), Gc::into_inner(leaf)), ("y", Some("y")));
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}

#[test]
fn an_array_that_was_a_slice_is_unwrapped() {
    let slice: Gc<[Leaf<Counted>]> = Gc::from([Leaf(Counted), Leaf(Counted)]);
    let array: Gc<[Leaf<Counted>; 2]> = slice.try_into().expect("two");
    let weak = Gc::downgrade(&array);
    let values = Gc::try_unwrap(array).expect("the only one");
    assert_eq!((dropped(), gc::stats().live_bytes > 0, weak.upgrade().is_none()), (0, false, true));
    drop(values);
    assert_eq!(dropped(), 2);
}
