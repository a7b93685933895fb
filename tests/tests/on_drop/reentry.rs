//! What closures may do: anything.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gc_core::{Finalizer, Gc, gc};
use gc_tests::{Node, log, node, ring, take_log};

use crate::note;

type Slot = Rc<RefCell<Option<Finalizer<()>>>>;

/// Has the newest closure of `gc` do `what` with the finalizer in the slot.
fn act(gc: &Gc<Node>, slot: &Slot, what: impl FnOnce(&Finalizer<()>) + 'static) -> Finalizer<()> {
    let slot = slot.clone();
    Gc::on_drop(gc, move || what(slot.borrow().as_ref().expect("filled")))
}

/// Runs `body` on an object that dies by count, then on one that dies by collection.
fn both_deaths(body: impl Fn(Gc<Node>)) {
    for make in [node, || ring(2)] {
        body(make());
        gc::collect();
        assert_eq!(gc::stats().live_objects, 0);
    }
}

#[test]
fn a_closure_may_allocate_and_collect() {
    let held = node();
    Gc::on_drop(&held, || {
        drop(ring(3));
        log(gc::collect().to_string());
    });
    drop(held);
    let held = ring(2);
    Gc::on_drop(&held, || {
        drop(ring(3));
        log(gc::collect().to_string());
    });
    drop(held);
    assert_eq!((gc::collect(), gc::collect()), (2, 3));
    assert_eq!(take_log(), ["3", "0"]);
}

#[test]
fn no_collection_starts_by_itself_in_a_closure_that_death_runs() {
    let held = node();
    Gc::on_drop(&held, || {
        (0..2_000).for_each(|_| drop(ring(2)));
        assert_eq!(gc::stats().generations[0].collections, 0);
    });
    drop(held);
    assert_eq!(gc::collect(), 4_000);
}

#[test]
fn a_closure_may_register_others() {
    both_deaths(|held| {
        let other = node();
        let kept = other.clone();
        Gc::on_drop(&held, move || {
            note(&kept, "later");
            note(&node(), "at once");
        });
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["at once"]);
        drop(other);
        assert_eq!(take_log(), ["later"]);
    });
}

#[test]
fn a_closure_finds_itself_gone() {
    both_deaths(|held| {
        let slot = Slot::default();
        *slot.borrow_mut() = Some(act(&held, &slot, |own| {
            assert!(!own.is_alive() && !own.at_exit() && own.run().is_none() && !own.detach());
            own.set_at_exit(true);
            assert!(!own.at_exit());
            log("ran");
        }));
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["ran"]);
    });
    let (held, slot) = (node(), Slot::default());
    *slot.borrow_mut() = Some(act(&held, &slot, |own| assert!(own.run().is_none() && !own.is_alive())));
    assert_eq!(slot.borrow().as_ref().expect("filled").run(), Some(()));
}

#[test]
fn a_closure_may_drop_its_own_handle() {
    both_deaths(|held| {
        let slot = Slot::default();
        let own = slot.clone();
        *slot.borrow_mut() = Some(Gc::on_drop(&held, move || drop(own.take())));
        drop(held);
        gc::collect();
        assert!(slot.borrow().is_none());
    });
}

#[test]
fn a_closure_may_run_another_of_the_same_death() {
    both_deaths(|held| {
        let slot = Slot::default();
        *slot.borrow_mut() = Some(note(&held, "oldest"));
        note(&held, "middle");
        act(&held, &slot, |oldest| assert_eq!(oldest.run(), Some(())));
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["oldest", "middle"]);
    });
}

#[test]
fn a_closure_may_detach_another_of_the_same_death() {
    both_deaths(|held| {
        let slot = Slot::default();
        *slot.borrow_mut() = Some(note(&held, "oldest"));
        note(&held, "middle");
        act(&held, &slot, |oldest| assert!(oldest.is_alive() && oldest.detach()));
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["middle"]);
    });
}

#[test]
fn a_closure_may_run_one_of_an_object_that_lives() {
    both_deaths(|held| {
        let (other, slot) = (node(), Slot::default());
        *slot.borrow_mut() = Some(note(&other, "other"));
        act(&held, &slot, |other| assert_eq!(other.run(), Some(())));
        drop(held);
        gc::collect();
        drop(other);
        assert_eq!(take_log(), ["other"]);
    });
}

#[test]
fn a_closure_may_drop_the_last_pointer_to_another_object() {
    both_deaths(|held| {
        let other = node();
        note(&other, "inner");
        note(&held, "older");
        Gc::on_drop(&held, move || {
            drop(other);
            log("outer");
        });
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["inner", "outer", "older"]);
    });
}

#[test]
fn a_closure_cannot_upgrade_and_keeps_nothing_alive() {
    both_deaths(|held| {
        let weak = Gc::downgrade(&held);
        Gc::on_drop(&held, move || log(if weak.upgrade().is_none() { "dead" } else { "alive" }));
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["dead"]);
    });
}

#[test]
fn the_dropped_closure_of_detach_may_do_anything() {
    struct Busy(Gc<Node>);
    impl Drop for Busy {
        fn drop(&mut self) {
            note(&self.0, "registered");
            drop(ring(2));
            assert_eq!(gc::collect(), 2);
        }
    }
    let held = node();
    let busy = Busy(held.clone());
    let finalizer = Gc::on_drop(&held, move || drop(busy));
    drop(held);
    assert!(finalizer.detach());
    assert_eq!(take_log(), ["registered"]);
}

#[test]
fn a_closure_run_by_hand_may_kill_its_object() {
    let slot = Rc::new(Cell::new(None));
    let held = node();
    note(&held, "older");
    let own = slot.clone();
    let finalizer = Gc::on_drop(&held, move || {
        drop(own.take());
        log("run");
    });
    note(&held, "newer");
    slot.set(Some(held));
    assert_eq!(finalizer.run(), Some(()));
    assert_eq!(take_log(), ["newer", "older", "run"]);
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_chain_of_registrations_outlives_many_deaths() {
    fn again(left: u32) {
        if left > 0 {
            let next = node();
            Gc::on_drop(&next, move || again(left - 1));
        } else {
            log("end");
        }
    }
    again(50);
    assert_eq!(take_log(), ["end"]);
}
