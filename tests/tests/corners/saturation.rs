//! Counts that overflow. Two thousand million pointers are made and forgotten, which takes minutes without optimization:
//! there, the unit tests of `gc-core` set the counts by hand.

use std::cell::RefCell;
use std::mem;

use gc_core::{Gc, Trace, Weak, gc};
use gc_tests::{dropped, finalized, node, ring};

/// As many pointers as a count can tell apart.
const MANY: u32 = 1 << 31;

/// Makes `gc` immortal.
fn forget_many<T: ?Sized>(gc: &Gc<T>) {
    let raw = Gc::as_ptr(gc);
    for _ in 0..MANY {
        // SAFETY: the value is alive, and a count that is never given up does no harm.
        unsafe { Gc::increment_strong_count(raw) };
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimization")]
fn a_value_of_too_many_pointers_lives_for_ever() {
    let held = ring(2);
    forget_many(&held);
    let weak = Gc::downgrade(&held);
    for _ in 0..10 {
        drop(held.clone());
    }
    let mut held = Gc::try_unwrap(held).err().expect("it is shared");
    assert!(Gc::get_mut(&mut held).is_none() && !Gc::is_finalized(&held));
    let called = Gc::on_drop(&held, || panic!("it does not die"));
    drop(held);
    assert_eq!((gc::collect(), dropped(), finalized()), (0, 0, 0));
    assert!(called.detach());
    let found = weak.upgrade().expect("immortal");
    // What it leads to is alive, and can be taken out.
    drop(found.edges.take());
    drop(found);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (0, 1, 1));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimization")]
fn a_box_of_too_many_weak_pointers_keeps_its_memory_and_not_its_value() {
    let held = node();
    let weak = Gc::downgrade(&held);
    for _ in 0..MANY {
        mem::forget(weak.clone());
    }
    let watch = Gc::downgrade_with(&held, || gc_tests::log("called"));
    drop(held);
    assert_eq!((dropped(), gc_tests::take_log()), (1, vec!["called".to_owned()]));
    (0..10).for_each(|_| drop(weak.clone()));
    assert!(weak.upgrade().is_none() && watch.upgrade().is_none());
    drop((weak, watch));
    // The memory is not used for another box.
    let others: Vec<_> = (0..1_000).map(|_| node()).collect();
    drop(others);
    assert_eq!((dropped(), gc::stats().live_objects), (1_001, 0));
}

#[test]
fn a_box_of_many_edges_to_one_other_counts_each() {
    #[derive(Trace)]
    struct Owner(RefCell<Vec<Gc<Owner>>>, RefCell<Weak<Owner>>);

    let held = Gc::new(Owner(RefCell::default(), RefCell::default()));
    let many = 1_000_000;
    held.0.borrow_mut().extend((0..many).map(|_| held.clone()));
    held.1.replace(Gc::downgrade(&held));
    assert_eq!(Gc::strong_count(&held), many + 1);
    drop(held.clone());
    assert_eq!(gc::collect(), 0);
    drop(held);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
}
