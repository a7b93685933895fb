//! A `trace` written by hand, in each pass that calls one. A `trace` may panic and no more (T3); what touches no box that
//! was there before happens to be harmless.

use gc_core::Gc;

use super::*;
use crate::case::Door;
#[cfg(feature = "inspect")]
use crate::case::Sprung;
use crate::world::{Owner, Traced, garbage, watch};

fn aloof_acts(ways: &[Way]) {
    matrix(ways, ACTS.iter().filter(|act| act.is_aloof));
}

/// A panic breaks the pass off.
const fn in_pass(name: &'static str, go: fn(&Rc<Case>)) -> Way {
    way(name, Kind::Direct, Collections::Never, go)
}

fn owner(case: &Rc<Case>) -> Gc<Owner> {
    Owner { traced: Some(Traced(case.clone(), vec![case.world.hub()])), ..Owner::default() }.ring()
}

/// A suspected owner and some garbage, as `collect` finds it: the door is passed so many times before.
fn in_collection(case: &Rc<Case>, is_held: bool, passed: usize, collect: fn()) {
    let paused = gc::pause();
    let owner = owner(case);
    let garbage = garbage(case);
    owner.things.borrow_mut().push(garbage.clone());
    watch(case, &garbage);
    drop(garbage);
    if is_held {
        case.world.guards.borrow_mut().push(Box::new(owner.clone()));
    }
    drop(owner);
    drop(paused);
    case.arm_after(passed, Door::Trace);
    collect();
}

fn collect() {
    gc::collect();
}

#[test]
#[cfg_attr(gc_verify, ignore = "counts calls of `trace`, which the checks make, too")]
fn whatever_a_trace_does_the_heap_stays_whole() {
    aloof_acts(&[
        in_pass("a trace in a trial deletion", |case| in_collection(case, false, 0, collect)),
        in_pass("a trace in an automatic collection", |case| in_collection(case, false, 0, collect_automatically)),
        in_pass("a trace as what is reachable is marked", |case| {
            // Something unreachable, or marking ends early.
            drop(garbage(case));
            in_collection(case, true, 1, collect);
        }),
        in_pass("a trace after finalizers ran", |case| in_collection(case, false, 1, collect)),
        in_pass("a trace in the search for callbacks", |case| in_collection(case, false, 2, collect)),
        direct("a trace that lists edges", |case| {
            let owner = owner(case);
            case.world.guards.borrow_mut().push(Box::new(owner.clone()));
            case.arm(Door::Trace);
            assert_eq!(Gc::referents(&owner).len(), 2);
        }),
        #[cfg(feature = "inspect")]
        in_pass("a trace in a capture", |case| {
            let owner = owner(case);
            case.world.guards.borrow_mut().push(Box::new(owner.clone()));
            case.arm(Door::Trace);
            let snapshot = gc_core::inspect::Snapshot::capture();
            let owner = snapshot.find(&owner).expect("it is alive");
            if owner.unread() == Some(gc_core::inspect::Unread::Panicked) {
                // It would end there.
                std::panic::resume_unwind(Box::new(Sprung));
            }
            assert_eq!((owner.edges().len(), owner.unread()), (2, None));
        }),
    ]);
}
