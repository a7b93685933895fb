//! CPython 3.11's `test_weakref.py`: its tests of `ref`, one here for each that means something for this heap, by the
//! same name and in the same order.
//!
//! Left out:
//! - `test_repr_failure_gh99184`, `test_constructor_kwargs`, `test_init`, `test_set_callback_attribute`: attributes and arguments
//!   of Python.
//! - `test_cfunction`: functions are no boxes.
//! - all with `proxy` in the name, `test_newstyle_number_ops`: no proxies.
//! - `test_ref_reuse`, `test_shared_ref_without_callback`: `Weak`s are values; there is nothing to share.
//! - `test_getweakrefs`: a box does not list its `Weak`s.
//! - `test_classes`: types are no boxes.
//! - `test_equality`, `test_ordering`, `test_hashing`: `Weak`, as `rc::Weak`, has none of these.
//! - `test_callback_attribute`, `test_callback_attribute_after_deletion`: a callback cannot be asked for.
//! - `SubclassableWeakrefTestCase` but for `test_subclass_refs_with_cycle`: `Weak` has no subclasses.
//! - `WeakMethodTestCase`: methods are no boxes.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::gc::{self, Thresholds};
use gc_core::{Closure, Finalize, Gc, Trace, TracedFn, Weak, coerce};
use gc_tests::{Node, link, log, node, ring, take_log};

fn watch<T: ?Sized>(target: &Gc<T>) -> Weak<T> {
    Gc::downgrade_with(target, || log("called"))
}

fn closure() -> Gc<dyn TracedFn<()>> {
    coerce!(Gc::new(Closure::new(node(), |_: &Gc<Node>, (): ()| ())) => dyn TracedFn<()>)
}

/// An object whose weak pointer may watch another, and that keeps another.
#[derive(Trace, Default)]
struct Watcher {
    me: RefCell<Option<Gc<Watcher>>>,
    keeps: RefCell<Option<Gc<Node>>>,
    watches: RefCell<Weak<Node>>,
}

// Claim: a weak pointer to a live object leads to it, and can be shown, dead or alive.
#[test]
fn test_basic_ref() {
    fn check<T: ?Sized>(object: Gc<T>) {
        let weak = Gc::downgrade(&object);
        assert!(Gc::ptr_eq(&weak.upgrade().expect("alive"), &object));
        assert_eq!(format!("{weak:?}"), "(Weak)");
        drop(object);
        assert!(weak.upgrade().is_none());
        assert_eq!(format!("{weak:?}"), "(Weak)");
    }
    check(node());
    check(closure());
    check(Gc::new(1));
}

// Claim: the callback runs once, when the object dies, and the weak pointer is dead then.
#[test]
fn test_basic_callback() {
    fn check<T: ?Sized>(object: Gc<T>) {
        let weak = watch(&object);
        assert_eq!(take_log(), [""; 0]);
        drop(object);
        assert_eq!(take_log(), ["called"]);
        assert!(weak.upgrade().is_none());
    }
    check(node());
    check(closure());
    check(Gc::new(1));
}

// Claim: each weak pointer calls back.
#[test]
fn test_multiple_callbacks() {
    let object = node();
    let all = [watch(&object), watch(&object)];
    drop(object);
    assert!(all.iter().all(|weak| weak.upgrade().is_none()));
    assert_eq!(take_log(), ["called", "called"]);
}

// Claim: all weak pointers are dead before the first callback, which comes from the newest.
#[test]
fn test_multiple_selfref_callbacks() {
    let object = node();
    let first: Rc<RefCell<Weak<Node>>> = Rc::default();
    let callback = |name: &'static str| {
        let first = first.clone();
        move || log(format!("{name}: {}", first.borrow().upgrade().is_some()))
    };
    *first.borrow_mut() = Gc::downgrade_with(&object, callback("first"));
    let _second = Gc::downgrade_with(&object, callback("second"));
    drop(object);
    assert_eq!(take_log(), ["second: false", "first: false"]);
    first.take();
}

// Claim: weak pointers are counted as they come and go.
#[test]
fn test_getweakrefcount() {
    let object = node();
    let weak = Gc::downgrade(&object);
    let calling = watch(&object);
    assert_eq!(Gc::weak_count(&object), 2);
    drop((weak, calling));
    assert_eq!(Gc::weak_count(&object), 0);
    assert_eq!(take_log(), [""; 0]);
}

// Claim: a callback runs in the middle of an unwinding panic, which goes on afterwards.
#[test]
fn test_callbacks_protected() {
    let watching: Rc<RefCell<Vec<Weak<Node>>>> = Rc::default();
    for _ in 0..2 {
        let message = catch_unwind(AssertUnwindSafe(|| {
            let object = node();
            let remove = {
                let watching = watching.clone();
                move || drop(watching.take())
            };
            let weak = Gc::downgrade_with(&object, remove);
            watching.borrow_mut().push(weak);
            std::panic::panic_any("bogus");
        }));
        assert_eq!(message.expect_err("it goes on").downcast_ref(), Some(&"bogus"));
        assert!(watching.borrow().is_empty());
    }
}

