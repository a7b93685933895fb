//! Hooks of collections, called at their start and at their end.

use gc_core::gc::{CollectEvent, Generation};

use super::*;
use crate::case::Door;
use crate::world::{Tally, garbage};

/// Collects some garbage while a hook is registered.
fn collect_with(case: &Rc<Case>, at_start: bool, collect: fn()) {
    let called = case.clone();
    let guard = gc::on_collect(move |event| {
        if matches!(event, CollectEvent::Start { .. }) == at_start {
            called.pass(Door::Hook, None);
        }
    });
    case.world.guards.borrow_mut().push(Box::new(guard));
    let paused = gc::pause();
    drop(garbage(case));
    drop(paused);
    case.arm(Door::Hook);
    collect();
}

fn collect() {
    gc::collect();
}

#[test]
fn whatever_a_hook_does_the_heap_stays_whole() {
    all_acts(&[
        in_collection("a hook at the start", |case| collect_with(case, true, collect)),
        in_collection("a hook at the end", |case| collect_with(case, false, collect)),
        in_collection("a hook at the start of an automatic collection", |case| {
            collect_with(case, true, collect_automatically);
        }),
        in_collection("a hook at the end of an automatic collection", |case| {
            collect_with(case, false, collect_automatically);
        }),
        in_collection("a hook of a young collection", |case| {
            collect_with(case, true, || {
                gc::collect_generation(Generation::Young);
            });
        }),
        direct("the drop of a hook", |case| {
            let captured = Tally::new(case, Door::ValueDrop);
            let guard = gc::on_collect(move |_| captured.look());
            case.arm(Door::ValueDrop);
            drop(guard);
        }),
        in_collection("the drop of a hook that unregisters itself", |case| {
            let captured = Tally::new(case, Door::ValueDrop);
            let slot = Rc::new(std::cell::RefCell::new(None));
            let guard = slot.clone();
            *slot.borrow_mut() = Some(gc::on_collect(move |_| {
                captured.look();
                drop(guard.take());
            }));
            drop(garbage(case));
            case.arm(Door::ValueDrop);
            gc::collect();
        }),
    ]);
}
