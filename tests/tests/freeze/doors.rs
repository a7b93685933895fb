//! `freeze` and `unfreeze` in code that the heap calls, and around boxes without a value.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::gc::{self, Generation};
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, Weak};
use gc_tests::{dropped, link, node, ring};

thread_local! {
    static ACT: Cell<Option<fn(&Door)>> = const { Cell::new(None) };
    static SAVED: RefCell<Vec<Gc<Door>>> = const { RefCell::new(Vec::new()) };
}

/// Acts once, in its finalizer, its `trace` or its destructor.
#[derive(Trace, Default)]
#[trace(finalize)]
struct Door {
    next: RefCell<Option<Gc<Door>>>,
    me: RefCell<Weak<Door>>,
    acts_in_finalizer: bool,
    traced: ActsInTrace,
    value: Leaf<ActsInDrop>,
}

#[derive(Default)]
struct ActsInTrace(bool);

// SAFETY: there is no edge to report.
unsafe impl Trace for ActsInTrace {
    fn trace(&self, _: &mut Tracer<'_>) {
        if self.0 {
            gc::freeze();
        }
    }
}

#[derive(Default)]
struct ActsInDrop(Option<fn()>);

impl Drop for ActsInDrop {
    fn drop(&mut self) {
        if let Some(act) = self.0 {
            act();
        }
    }
}

impl Finalize for Door {
    fn finalize(&self) {
        if self.acts_in_finalizer
            && let Some(act) = ACT.take()
        {
            act(self);
        }
    }
}

/// A ring of two, the first of which is `door`.
fn door_ring(door: Door) -> Gc<Door> {
    let (one, two) = (Gc::new(door), Gc::new(Door::default()));
    *one.next.borrow_mut() = Some(two.clone());
    *one.me.borrow_mut() = Gc::downgrade(&one);
    *two.next.borrow_mut() = Some(one.clone());
    one
}

fn in_finalizer(act: fn(&Door)) -> Gc<Door> {
    ACT.set(Some(act));
    door_ring(Door { acts_in_finalizer: true, ..Door::default() })
}

/// The heap is as one on which nothing was ever frozen.
fn assert_thawed_and_empty() {
    gc::unfreeze();
    gc::collect();
    assert_eq!((gc::frozen_len(), gc::stats().live_objects, gc::stats().candidates), (0, 0, 0));
    drop(ring(3));
    assert_eq!(gc::collect(), 3);
}

#[test]
fn freezing_in_a_finalizer_of_garbage_lets_the_collection_go_on() {
    let held = ring(3);
    drop(held.clone());
    drop(in_finalizer(|_| gc::freeze()));
    assert_eq!((gc::collect(), gc::frozen_len()), (2, 3));
    drop(held);
    assert_eq!(gc::collect(), 0);
    assert_thawed_and_empty();
}

#[test]
fn what_a_finalizer_freezes_and_saves_is_frozen() {
    drop(in_finalizer(|it| {
        gc::freeze();
        SAVED.with_borrow_mut(|saved| saved.extend(it.me.borrow().upgrade()));
    }));
    assert_eq!((gc::collect(), gc::frozen_len()), (0, 2));
    SAVED.take();
    assert_eq!((gc::collect(), gc::collect_generation(Generation::Old).visited), (0, 0));
    assert_thawed_and_empty();
}

#[test]
fn unfreezing_in_a_finalizer_of_garbage_works() {
    let frozen = ring(3);
    gc::freeze();
    drop(frozen);
    drop(in_finalizer(|_| gc::unfreeze()));
    assert_eq!((gc::collect(), gc::frozen_len()), (2, 0));
    assert_eq!(gc::collect(), 3);
    assert_thawed_and_empty();
}

#[test]
fn freezing_in_the_finalizer_of_a_counted_value_works() {
    ACT.set(Some(|_| gc::freeze()));
    let held = ring(2);
    drop(Gc::new(Door { acts_in_finalizer: true, ..Door::default() }));
    assert_eq!(gc::frozen_len(), 2);
    drop(held);
    assert_eq!(gc::collect(), 0);
    assert_thawed_and_empty();
}

#[test]
fn freezing_in_a_destructor_works() {
    let held = ring(2);
    let frozen_while_dying = || assert_eq!((gc::freeze(), gc::frozen_len()).1, gc::stats().live_objects);
    drop(Gc::new(Door { value: Leaf(ActsInDrop(Some(frozen_while_dying))), ..Door::default() }));
    assert_eq!(gc::frozen_len(), 2);
    drop(door_ring(Door { value: Leaf(ActsInDrop(Some(frozen_while_dying))), ..Door::default() }));
    assert_eq!((gc::collect(), gc::frozen_len()), (2, 2));
    drop(held);
    assert_thawed_and_empty();
}