// Claim: a callback may collect while its object, or the owner of its object, is going.
#[test]
fn test_sf_bug_840829() {
    let collect = || log(format!("collected {}", gc::collect()));
    let object = node();
    let weak = Gc::downgrade_with(&object, collect);
    drop(object);
    drop(weak);

    let (inner, outer, last) = (node(), node(), node());
    let _weak = Gc::downgrade_with(&inner, collect);
    link(&outer, &inner);
    link(&last, &outer);
    drop((inner, outer));
    drop(last);
    assert_eq!((take_log(), gc::stats().live_objects), (vec!["collected 0".to_owned(); 2], 0));
}

// Claim: a cycle in which an object watches another that it keeps is collected without a callback.
#[test]
fn test_callback_in_cycle() {
    let target = ring(1);
    let watcher = Gc::new(Watcher::default());
    *watcher.me.borrow_mut() = Some(watcher.clone());
    *watcher.keeps.borrow_mut() = Some(target.clone());
    *watcher.watches.borrow_mut() = watch(&target);
    drop((target, watcher));
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
    assert_eq!(take_log(), [""; 0]);
}

// Claim: nor is there one if the target does not lead back to the watcher.
#[test]
fn test_callback_reachable_one_way() {
    let target = node();
    let watcher = Gc::new(Watcher::default());
    *watcher.me.borrow_mut() = Some(watcher.clone());
    *watcher.keeps.borrow_mut() = Some(target.clone());
    *watcher.watches.borrow_mut() = watch(&target);
    drop((target, watcher));
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
    assert_eq!(take_log(), [""; 0]);
}

// Claim: nor if the two are of different types.
#[test]
fn test_callback_different_classes() {
    #[derive(Trace, Default)]
    struct D(RefCell<Option<Gc<C>>>);
    #[derive(Trace, Default)]
    struct C {
        me: RefCell<Option<Gc<C>>>,
        keeps: RefCell<Option<Gc<D>>>,
        watches: RefCell<Weak<D>>,
    }

    let (target, watcher) = (Gc::new(D::default()), Gc::new(C::default()));
    *watcher.me.borrow_mut() = Some(watcher.clone());
    *watcher.keeps.borrow_mut() = Some(target.clone());
    *watcher.watches.borrow_mut() = watch(&target);
    drop((target, watcher));
    gc::collect();
    assert_eq!((take_log(), gc::stats().live_objects), (vec![], 0));
}

// Claim: callbacks inside of garbage do not run, and save nothing; one from outside does.
#[test]
fn test_callback_in_cycle_resurrection() {
    thread_local!(static SAVED: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) });

    let pair = ring(2);
    let other = pair.edges.borrow()[0].clone();
    let save = |it: &Gc<Node>| {
        let weak = Gc::downgrade(it);
        move || SAVED.with_borrow_mut(|saved| saved.extend(weak.upgrade()))
    };
    *pair.back.borrow_mut() = Gc::downgrade_with(&other, save(&pair));
    *other.back.borrow_mut() = Gc::downgrade_with(&pair, save(&other));
    let outside = Gc::downgrade_with(&pair, || log("went away"));
    drop((pair, other));
    assert_eq!(take_log(), [""; 0]);
    assert_eq!(gc::collect(), 2);
    assert_eq!((take_log(), SAVED.take().len()), (vec!["went away".to_owned()], 0));
    assert!(outside.upgrade().is_none());
    assert_eq!((gc::collect(), take_log()), (0, vec![]));
}

// Claim: weak pointers to what a callback is made of call back if they are outside of the garbage, and only then.
#[test]
fn test_callbacks_on_callback() {
    #[derive(Trace, Default)]
    struct C {
        other: RefCell<Option<Gc<C>>>,
        callback: RefCell<Option<Gc<dyn TracedFn<()>>>>,
        watches_other: RefCell<Weak<C>>,
        watches_callback: RefCell<Option<Weak<dyn TracedFn<()>>>>,
    }

    let unsafe_callback = || log("cb called");
    let (c, d) = (Gc::new(C::default()), Gc::new(C::default()));
    *c.other.borrow_mut() = Some(d.clone());
    *d.other.borrow_mut() = Some(c.clone());
    let bound = Closure::new(c.clone(), |_: &Gc<C>, (): ()| log("cb called"));
    let callback = coerce!(Gc::new(bound) => dyn TracedFn<()>);
    *c.callback.borrow_mut() = Some(callback.clone());
    *c.watches_other.borrow_mut() = Gc::downgrade_with(&d, unsafe_callback);
    *d.watches_callback.borrow_mut() = Some(Gc::downgrade_with(&callback, unsafe_callback));
    let external = Gc::downgrade_with(&callback, || log("safe_callback called"));
    assert!(Gc::ptr_eq(&external.upgrade().expect("alive"), &callback));
    drop((callback, c, d));
    assert_eq!(take_log(), [""; 0]);
    gc::collect();
    assert_eq!(take_log(), ["safe_callback called"]);
    assert!(external.upgrade().is_none());
    gc::collect();
    assert_eq!(take_log(), [""; 0]);
}

