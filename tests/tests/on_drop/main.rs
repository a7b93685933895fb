//! `Gc::on_drop`: closures that run when an object dies.

mod cpython;
mod exit;
mod panics;
mod reentry;
mod targets;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use gc_core::{Finalize, Finalizer, Gc, Leaf, Trace, Weak, gc};
use gc_tests::{Node, dropped, link, log, node, ring, take_log};

/// Logs `event` when `gc` dies.
fn note<T: ?Sized>(gc: &Gc<T>, event: &'static str) -> Finalizer<()> {
    Gc::on_drop(gc, move || log(event))
}

#[test]
fn the_closure_runs_once_when_the_count_reaches_zero() {
    let held = node();
    let finalizer = note(&held, "died");
    drop(held.clone());
    assert!(finalizer.is_alive() && take_log().is_empty());
    drop(held);
    assert!(!finalizer.is_alive());
    assert_eq!(take_log(), ["died"]);
    drop(finalizer);
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn the_closure_runs_once_when_a_ring_is_collected() {
    let held = ring(3);
    let finalizer = note(&held, "died");
    drop(held);
    assert!(finalizer.is_alive() && take_log().is_empty());
    assert_eq!(gc::collect(), 3);
    assert!(!finalizer.is_alive());
    assert_eq!((gc::collect(), take_log()), (0, vec!["died".into()]));
}

#[test]
fn the_heap_keeps_the_closure_of_a_dropped_handle() {
    let (held, member) = (node(), ring(2));
    drop(note(&held, "by count"));
    note(&member, "by collection");
    drop(held);
    drop(member);
    gc::collect();
    assert_eq!(take_log(), ["by count", "by collection"]);
}

#[test]
fn closures_and_callbacks_of_an_object_run_newest_first() {
    for cyclic in [false, true] {
        let held = if cyclic { ring(1) } else { node() };
        note(&held, "1");
        let _two = Gc::downgrade_with(&held, || log("2"));
        let _three = note(&held, "3");
        let _four = Gc::downgrade_with(&held, || log("4"));
        note(&held, "5");
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["5", "4", "3", "2", "1"]);
    }
}

#[test]
fn weak_pointers_of_the_whole_garbage_are_dead_when_closures_run() {
    let held = ring(3);
    let other = held.edges.borrow()[0].clone();
    let weak = [Gc::downgrade(&held), Gc::downgrade(&other)];
    for gc in [&held, &other] {
        let weak = weak.clone();
        Gc::on_drop(gc, move || {
            assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
            log("dead");
        });
    }
    drop((held, other));
    assert_eq!(gc::collect(), 3);
    assert_eq!(take_log(), ["dead", "dead"]);
}

#[test]
fn the_closure_runs_after_the_finalizer_and_before_the_drop() {
    struct Noisy;
    impl Drop for Noisy {
        fn drop(&mut self) {
            log("drop");
        }
    }
    #[derive(Trace)]
    #[trace(finalize)]
    struct Noted(RefCell<Option<Gc<Noted>>>, Leaf<Noisy>);
    impl Finalize for Noted {
        fn finalize(&self) {
            log("finalize");
        }
    }
    for cyclic in [false, true] {
        let held = Gc::new(Noted(RefCell::new(None), Leaf(Noisy)));
        if cyclic {
            *held.0.borrow_mut() = Some(held.clone());
        }
        note(&held, "closure");
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["finalize", "closure", "drop"]);
    }
}

#[test]
fn a_result_is_dropped_at_death() {
    struct Noisy;
    impl Drop for Noisy {
        fn drop(&mut self) {
            log("result");
        }
    }
    let held = node();
    let finalizer = Gc::on_drop(&held, || Noisy);
    drop(held);
    assert_eq!(take_log(), ["result"]);
    assert!(finalizer.run().is_none());
}

#[test]
fn a_closure_that_was_run_is_not_run_by_death() {
    let held = node();
    let finalizer = Gc::on_drop(&held, || {
        log("run");
        7
    });
    assert_eq!((finalizer.run(), finalizer.run()), (Some(7), None));
    assert!(!finalizer.is_alive() && !finalizer.at_exit());
    drop(held);
    assert_eq!(take_log(), ["run"]);
}

#[test]
fn a_detached_closure_is_dropped_and_never_run() {
    let (held, captured) = (node(), Rc::new(()));
    let kept = captured.clone();
    let finalizer = Gc::on_drop(&held, move || drop(kept));
    assert!(finalizer.detach() && !finalizer.detach());
    assert_eq!(Rc::strong_count(&captured), 1);
    assert!(!finalizer.is_alive() && !finalizer.at_exit() && finalizer.run().is_none());
    note(&held, "older").detach();
    note(&held, "newer");
    drop(held);
    assert_eq!(take_log(), ["newer"]);
}

