//! Doors that a death opens: finalizers, callbacks, closures of `Gc::on_drop`, destructors.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::rc::Rc;

use gc_core::{Gc, Leaf, Trace, gc};

use super::*;
use crate::case::{Door, Sprung};
use crate::world::{Owner, Tally, Thing, chain, chain_onto, garbage, link, thing, watch};

/// So deep that drops are put off.
const DEEP: usize = 100;

/// A thing that leads to the hub, and to another that nobody else holds.
fn held(case: &Rc<Case>) -> Gc<Thing> {
    let [held, other] = [(); 2].map(|()| thing(case));
    link(&held, &case.world.hub());
    link(&held, &other);
    watch(case, &held);
    held
}

/// Lets the only pointer to a thing go, with a door among what happens then.
fn let_go(case: &Rc<Case>, door: Door, prepare: impl FnOnce(&Rc<Case>, &Gc<Thing>)) {
    let held = held(case);
    prepare(case, &held);
    case.arm(door);
    drop(held);
}

/// The same, of garbage, which `collect` collects.
fn collect_it(case: &Rc<Case>, door: Door, prepare: impl FnOnce(&Rc<Case>, &Gc<Thing>), collect: fn()) {
    let garbage = garbage(case);
    prepare(case, &garbage);
    let paused = gc::pause();
    drop(garbage);
    case.arm(door);
    drop(paused);
    collect();
}

fn collect() {
    gc::collect();
}

/// The same, because of a panic.
fn unwind(case: &Rc<Case>, door: Door, prepare: impl FnOnce(&Rc<Case>, &Gc<Thing>)) {
    let held = held(case);
    prepare(case, &held);
    case.arm(door);
    let _dropped_meanwhile = held;
    resume_unwind(Box::new(Sprung));
}

fn nobody(_: &Rc<Case>, _: &Gc<Thing>) {}

#[test]
fn whatever_a_finalizer_does_the_heap_stays_whole() {
    all_acts(&[
        by_count("a finalizer at count zero", |case| let_go(case, Door::Finalizer, nobody)),
        in_collection("a finalizer in a collection", |case| collect_it(case, Door::Finalizer, nobody, collect)),
        in_collection("a finalizer in an automatic collection", |case| {
            collect_it(case, Door::Finalizer, nobody, collect_automatically);
        }),
        by_count("a finalizer that was put off", |case| {
            let chain = chain(case, DEEP);
            case.arm_after(DEEP / 2, Door::Finalizer);
            drop(chain);
        }),
        in_collection("a finalizer of a box whose count falls to zero in a collection", |case| {
            // Too old to be looked at.
            let old = held(case);
            gc::collect();
            let _paused = gc::pause();
            let garbage = garbage(case);
            link(&garbage, &old);
            drop(old);
            case.arm_after(4, Door::Finalizer);
            drop(garbage);
            gc::collect_generation(gc::Generation::Young);
        }),
        unwinding("a finalizer while the thread panics", |case| unwind(case, Door::Finalizer, nobody)),
    ]);
}

#[test]
fn whatever_the_drop_of_a_value_does_the_heap_stays_whole() {
    all_acts(&[
        by_count("the drop of a value at count zero", |case| let_go(case, Door::ValueDrop, nobody)),
        in_collection("the drop of a value in a collection", |case| collect_it(case, Door::ValueDrop, nobody, collect)),
        in_collection("the drop of a value in an automatic collection", |case| {
            collect_it(case, Door::ValueDrop, nobody, collect_automatically);
        }),
        by_count("the drop of a value that was put off", |case| {
            let chain = chain(case, DEEP);
            case.arm_after(DEEP / 2, Door::ValueDrop);
            drop(chain);
        }),
        direct("the drop of a value that is moved out", |case| {
            let held = held(case);
            // What it leads to dies first.
            case.arm_after(1, Door::ValueDrop);
            drop(Gc::try_unwrap(held));
        }),
        direct("the drop of a value that get_mut replaces", |case| {
            let mut lonely = Gc::new(Thing::new(case));
            let new = Thing::new(case);
            case.arm(Door::ValueDrop);
            *Gc::get_mut(&mut lonely).expect("the only pointer") = new;
        }),
        by_count("the drop of values that a borrowed cell loses", |case| {
            let [held, one, two] = [(); 3].map(|()| thing(case));
            held.edges.borrow_mut().extend([one, two]);
            case.arm(Door::ValueDrop);
            held.edges.borrow_mut().clear();
        }),
        unwinding("the drop of a value while the thread panics", |case| {
            unwind(case, Door::ValueDrop, nobody);
        }),
    ]);
}

#[test]
fn whatever_a_drop_beside_edges_does_the_heap_stays_whole() {
    #[derive(Trace)]
    // SAFETY: its drop touches no edge (T4).
    #[trace(unsafe_drop)]
    struct Dropping {
        me: RefCell<Option<Gc<Dropping>>>,
        things: Vec<Gc<Thing>>,
        case: Leaf<Rc<Case>>,
    }
    impl Drop for Dropping {
        fn drop(&mut self) {
            self.case.pass(Door::ValueDrop, None);
        }
    }
    fn dropping(case: &Rc<Case>) -> Gc<Dropping> {
        let things = vec![chain(case, 2), case.world.hub()];
        Gc::new(Dropping { me: RefCell::default(), things, case: Leaf(case.clone()) })
    }
    all_acts(&[
        by_count("an unsafe drop at count zero", |case| {
            let held = dropping(case);
            assert_eq!(held.things.len(), 2);
            case.arm(Door::ValueDrop);
            drop(held);
        }),
        in_collection("an unsafe drop in a collection", |case| {
            let ring = dropping(case);
            *ring.me.borrow_mut() = Some(ring.clone());
            drop(ring);
            case.arm(Door::ValueDrop);
            gc::collect();
        }),
    ]);
}