#[test]
fn freezing_in_a_callback_works() {
    let held = ring(2);
    let (counted, collected) = (node(), ring(2));
    let weak = [&counted, &collected].map(|watched| Gc::downgrade_with(watched, gc::freeze));
    drop(counted);
    assert_eq!(gc::frozen_len(), 4);
    drop(collected);
    assert_eq!(gc::collect(), 0);
    gc::unfreeze();
    assert_eq!((gc::collect(), gc::frozen_len()), (2, 2));
    drop((held, weak));
    assert_thawed_and_empty();
}

#[test]
#[cfg_attr(gc_verify, ignore = "counts on the first call of `trace`, which the checks make")]
fn freezing_in_a_trace_lets_the_collection_go_on() {
    for generation in Generation::ALL {
        let held = door_ring(Door { traced: ActsInTrace(true), ..Door::default() });
        drop(held.clone());
        assert_eq!(gc::collect_generation(generation).visited, 2);
        assert_eq!(gc::frozen_len(), 2);
        assert_eq!(gc::collect_generation(Generation::Old).visited, 0);
        drop(held);
        assert_eq!(gc::collect_generation(Generation::Old).visited, 0);
        assert_thawed_and_empty();
    }
    drop(door_ring(Door { traced: ActsInTrace(true), ..Door::default() }));
    assert_eq!((gc::collect(), gc::frozen_len()), (2, 0));
    assert_thawed_and_empty();
}

#[test]
fn the_box_that_an_automatic_collection_comes_before_is_not_frozen_by_it() {
    let filler: Vec<_> = (0..698).map(|_| node()).collect();
    drop(in_finalizer(|_| {
        gc::freeze();
        assert_eq!(gc::frozen_len(), 700);
    }));
    let fresh = node();
    assert_eq!((gc::stats().generations[0].collections, gc::frozen_len()), (1, 698));
    assert_eq!(Gc::generation(&fresh), Generation::Young);
    link(&fresh, &fresh);
    drop(fresh);
    assert_eq!((gc::collect(), gc::frozen_len()), (1, 698));
    drop(filler);
    assert_thawed_and_empty();
}

#[test]
fn a_box_that_is_not_made_because_its_collection_panics_is_not_counted() {
    let filler: Vec<_> = (0..698).map(|_| node()).collect();
    drop(in_finalizer(|_| {
        gc::freeze();
        panic!("on purpose");
    }));
    assert!(catch_unwind(AssertUnwindSafe(node)).is_err());
    assert_eq!((gc::frozen_len(), gc::stats().live_objects, gc::counts()), (698, 698, [0; 3]));
    drop(filler);
    assert_thawed_and_empty();
}

#[test]
fn the_box_that_an_automatic_collection_comes_before_grows_older_as_ever() {
    let _filler: Vec<_> = (0..700).map(|_| node()).collect();
    let last = node();
    assert_eq!((gc::stats().generations[0].collections, Gc::generation(&last)), (1, Generation::Young));
    gc::collect_generation(Generation::Young);
    assert_eq!(Gc::generation(&last), Generation::Middle);
    gc::collect_generation(Generation::Middle);
    assert_eq!(Gc::generation(&last), Generation::Old);
}

#[test]
fn a_box_whose_value_is_being_made_is_frozen_too() {
    let one = Gc::new_cyclic(|me: &Weak<Door>| {
        gc::freeze();
        Door { me: RefCell::new(me.clone()), ..Door::default() }
    });
    assert_eq!((gc::frozen_len(), Gc::generation(&one)), (1, Generation::Old));
    *one.next.borrow_mut() = Some(one.clone());
    drop(one);
    assert_eq!((gc::collect(), gc::frozen_len()), (0, 1));
    assert_thawed_and_empty();
    let made = catch_unwind(|| {
        Gc::new_cyclic(|_: &Weak<Door>| {
            gc::freeze();
            panic!("on purpose")
        })
    });
    assert!(made.is_err());
    assert_thawed_and_empty();
}

#[test]
fn a_box_that_waits_for_its_value_is_frozen_too() {
    let mut empty = Gc::<Door>::new_uninit();
    gc::freeze();
    assert_eq!(gc::frozen_len(), 0);
    Gc::get_mut(&mut empty).expect("the only pointer").write(Door::default());
    // SAFETY: the value is there.
    let one = unsafe { empty.assume_init() };
    assert_eq!((gc::frozen_len(), gc::counts()[0]), (1, 1));
    *one.next.borrow_mut() = Some(one.clone());
    drop(one);
    assert_eq!(gc::collect(), 0);
    assert_thawed_and_empty();
}

#[test]
fn a_box_made_and_filled_after_a_freeze_is_not_frozen() {
    let frozen = node();
    gc::freeze();
    let mut empty = Gc::<Door>::new_uninit();
    Gc::get_mut(&mut empty).expect("the only pointer").write(Door::default());
    // SAFETY: the value is there.
    let one = unsafe { empty.assume_init() };
    assert_eq!(gc::frozen_len(), 1);
    *one.next.borrow_mut() = Some(one.clone());
    drop(one);
    assert_eq!((gc::collect(), dropped()), (1, 0));
    drop(frozen);
    assert_thawed_and_empty();
}