#[test]
fn what_ran_at_death_can_be_neither_run_nor_detached() {
    let held = node();
    let finalizer = note(&held, "died");
    drop(held);
    assert!(finalizer.run().is_none() && !finalizer.detach() && !finalizer.at_exit());
    finalizer.set_at_exit(true);
    assert!(!finalizer.at_exit());
    assert_eq!(take_log(), ["died"]);
}

#[test]
fn a_pending_closure_counts_as_a_weak_pointer() {
    let mut held = Gc::new(1);
    let finalizers = [Gc::on_drop(&held, || ()), Gc::on_drop(&held, || ())];
    assert_eq!(Gc::weak_count(&held), 2);
    assert!(Gc::get_mut(&mut held).is_none());
    finalizers[0].run();
    finalizers[1].detach();
    assert_eq!(Gc::weak_count(&held), 0);
    assert!(Gc::get_mut(&mut held).is_some());
}

#[test]
fn no_memory_of_the_object_outlives_it() {
    let held = Gc::new([0_u8; 1000]);
    let finalizer = Gc::on_drop(&held, || ());
    drop(held);
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
    assert!(!finalizer.is_alive());
}

#[test]
fn a_value_that_is_moved_out_dies_for_its_closures() {
    let held = node();
    note(&held, "try_unwrap");
    drop(Gc::try_unwrap(held).ok().expect("unique"));

    let held = node();
    note(&held, "into_inner");
    drop(Gc::into_inner(held).expect("unique"));

    let mut held = Gc::new(String::from("x"));
    note(&held, "make_mut");
    Gc::make_mut(&mut held).push('y');
    assert_eq!(take_log(), ["try_unwrap", "into_inner", "make_mut"]);

    assert_eq!(*held, "xy");
    note(&held, "moved");
    drop(held);
    assert_eq!(take_log(), ["moved"]);
}

#[test]
fn a_shared_value_that_make_mut_clones_keeps_its_closures() {
    let mut held = Gc::new(1);
    let other = held.clone();
    note(&held, "died");
    *Gc::make_mut(&mut held) += 1;
    drop(held);
    assert_eq!(take_log(), [""; 0]);
    drop(other);
    assert_eq!(take_log(), ["died"]);
}

#[test]
fn a_resurrected_object_keeps_its_closure() {
    thread_local!(static SAVED: Cell<Option<Gc<Phoenix>>> = const { Cell::new(None) });

    #[derive(Trace)]
    #[trace(finalize)]
    struct Phoenix(RefCell<Weak<Phoenix>>, RefCell<Option<Gc<Phoenix>>>);
    impl Finalize for Phoenix {
        fn finalize(&self) {
            SAVED.set(self.0.borrow().upgrade());
        }
    }
    for cyclic in [false, true] {
        let held = Gc::new_cyclic(|me: &Weak<Phoenix>| Phoenix(me.clone().into(), None.into()));
        if cyclic {
            *held.1.borrow_mut() = Some(held.clone());
        }
        let finalizer = note(&held, "died");
        drop(held);
        assert_eq!(gc::collect(), 0);
        let saved = SAVED.take().expect("resurrected");
        assert!(finalizer.is_alive() && finalizer.at_exit() && take_log().is_empty());
        drop(saved);
        gc::collect();
        assert_eq!(take_log(), ["died"]);
    }
}

#[test]
fn a_closure_that_a_finalizer_registers_runs_in_the_same_death() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Registers(RefCell<Weak<Registers>>, RefCell<Option<Gc<Registers>>>);
    impl Finalize for Registers {
        fn finalize(&self) {
            note(&self.0.borrow().upgrade().expect("still alive"), "died");
        }
    }
    for cyclic in [false, true] {
        let held = Gc::new_cyclic(|me: &Weak<Registers>| Registers(me.clone().into(), None.into()));
        if cyclic {
            *held.1.borrow_mut() = Some(held.clone());
        }
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["died"]);
        assert_eq!(gc::stats().live_objects, 0);
    }
}

#[test]
fn what_the_closure_captures_counts_as_held_from_outside() {
    let (held, captured) = (node(), ring(2));
    let weak = Gc::downgrade(&captured);
    Gc::on_drop(&held, move || assert_eq!(captured.edges.borrow().len(), 1));
    assert_eq!(gc::collect(), 0);
    drop(held);
    assert!(weak.upgrade().is_some());
    assert_eq!(gc::collect(), 2);
}