#[test]
fn whatever_the_drop_of_a_leaf_does_the_heap_stays_whole() {
    /// A leaf that owns one more, without bound to how deep.
    struct Link(
        #[expect(dead_code, reason = "it is dropped")] Option<Gc<Link>>,
        #[expect(dead_code, reason = "as above")] Tally,
    );

    fn leaf(case: &Rc<Case>) -> Gc<Tally> {
        Gc::leaf(Tally::new(case, Door::LeafDrop))
    }
    fn owner(case: &Rc<Case>) -> Owner {
        let things = vec![thing(case), case.world.hub()].into();
        Owner { leaf: Some(leaf(case)), things, ..Owner::default() }
    }
    all_acts(&[
        by_count("the drop of a leaf at count zero", |case| {
            let held = leaf(case);
            case.arm(Door::LeafDrop);
            drop(held);
        }),
        by_count("the drop of a leaf that a dying value owns", |case| {
            let held = Gc::new(owner(case));
            case.arm(Door::LeafDrop);
            drop(held);
        }),
        in_collection("the drop of a leaf that garbage owns", |case| {
            let ring = owner(case).ring();
            case.arm(Door::LeafDrop);
            drop(ring);
            gc::collect();
        }),
        by_count("the drop of a leaf below many others", |case| {
            let chain = (0..DEEP).fold(None, |next, _| Some(Gc::leaf(Link(next, Tally::new(case, Door::LeafDrop)))));
            case.arm_after(DEEP / 2, Door::LeafDrop);
            drop(chain);
        }),
        by_count("the drop of a leaf that borrows", |case| {
            struct Borrowing<'a>(&'a Rc<Case>);
            impl Drop for Borrowing<'_> {
                fn drop(&mut self) {
                    self.0.pass(Door::LeafDrop, None);
                }
            }
            let borrowed = case.clone();
            let held = Gc::leaf(Borrowing(&borrowed));
            case.arm(Door::LeafDrop);
            drop(held);
        }),
    ]);
}

#[test]
fn whatever_a_callback_does_the_heap_stays_whole() {
    fn call_back(case: &Rc<Case>, thing: &Gc<Thing>) {
        let called = case.clone();
        let weak = Gc::downgrade_with(thing, move || called.pass(Door::Callback, None));
        case.world.guards.borrow_mut().push(Box::new(weak));
    }
    all_acts(&[
        by_count("a callback at count zero", |case| let_go(case, Door::Callback, call_back)),
        in_collection("a callback in a collection", |case| collect_it(case, Door::Callback, call_back, collect)),
        in_collection("a callback in an automatic collection", |case| {
            collect_it(case, Door::Callback, call_back, collect_automatically);
        }),
        by_count("a callback that was put off", |case| {
            let last = held(case);
            call_back(case, &last);
            let chain = chain_onto(case, last, DEEP);
            case.arm(Door::Callback);
            drop(chain);
        }),
        by_count("a callback as a value is moved out", |case| {
            let held = held(case);
            call_back(case, &held);
            case.arm(Door::Callback);
            drop(Gc::try_unwrap(held));
        }),
        by_count("a callback as make_mut moves a value", |case| {
            let mut held = held(case);
            call_back(case, &held);
            case.arm(Door::Callback);
            Gc::make_mut(&mut held);
        }),
        way("the drop of a callback that is not called", Kind::HeldBack, Collections::ByThemselves, |case| {
            let (held, captured) = (held(case), Tally::new(case, Door::ValueDrop));
            let weak = Gc::downgrade_with(&held, move || drop(captured));
            case.arm(Door::ValueDrop);
            drop(weak);
        }),
        unwinding("a callback while the thread panics", |case| unwind(case, Door::Callback, call_back)),
    ]);
}

#[test]
fn whatever_a_closure_of_on_drop_does_the_heap_stays_whole() {
    fn on_drop(case: &Rc<Case>, thing: &Gc<Thing>) {
        let called = case.clone();
        Gc::on_drop(thing, move || called.pass(Door::OnDrop, None));
    }
    all_acts(&[
        by_count("on_drop at count zero", |case| let_go(case, Door::OnDrop, on_drop)),
        in_collection("on_drop in a collection", |case| collect_it(case, Door::OnDrop, on_drop, collect)),
        in_collection("on_drop in an automatic collection", |case| {
            collect_it(case, Door::OnDrop, on_drop, collect_automatically);
        }),
        direct("on_drop, run by hand", |case| {
            let (held, called) = (held(case), case.clone());
            let finalizer = Gc::on_drop(&held, move || called.pass(Door::OnDrop, None));
            case.arm(Door::OnDrop);
            finalizer.run();
        }),
        by_count("the result of on_drop", |case| {
            let (held, result) = (held(case), Tally::new(case, Door::ValueDrop));
            Gc::on_drop(&held, move || result);
            case.arm(Door::ValueDrop);
            drop(held);
        }),
        direct("the drop of a closure that is detached", |case| {
            let (held, captured) = (held(case), Tally::new(case, Door::ValueDrop));
            let finalizer = Gc::on_drop(&held, move || drop(captured));
            case.arm(Door::ValueDrop);
            finalizer.detach();
        }),
        unwinding("on_drop while the thread panics", |case| unwind(case, Door::OnDrop, on_drop)),
    ]);
}
