//! Collections that show what they do, and save what they find.

use std::cell::{Cell, RefCell};
use std::env;
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;

use gc_core::gc::{self, DebugFlags, Generation};
use gc_core::{Gc, Leaf, Trace};
use gc_tests::{Node, dropped, finalized, ring};

#[derive(Trace, Default)]
struct List(RefCell<Vec<Gc<List>>>);

#[test]
fn flags_are_off_until_they_are_set_and_each_thread_has_its_own() {
    assert_eq!((gc::debug(), DebugFlags::default()), (DebugFlags::NONE, DebugFlags::NONE));
    let all = DebugFlags::STATS | DebugFlags::COLLECTABLE | DebugFlags::SAVE_ALL;
    gc::set_debug(all);
    assert_eq!(gc::debug(), all);
    assert_eq!(std::thread::spawn(gc::debug).join().unwrap(), DebugFlags::NONE);
    let mut less = all - DebugFlags::SAVE_ALL;
    assert!(!less.contains(DebugFlags::SAVE_ALL) && less.contains(DebugFlags::NONE));
    less |= DebugFlags::SAVE_ALL;
    assert_eq!((less, format!("{:?}", DebugFlags::NONE)), (all, "NONE".to_owned()));
    gc::set_debug(DebugFlags::NONE);
}

/// CPython's `test_gc.GCTests.test_saveall`.
#[test]
fn garbage_is_saved_and_can_be_taken() {
    gc::collect();
    assert_eq!(gc::garbage_len(), 0);
    let list = Gc::<List>::default();
    list.0.borrow_mut().push(list.clone());
    let place = Gc::as_ptr(&list);

    let debug = gc::debug();
    gc::set_debug(debug | DebugFlags::SAVE_ALL);
    drop(list);
    gc::collect();
    gc::set_debug(debug);

    assert_eq!(gc::garbage_len(), 1);
    let list = gc::take_garbage().pop().unwrap().downcast::<List>().unwrap();
    assert_eq!((Gc::as_ptr(&list), gc::garbage_len()), (place, 0));
    list.0.borrow_mut().clear();
}

#[test]
fn saved_garbage_is_alive_and_unfinalized_until_it_is_let_go() {
    let called = Rc::new(Cell::new(0));
    let first = ring(3);
    let (weak, count) = (Gc::downgrade(&first), called.clone());
    let observer = Gc::downgrade_with(&first, move || count.set(count.get() + 1));
    gc::set_debug(DebugFlags::SAVE_ALL);
    drop(first);
    let report = gc::collect_generation(Generation::Old);
    assert_eq!((report.unreachable, report.collected, report.resurrected), (3, 0, 0));
    assert_eq!((gc::garbage_len(), gc::stats().live_objects, finalized(), dropped()), (3, 3, 0, 0));
    assert_eq!((called.get(), gc::collect(), gc::garbage_len()), (0, 0, 3), "it is not found twice");
    let upgraded = weak.upgrade().expect("it is alive");
    assert_eq!(Gc::strong_count(&upgraded), 3);
    drop(upgraded);

    let garbage = gc::take_garbage();
    assert!(garbage.iter().all(|saved| saved.clone().downcast::<Node>().is_ok()));
    drop(garbage);
    assert_eq!((gc::collect(), gc::garbage_len()), (0, 3), "it is garbage again, and saved again");
    gc::set_debug(DebugFlags::NONE);
    drop(gc::take_garbage());
    assert_eq!((gc::collect(), finalized(), dropped(), called.get()), (3, 3, 3, 1));
    assert!(weak.upgrade().is_none() && observer.upgrade().is_none());
}

#[test]
fn automatic_collections_save_too_and_what_dies_by_count_is_not_garbage() {
    gc::set_debug(DebugFlags::SAVE_ALL);
    (0..5000).for_each(|_| drop(ring(2)));
    assert!(gc::garbage_len() > 1000);
    let saved = gc::take_garbage();
    for node in saved {
        node.downcast::<Node>().unwrap().edges.borrow_mut().clear();
    }
    gc::set_debug(DebugFlags::NONE);
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn what_is_saved_when_a_thread_ends_is_reclaimed() {
    #[derive(Trace)]
    struct Me(RefCell<Option<Gc<Me>>>, Leaf<Arc<()>>);

    let witness = Arc::new(());
    let seen = witness.clone();
    let ended = std::thread::spawn(move || {
        let make = || {
            let me = Gc::new(Me(None.into(), Leaf(seen.clone())));
            *me.0.borrow_mut() = Some(me.clone());
        };
        gc::set_debug(DebugFlags::SAVE_ALL);
        make();
        gc::collect();
        make();
        assert_eq!((gc::garbage_len(), Arc::strong_count(&seen)), (1, 4));
    });
    ended.join().unwrap();
    assert_eq!(Arc::strong_count(&witness), 1);
}

#[test]
fn collections_print_what_they_do() {
    const CHILD: &str = "GC_TESTS_DEBUG_CHILD";
    if env::var_os(CHILD).is_some() {
        gc::set_debug(DebugFlags::STATS | DebugFlags::COLLECTABLE);
        drop(ring(2));
        gc::collect();
        gc::set_debug(DebugFlags::NONE);
        drop(ring(2));
        gc::collect();
        return;
    }
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["collections_print_what_they_do", "--exact", "--nocapture"]).env(CHILD, "1");
    let output = child.output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = printed.lines().filter(|line| line.starts_with("gc: ")).collect();
    let [start, first, second, end] = lines[..] else { panic!("{printed}") };
    assert!(start.starts_with("gc: collecting the old generation: counts 2, 0, 0, candidates "), "{start}");
    for line in [first, second] {
        assert!(line.starts_with("gc: collectable <gc_tests::Node at 0x"), "{line}");
    }
    assert!(end.starts_with("gc: done: old collection in "), "{end}");
    assert!(end.contains("unreachable 2") && end.ends_with("collected 2"), "{end}");
}
