//! Closures that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{Gc, gc};
use gc_tests::{dropped, log, node, ring, take_log};

use crate::note;

/// The message of the panic of `body`.
fn caught<R>(body: impl FnOnce() -> R) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).err().expect("a panic");
    payload.downcast_ref::<&str>().expect("a message").to_string()
}

/// Panics when it is dropped.
struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn a_panic_in_a_death_by_count_continues_once_all_is_done() {
    let held = node();
    note(&held, "older");
    let finalizer = Gc::on_drop(&held, || panic!("first"));
    Gc::on_drop(&held, || log("newer"));
    assert_eq!(caught(|| drop(held)), "first");
    assert_eq!(take_log(), ["newer", "older"]);
    assert!(!finalizer.is_alive() && !finalizer.at_exit());
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}

#[test]
fn a_panic_in_a_collection_continues_once_all_is_done() {
    let held = ring(3);
    note(&held, "older");
    Gc::on_drop(&held, || panic!("second"));
    Gc::on_drop(&held, || panic!("first"));
    drop(held);
    assert_eq!(caught(gc::collect), "first");
    assert_eq!(take_log(), ["older"]);
    assert_eq!((dropped(), gc::stats().live_objects), (3, 0));
}

#[test]
fn a_panic_in_run_continues_and_counts_as_run() {
    let held = node();
    let finalizer = Gc::on_drop(&held, || -> i32 { panic!("by hand") });
    assert_eq!(caught(|| finalizer.run()), "by hand");
    assert!(!finalizer.is_alive() && !finalizer.at_exit() && finalizer.run().is_none());
    drop(held);
    assert_eq!(dropped(), 1);
}

#[test]
fn a_panic_as_a_value_is_moved_out_continues() {
    let held = node();
    note(&held, "older");
    Gc::on_drop(&held, || panic!("moved out"));
    assert_eq!(caught(|| Gc::try_unwrap(held).is_ok()), "moved out");
    assert_eq!(take_log(), ["older"]);
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));

    let mut held = Gc::new(1);
    Gc::on_drop(&held, || panic!("made mutable"));
    assert_eq!(caught(|| *Gc::make_mut(&mut held)), "made mutable");
    assert_eq!(*Gc::make_mut(&mut held), 1);
}

#[test]
fn a_result_that_panics_as_it_is_dropped_is_as_a_closure_that_does() {
    let held = node();
    note(&held, "older");
    Gc::on_drop(&held, || Explosive);
    assert_eq!(caught(|| drop(held)), "dropped");
    assert_eq!((take_log(), dropped()), (vec!["older".into()], 1));
}

#[test]
fn a_detached_closure_may_panic_as_it_is_dropped() {
    let held = node();
    let captured = Explosive;
    let finalizer = Gc::on_drop(&held, move || drop(captured));
    assert_eq!(caught(|| finalizer.detach()), "dropped");
    assert!(!finalizer.is_alive() && !finalizer.detach());
    drop(held);
    assert_eq!(dropped(), 1);
}

#[test]
fn a_panic_while_the_thread_panics_is_lost() {
    let held = node();
    note(&held, "older");
    Gc::on_drop(&held, || panic!("second"));
    let message = caught(move || {
        let _held = held;
        panic!("first")
    });
    assert_eq!((message.as_str(), take_log()), ("first", vec!["older".into()]));
    assert_eq!(gc::stats().live_objects, 0);
}
