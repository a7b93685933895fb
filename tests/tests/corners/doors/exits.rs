//! Doors that the end of the thread opens.

use std::cell::RefCell;

use gc_core::Gc;
use gc_core::gc::CollectEvent;

use super::*;
use crate::case::{Door, EARLY};
use crate::world::{garbage, thing, watch};

/// Passes the door as it is dropped.
struct AtEnd(Rc<Case>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        self.0.pass(Door::ThreadLocal, None);
    }
}

thread_local! {
    /// Touched after the heap was: destroyed before it is told of the thread's end.
    static LATE: RefCell<Vec<AtEnd>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn whatever_the_destructor_of_a_thread_local_does_the_heap_stays_whole() {
    all_acts(&[
        way("a thread-local destroyed before the heap's end", Kind::AtExit, Collections::ByThemselves, |case| {
            drop(garbage(case));
            case.arm(Door::ThreadLocal);
            LATE.with_borrow_mut(|late| late.push(AtEnd(case.clone())));
        }),
        way("a thread-local destroyed after the heap's end", Kind::AtExit, Collections::ByThemselves, |case| {
            drop(garbage(case));
            case.arm(Door::ThreadLocal);
            EARLY.with_borrow_mut(|early| early.push(Box::new(AtEnd(case.clone()))));
        }),
    ]);
}

#[test]
fn whatever_user_code_does_in_the_heaps_end_nothing_leaks() {
    all_acts(&[
        way("a finalizer at the thread's end", Kind::HeldBackAtExit, Collections::Never, |case| {
            case.arm(Door::Finalizer);
            drop(garbage(case));
        }),
        way("the drop of a value at the thread's end", Kind::HeldBackAtExit, Collections::Never, |case| {
            case.arm(Door::ValueDrop);
            drop(garbage(case));
        }),
        way("a callback at the thread's end", Kind::HeldBackAtExit, Collections::Never, |case| {
            let (garbage, called) = (garbage(case), case.clone());
            let weak = Gc::downgrade_with(&garbage, move || called.pass(Door::Callback, None));
            case.world.guards.borrow_mut().push(Box::new(weak));
            case.arm(Door::Callback);
        }),
        way("on_drop at the thread's end", Kind::HeldBackAtExit, Collections::WhenAskedFor, |case| {
            let (held, called) = (thing(case), case.clone());
            watch(case, &held);
            Gc::on_drop(&held, move || called.pass(Door::OnDrop, None));
            case.world.saved.borrow_mut().push(held);
            case.arm(Door::OnDrop);
        }),
        way("a hook at the thread's end", Kind::HeldBackAtExit, Collections::Never, |case| {
            let called = case.clone();
            let guard = gc::on_collect(move |event| {
                if let CollectEvent::Start { .. } = event {
                    called.pass(Door::Hook, None);
                }
            });
            case.world.guards.borrow_mut().push(Box::new(guard));
            drop(garbage(case));
            case.arm(Door::Hook);
        }),
    ]);
}