// Claim: garbage that watches an object may be collected while another weak pointer to that object is made.
#[test]
fn test_gc_during_ref_creation() {
    gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
    let referenced = node();
    let watcher = Gc::new(Watcher::default());
    *watcher.me.borrow_mut() = Some(watcher.clone());
    *watcher.watches.borrow_mut() = watch(&referenced);
    drop(watcher);
    let mut weak = Vec::new();
    for _ in 0..4 {
        let collects = node();
        weak.push(watch(&referenced));
        drop(collects.clone());
        weak.push(watch(&collects));
    }
    gc::collect();
    assert_eq!((gc::stats().live_objects, Gc::weak_count(&referenced)), (1, 4));
    assert_eq!(take_log(), ["called"; 4]);
}

// Claim: a weak pointer made by the finalizer of a dying object is dead afterwards.
#[test]
fn test_ref_created_during_del() {
    thread_local!(static FROM_DEL: RefCell<Weak<Target>> = const { RefCell::new(Weak::new()) });
    #[derive(Trace)]
    #[trace(finalize)]
    struct Target(Weak<Target>);
    impl Finalize for Target {
        fn finalize(&self) {
            let me = self.0.upgrade().expect("alive");
            FROM_DEL.set(Gc::downgrade_with(&me, || log("called")));
        }
    }

    drop(Gc::new_cyclic(|me| Target(me.clone())));
    assert_eq!(take_log(), ["called"]);
    assert!(FROM_DEL.take().upgrade().is_none());
}

// Claim: a callback in a long chain of deaths sees no object whose count is zero.
#[test]
fn test_trashcan_16602() {
    #[derive(Trace)]
    struct Link {
        next: Option<Gc<Link>>,
        number: usize,
        watches: RefCell<Weak<Link>>,
    }
    thread_local!(static SEEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) });

    let mut head: Option<Gc<Link>> = None;
    for number in 0..200 {
        let child = head.take();
        let parent = Gc::new(Link { next: child.clone(), number, watches: RefCell::default() });
        if let Some(child) = child {
            let me = Gc::downgrade(&child);
            let callback = move || {
                if let Some(child) = me.upgrade() {
                    assert!(Gc::strong_count(&child) >= 1);
                    SEEN.with_borrow_mut(|seen| seen.push(child.number));
                }
            };
            *child.watches.borrow_mut() = Gc::downgrade_with(&parent, callback);
        }
        head = Some(parent);
    }
    drop(head);
    assert_eq!(gc::stats().live_objects, 0);
    // Each of them was alive when its parent died, or had been put off, and so was dead.
    SEEN.with_borrow(|seen| assert!(seen.len() > 40 && seen.is_sorted_by(|a, b| a > b), "{seen:?}"));
}

// Claim: a callback may collect when its object had a finalizer.
#[test]
fn test_callback_gcs() {
    let object = node();
    let _weak = Gc::downgrade_with(&object, || log(format!("collected {}", gc::collect())));
    drop(ring(2));
    drop(object);
    assert_eq!(take_log(), ["collected 2"]);
}

// Claim: a weak pointer that owns its own target, by way of what it is kept with, is dropped without a callback.
#[test]
fn test_subclass_refs_with_cycle() {
    struct MyRef {
        #[expect(dead_code, reason = "dropped")]
        weak: Weak<Node>,
        #[expect(dead_code, reason = "dropped")]
        object: Option<Gc<Node>>,
        #[expect(dead_code, reason = "dropped")]
        other: Option<Box<MyRef>>,
    }

    let called = Rc::new(Cell::new(0));
    let watch = |object: &Gc<Node>| {
        let called = called.clone();
        Gc::downgrade_with(object, move || called.set(called.get() + 1))
    };
    let object = node();
    drop(MyRef { weak: watch(&object), object: Some(object), other: None });
    assert_eq!(called.get(), 0);

    let object = node();
    let first = watch(&object);
    let second = MyRef { weak: watch(&object), object: Some(object), other: None };
    drop(MyRef { weak: first, object: None, other: Some(Box::new(second)) });
    assert_eq!((called.get(), gc::stats().live_objects), (0, 0));
}
