//! The cases of CPython's `FinalizeTestCase` that have a meaning here. Those about arguments have none, nor has `peek`.

use std::cell::RefCell;
use std::rc::Rc;

use gc_core::Gc;
use gc_tests::{log, take_log};

use crate::exit::events_of_thread;
use crate::note;

#[test]
fn test_finalize() {
    let a = Gc::new(());
    let res = Rc::new(RefCell::new(Vec::new()));
    let add = |x: i32, y: i32, z: i32| {
        let res = res.clone();
        move || {
            res.borrow_mut().push(x + y + z);
            x + y + z
        }
    };

    let f = Gc::on_drop(&a, add(67, 43, 89));
    assert!(f.is_alive());
    assert_eq!((f.run(), f.run(), f.run()), (Some(199), None, None));
    assert!(!f.detach() && !f.is_alive());
    assert_eq!(res.take(), [199]);

    let f = Gc::on_drop(&a, add(67, 43, 89));
    assert!(f.detach());
    assert_eq!((f.run(), f.run()), (None, None));
    assert!(!f.detach() && !f.is_alive());
    assert_eq!(res.take(), [0; 0]);

    let f = Gc::on_drop(&a, add(67, 43, 89));
    drop(a);
    assert_eq!((f.run(), f.run()), (None, None));
    assert!(!f.detach() && !f.is_alive());
    assert_eq!(res.take(), [199]);
}

#[test]
fn test_order() {
    let a = Gc::new(());
    let [f1, f2, f3, f4, f5] = ["f1", "f2", "f3", "f4", "f5"].map(|event| note(&a, event));
    drop((f1, f4));
    assert!(f2.is_alive() && f3.is_alive() && f5.is_alive());

    assert!(f5.detach());
    assert!(!f5.is_alive());

    f5.run();
    log("A");
    f3.run();
    assert!(!f3.is_alive());
    log("B");
    f3.run();
    log("C");
    drop(a);
    assert!(!f2.is_alive());
    log("D");
    f2.run();
    assert_eq!(take_log(), ["A", "f3", "B", "C", "f4", "f2", "f1", "D"]);
}

#[test]
fn test_all_freed() {
    let a = Gc::new(());
    let captured = Rc::new(123);
    let weak = Rc::downgrade(&captured);
    let f = Gc::on_drop(&a, move || log(captured.to_string()));
    drop(f);
    assert!(weak.upgrade().is_some());
    drop(a);
    assert!(weak.upgrade().is_none());
    assert_eq!(take_log(), ["123"]);
}

#[test]
fn test_atexit() {
    let events = events_of_thread(|events| {
        // It is alive when the thread ends: its first closure keeps it.
        let cls = Gc::new(());
        let (kept, [one, two, three, three_more, four]) = (cls.clone(), [(); 5].map(|()| events.clone()));
        let f1 = Gc::on_drop(&cls, move || {
            one.note("f1");
            drop(kept);
        });
        let f2 = Gc::on_drop(&cls, move || two.note("f2"));
        let again = cls.clone();
        let f3 = Gc::on_drop(&cls, move || {
            let _g1 = Gc::on_drop(&again, move || three_more.note("g1"));
            three.note("f3 error");
            panic!("on purpose");
        });
        let f4 = Gc::on_drop(&cls, move || four.note("f4"));
        assert!(f1.at_exit());
        f2.set_at_exit(false);
        assert!(!f2.at_exit() && f3.at_exit() && f4.at_exit());
    });
    // There the class is never freed, and f2 not called; here it is, when f1 gives it up.
    assert_eq!(events, ["f4", "f3 error", "g1", "f1", "f2"]);
}