#[test]
fn an_object_that_its_closure_captures_lives_until_that_is_gone() {
    let held = ring(2);
    let (weak, own) = (Gc::downgrade(&held), held.clone());
    let finalizer = Gc::on_drop(&held, move || drop(own));
    drop(held);
    assert_eq!(gc::collect(), 0);
    assert!(weak.upgrade().is_some());
    assert!(finalizer.detach());
    assert_eq!(gc::collect(), 2);
}

#[test]
fn an_object_may_own_its_finalizer() {
    #[derive(Trace, Default)]
    struct Folder {
        next: RefCell<Option<Gc<Folder>>>,
        removal: OnceCell<Finalizer<()>>,
    }
    for cyclic in [false, true] {
        let held = Gc::new(Folder::default());
        held.removal.set(note(&held, "removed")).expect("the first");
        if cyclic {
            *held.next.borrow_mut() = Some(held.clone());
        }
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["removed"]);
    }
    assert!(!Gc::is_tracked(&Gc::new(OnceCell::<Finalizer<Gc<Node>>>::new())));
}

#[test]
fn an_object_may_run_its_closure_as_it_is_finalized_or_dropped() {
    #[derive(Trace, Default)]
    #[trace(finalize)]
    struct Folder {
        next: RefCell<Option<Gc<Folder>>>,
        in_finalizer: OnceCell<Finalizer<()>>,
        in_drop: Leaf<RunsIt>,
    }
    impl Finalize for Folder {
        fn finalize(&self) {
            self.in_finalizer.get().expect("filled").run();
        }
    }
    #[derive(Default)]
    struct RunsIt(OnceCell<Finalizer<()>>);
    impl Drop for RunsIt {
        fn drop(&mut self) {
            assert_eq!(self.0.get().expect("filled").run(), None);
            log("drop");
        }
    }
    for cyclic in [false, true] {
        let held = Gc::new(Folder::default());
        held.in_drop.0.0.set(note(&held, "closure")).expect("the first");
        held.in_finalizer.set(note(&held, "finalizer")).expect("the first");
        if cyclic {
            *held.next.borrow_mut() = Some(held.clone());
        }
        drop(held);
        gc::collect();
        assert_eq!(take_log(), ["finalizer", "closure", "drop"]);
        assert_eq!(gc::stats().live_objects, 0);
    }
}

#[test]
fn a_finalizer_shows_its_state() {
    let held = node();
    let finalizer = note(&held, "died");
    assert_eq!(format!("{finalizer:?}"), "Finalizer { alive: true, at_exit: true }");
    finalizer.detach();
    assert_eq!(format!("{finalizer:?}"), "Finalizer { alive: false, at_exit: false }");
}

#[test]
fn a_hundred_thousand_closures_of_one_object_run_newest_first() {
    let held = node();
    let runs = Rc::new(Cell::new(0));
    let finalizers: Vec<_> = (0..100_000)
        .map(|number| {
            let runs = runs.clone();
            Gc::on_drop(&held, move || assert_eq!(runs.replace(runs.get() + 1), 99_999 - number))
        })
        .collect();
    drop(held);
    assert_eq!(runs.get(), 100_000);
    assert!(finalizers.iter().all(|finalizer| !finalizer.is_alive()));
}

#[test]
fn a_hundred_thousand_objects_have_a_closure_each() {
    let runs = Rc::new(Cell::new(0));
    let watched = |gc: Gc<Node>| {
        let runs = runs.clone();
        Gc::on_drop(&gc, move || runs.set(runs.get() + 1));
        gc
    };
    let all: Vec<_> = (0..50_000).flat_map(|_| [watched(node()), watched(ring(1))]).collect();
    drop(all);
    gc::collect();
    assert_eq!((runs.get(), dropped()), (100_000, 100_000));
}

#[test]
fn a_hundred_thousand_objects_that_closures_keep_in_a_row_need_no_stack() {
    let mut head = node();
    for _ in 0..100_000 {
        let before = node();
        Gc::on_drop(&before, move || head);
        head = before;
    }
    drop(head);
    assert_eq!((dropped(), gc::stats().live_objects), (100_001, 0));
}

#[test]
fn a_closure_is_not_lost_when_the_death_of_its_object_is_put_off() {
    let target = node();
    let finalizer = note(&target, "died");
    let mut deep = node();
    link(&deep, &target);
    drop(target);
    for _ in 0..200 {
        let next = node();
        next.edges.borrow_mut().push(deep);
        deep = next;
    }
    drop(deep);
    assert!(!finalizer.is_alive());
    assert_eq!(take_log(), ["died"]);
}
