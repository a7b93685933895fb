//! CPython 3.11's `test_gc.py`, one test here for each of its tests that means something for this heap, by the same
//! name and in the same order.
//!
//! Left out:
//! - `test_class`, `test_newstyleclass`, `test_newinstance`: types are no boxes.
//! - `test_legacy_finalizer`, `test_legacy_finalizer_newclass`, `test_garbage_at_shutdown`, `test_collect_garbage`: nothing is
//!   uncollectable.
//! - `test_frame`: stack frames are no boxes.
//! - `test_del_newclass`, `test_boom_new`, `test_boom2_new`: one kind of class.
//! - `test_boom`, `test_boom2`: whether a type has a finalizer is known without running anything.
//! - `test_gc_ordinary_module_at_shutdown`: no modules.
//! - `test_get_objects_arguments`, `test_ast_fini`: arguments and modules of Python.
//! - `test_saveall`: `set_debug` is not offered.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gc_core::gc::{self, Generation, Thresholds};
use gc_core::{Closure, Finalize, Gc, Leaf, Trace, TracedFn, Tracer, Weak, coerce};
use gc_tests::{Node, chain, finalized, link, log, node, ring, take_log};

thread_local! {
    static SAVED: RefCell<Vec<Gc<Lazarus>>> = const { RefCell::new(Vec::new()) };
}

/// Saves itself, and carries something.
#[derive(Trace)]
#[trace(finalize)]
struct Lazarus {
    me: Weak<Lazarus>,
    ring: RefCell<Option<Gc<Lazarus>>>,
    cargo: RefCell<Option<Gc<Cargo>>>,
}

#[derive(Trace)]
struct Cargo(RefCell<Option<Gc<Lazarus>>>);

impl Finalize for Lazarus {
    fn finalize(&self) {
        log("resurrected");
        SAVED.with_borrow_mut(|saved| saved.extend(self.me.upgrade()));
    }
}

fn lazarus() -> Gc<Lazarus> {
    Gc::new_cyclic(|me| Lazarus { me: me.clone(), ring: RefCell::default(), cargo: RefCell::default() })
}

/// A ring of one `Lazarus`.
fn lazarus_ring() -> Gc<Lazarus> {
    let it = lazarus();
    *it.ring.borrow_mut() = Some(it.clone());
    it
}

// Claim: a list that contains itself is one object.
#[test]
fn test_list() {
    #[derive(Trace)]
    struct List(RefCell<Vec<Gc<List>>>);

    let list = Gc::new(List(RefCell::default()));
    list.0.borrow_mut().push(list.clone());
    gc::collect();
    drop(list);
    assert_eq!(gc::collect(), 1);
}

// Claim: so is a map.
#[test]
fn test_dict() {
    #[derive(Trace)]
    struct Dict(RefCell<HashMap<u32, Gc<Dict>>>);

    let dict = Gc::new(Dict(RefCell::default()));
    dict.0.borrow_mut().insert(1, dict.clone());
    gc::collect();
    drop(dict);
    assert_eq!(gc::collect(), 1);
}

// Claim: a cycle through an immutable value is found.
#[test]
fn test_tuple() {
    #[derive(Trace)]
    struct List(RefCell<Vec<Gc<(Gc<List>,)>>>);

    let list = Gc::new(List(RefCell::default()));
    let tuple = Gc::new((list.clone(),));
    list.0.borrow_mut().push(tuple.clone());
    gc::collect();
    drop((tuple, list));
    assert_eq!(gc::collect(), 2);
}

// Claim: an instance that refers to itself is reclaimed.
#[test]
fn test_instance() {
    let instance = ring(1);
    gc::collect();
    drop(instance);
    assert_eq!(gc::collect(), 1);
}

// Claim: a method bound to the object that holds it makes a cycle, which is found.
#[test]
fn test_method() {
    #[derive(Trace)]
    struct A {
        init: RefCell<Option<Gc<dyn TracedFn<()>>>>,
    }

    let a = Gc::new(A { init: RefCell::default() });
    let method = Closure::new(a.clone(), |a: &Gc<A>, (): ()| assert!(a.init.borrow().is_some()));
    *a.init.borrow_mut() = Some(coerce!(Gc::new(method) => dyn TracedFn<()>));
    a.init.borrow().as_ref().expect("set").call(());
    gc::collect();
    drop(a);
    assert_eq!(gc::collect(), 2);
}

// Claim: a function in the table of names that it captures is reclaimed with it.
#[test]
fn test_function() {
    #[derive(Trace)]
    struct Names(RefCell<HashMap<&'static str, Gc<dyn TracedFn<()>>>>);

    let names = Gc::new(Names(RefCell::default()));
    let function = Closure::new(names.clone(), |_: &Gc<Names>, (): ()| ());
    names.0.borrow_mut().insert("f", coerce!(Gc::new(function) => dyn TracedFn<()>));
    gc::collect();
    drop(names);
    assert_eq!(gc::collect(), 2);
}

// Claim: a weak pointer to garbage that a finalizer makes shows nothing half dead to what dies after it.
#[test]
fn test_function_tp_clear_leaves_consistent_state() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Late(RefCell<Weak<Cyclic>>);
    impl Finalize for Late {
        fn finalize(&self) {
            log(if self.0.borrow().upgrade().is_some() { "seen" } else { "not seen" });
        }
    }

    #[derive(Trace)]
    #[trace(finalize)]
    struct Cyclic {
        me: RefCell<Option<Gc<Cyclic>>>,
        late: Gc<Late>,
    }
    impl Finalize for Cyclic {
        fn finalize(&self) {
            *self.late.0.borrow_mut() = Gc::downgrade(self.me.borrow().as_ref().expect("intact"));
            drop(LATE.take());
        }
    }
    thread_local!(static LATE: RefCell<Option<Gc<Late>>> = const { RefCell::new(None) });

    let late = Gc::new(Late(RefCell::default()));
    LATE.set(Some(late.clone()));
    let cyclic = Gc::new(Cyclic { me: RefCell::default(), late });
    *cyclic.me.borrow_mut() = Some(cyclic.clone());
    drop(cyclic);
    assert_eq!(gc::collect(), 1);
    assert_eq!((take_log(), gc::stats().live_objects), (vec!["not seen".to_owned()], 0));
}

// Claim: a finalizer may make a collection due.
#[test]
fn test_del() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct A;
    impl Finalize for A {
        fn finalize(&self) {
            (0..10).for_each(|_| drop(ring(2)));
            log("del");
        }
    }

    gc::set_thresholds(Thresholds { young: 1, ..Thresholds::default() });
    drop(Gc::new(A));
    let _next = node();
    assert_eq!((take_log(), gc::stats().live_objects), (vec!["del".to_owned()], 1));
}

// Claim: an allocation counts; a collection begins the counts anew.
#[test]
fn test_get_count() {
    gc::collect();
    let [a, b, c] = gc::counts();
    let _x = node();
    let [d, e, f] = gc::counts();
    assert_eq!(([b, c], [e, f]), ([0, 0], [0, 0]));
    assert_eq!((a, d), (0, 1));
}

// Claim: each collection counts for the next older generation.
#[test]
fn test_collect_generations() {
    gc::collect();
    let _x = node();
    gc::collect_generation(Generation::Young);
    let [_, b, c] = gc::counts();
    gc::collect_generation(Generation::Middle);
    let [_, e, f] = gc::counts();
    gc::collect();
    let [_, h, i] = gc::counts();
    assert_eq!([[b, c], [e, f], [h, i]], [[1, 0], [0, 1], [0, 0]]);
}

// Claim: collections in the middle of a deep drop harm nothing.
#[test]
fn test_trashcan() {
    #[derive(Trace)]
    struct Nested(Option<Gc<Nested>>, Gc<Ouch>);
    #[derive(Trace)]
    #[trace(finalize)]
    struct Ouch;
    thread_local!(static N: Cell<usize> = const { Cell::new(0) });
    impl Finalize for Ouch {
        fn finalize(&self) {
            N.set(N.get() + 1);
            if N.get().is_multiple_of(17) {
                gc::collect();
            }
        }
    }

    for _ in 0..6 {
        let nested = (0..150).fold(None, |inner, _| Some(Gc::new(Nested(inner, Gc::new(Ouch)))));
        drop(nested);
    }
    assert_eq!((N.get(), gc::stats().live_objects), (900, 0));
    assert_eq!(gc::stats().generations[2].collections, 52);
}

// Claim: deep drops on several threads at once finalize everything once.
#[test]
fn test_trashcan_threads() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Counts(Option<Gc<Counts>>);
    static INITS: AtomicUsize = AtomicUsize::new(0);
    static DELS: AtomicUsize = AtomicUsize::new(0);
    impl Finalize for Counts {
        fn finalize(&self) {
            DELS.fetch_add(1, Ordering::Relaxed);
            std::thread::yield_now();
        }
    }

    let run = || {
        for _ in 0..200 {
            let nested = (0..60).fold(None, |inner, _| {
                INITS.fetch_add(1, Ordering::Relaxed);
                Some(Gc::new(Counts(inner)))
            });
            drop(nested);
        }
    };
    let threads = [(); 2].map(|()| std::thread::spawn(run));
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    assert_eq!([INITS.load(Ordering::Relaxed), DELS.load(Ordering::Relaxed)], [24_000; 2]);
}

// Claim: all that a value owns is listed, as often as it owns it, and nothing else.
#[test]
fn test_get_referents() {
    let targets = [node(), node(), node()];
    let owner = node();
    [0, 1, 2, 0].iter().for_each(|&index| link(&owner, &targets[index]));
    let got = Gc::referents(&owner);
    let times = targets.each_ref().map(|target| got.iter().filter(|referent| referent.is(target)).count());
    assert_eq!((got.len(), times), (4, [2, 1, 1]));
    assert!(Gc::referents(&Gc::new(1)).is_empty() && Gc::referents(&Gc::<str>::from("a")).is_empty());
}

// Claim: values without edges are not tracked, containers and user types with edges are.
#[test]
fn test_is_tracked() {
    #[derive(Trace)]
    struct Edgeless(u32);

    assert!(!Gc::is_tracked(&Gc::new(())));
    assert!(!Gc::is_tracked(&Gc::new(1)));
    assert!(!Gc::is_tracked(&Gc::new(1.0)));
    assert!(!Gc::is_tracked(&Gc::new(true)));
    assert!(!Gc::is_tracked(&Gc::<str>::from("a")));
    assert!(!Gc::is_tracked(&Gc::new(vec![1])));
    assert!(!Gc::is_tracked(&Gc::new(Edgeless(1))));
    assert!(Gc::is_tracked(&node()));
    assert!(Gc::is_tracked(&Gc::new(Vec::<Gc<u32>>::new())));
    assert!(Gc::is_tracked(&Gc::new(RefCell::new(None::<Gc<u32>>))));
}

// Claim: an object whose finalizer ran says so.
#[test]
fn test_is_finalized() {
    assert!(!Gc::is_finalized(&Gc::new(3)));
    let it = lazarus();
    assert!(!Gc::is_finalized(&it));
    drop(it);
    let it = SAVED.take().pop().expect("it saved itself");
    assert!(Gc::is_finalized(&it));
}

// Claim: a callback cannot get hold of garbage through other weak pointers.
#[test]
fn test_bug1055820b() {
    let weak: Rc<RefCell<Vec<Weak<Node>>>> = Rc::default();
    let ouch: Rc<RefCell<Vec<bool>>> = Rc::default();
    let objects = [ring(1), ring(1)];
    for object in &objects {
        let (weak_of_all, ouch) = (weak.clone(), ouch.clone());
        let callback = move || {
            ouch.replace(weak_of_all.borrow().iter().map(|weak| weak.upgrade().is_some()).collect());
        };
        weak.borrow_mut().push(Gc::downgrade_with(object, callback));
    }
    gc::collect();
    assert!(ouch.borrow().is_empty());
    drop(objects);
    assert_eq!(gc::collect(), 2);
    assert_eq!(*ouch.borrow(), [false, false]);
    weak.take();
}

// Claim: a finalizer that replaces an edge of a cycle, which frees others of it, leaves no bad pointer.
#[test]
fn test_bug21435() {
    #[derive(Trace)]
    struct A(RefCell<Option<Gc<B>>>);
    #[derive(Trace)]
    #[trace(finalize)]
    struct B {
        x: Gc<A>,
        attr: RefCell<Option<Gc<A>>>,
    }
    impl Finalize for B {
        fn finalize(&self) {
            *self.attr.borrow_mut() = None;
        }
    }

    let a = Gc::new(A(RefCell::default()));
    let b = Gc::new(B { x: Gc::new(A(RefCell::default())), attr: RefCell::new(Some(a.clone())) });
    *a.0.borrow_mut() = Some(b);
    drop(a);
    assert_eq!((gc::collect(), gc::stats().live_objects), (3, 0));
}

// Claim: a cycle that is left at the end is finalized.
#[test]
fn test_gc_main_module_at_shutdown() {
    assert_eq!(finalized_by_a_thread_that(|count| drop(loud_ring(count))).1, 1);
}

// Claim: so it is when the program ends by an exception.
#[test]
fn test_global_del_system_exit() {
    let (result, count) = finalized_by_a_thread_that(|count| {
        let _held = loud_ring(count);
        panic!("on purpose");
    });
    assert_eq!((result.is_err(), count), (true, 1));
}

/// Counts its finalizer.
#[derive(Trace)]
#[trace(finalize)]
struct Loud(RefCell<Option<Gc<Loud>>>, Arc<AtomicUsize>);

impl Finalize for Loud {
    fn finalize(&self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

fn loud_ring(count: Arc<AtomicUsize>) -> Gc<Loud> {
    let loud = Gc::new(Loud(RefCell::default(), count));
    *loud.0.borrow_mut() = Some(loud.clone());
    loud
}

fn finalized_by_a_thread_that(
    body: impl FnOnce(Arc<AtomicUsize>) + Send + 'static,
) -> (std::thread::Result<()>, usize) {
    let count = Arc::new(AtomicUsize::new(0));
    let its = count.clone();
    let result = std::thread::spawn(move || body(its)).join();
    (result, count.load(Ordering::Relaxed))
}

// Claim: the collections of each generation are counted apart.
#[test]
fn test_get_stats() {
    let collections = || gc::stats().generations.map(|generation| generation.collections);
    gc::disable();
    let old = collections();
    gc::collect_generation(Generation::Young);
    assert_eq!(collections(), [old[0] + 1, old[1], old[2]]);
    gc::collect();
    assert_eq!(collections(), [old[0] + 1, old[1], old[2] + 1]);
}

// Claim: an object is in the generation next to that in which it was last collected.
#[test]
fn test_get_objects() {
    use Generation::{Middle, Old, Young};
    gc::collect();
    let list = ring(1);
    assert_eq!(Gc::generation(&list), Young);
    for (collected, expected) in [(Young, Middle), (Middle, Old), (Old, Old)] {
        gc::collect_generation(collected);
        assert_eq!(Gc::generation(&list), expected);
    }
}

// Claim: an object saves itself from a collection once, and is reclaimed by a later one.
#[test]
fn test_resurrection_only_happens_once_per_object() {
    gc::disable();
    let it = lazarus_ring();
    assert_eq!(take_log(), [""; 0]);
    drop(it);
    assert_eq!(gc::collect(), 0);
    assert_eq!((take_log(), SAVED.with_borrow(Vec::len)), (vec!["resurrected".to_owned()], 1));
    drop(SAVED.take());
    assert_eq!(gc::collect(), 1);
    assert_eq!(take_log(), [""; 0]);
}

// Claim: what a saved object reaches is saved with it.
#[test]
fn test_resurrection_is_transitive() {
    gc::disable();
    let it = lazarus();
    let cargo = Gc::new(Cargo(RefCell::new(Some(it.clone()))));
    let address = Gc::as_ptr(&cargo);
    *it.cargo.borrow_mut() = Some(cargo);
    drop(it);
    assert_eq!(gc::collect(), 0);
    let saved = SAVED.take();
    assert_eq!(saved.len(), 1);
    let cargo = saved[0].cargo.borrow().clone().expect("it was saved too");
    assert_eq!(Gc::as_ptr(&cargo), address);
    assert!(Gc::ptr_eq(cargo.0.borrow().as_ref().expect("its edge too"), &saved[0]));
}

// Claim: the resurrected do not count as collected, and keep nothing else from being collected.
#[test]
fn test_resurrection_does_not_block_cleanup_of_other_objects() {
    const N: usize = 100;
    let full = || gc::stats().generations[2].collected as usize;
    gc::disable();
    (0..N).for_each(|_| drop(ring(1)));
    assert_eq!((gc::collect(), full()), (N, N));
    drop(lazarus_ring());
    assert_eq!((gc::collect(), full()), (0, N));
    (0..N).for_each(|_| drop(ring(1)));
    drop(lazarus_ring());
    assert_eq!((gc::collect(), full()), (N, 2 * N));
    drop(SAVED.take());
    assert_eq!((gc::collect(), full()), (2, 2 * N + 2));
}

// Claim: a weak pointer that is garbage does not call back, even if its target is garbage that the collector cannot see.
#[test]
fn test_trash_weakref_clear() {
    #[derive(Trace)]
    struct A {
        a: RefCell<Option<Gc<A>>>,
        /// Owns a node, and does not say so.
        y: Leaf<Gc<Node>>,
        wz: RefCell<Option<Gc<Watcher>>>,
    }
    #[derive(Trace)]
    struct Watcher(RefCell<Option<Gc<Watcher>>>, Weak<Node>);

    let z = node();
    let watcher = Gc::new(Watcher(RefCell::default(), Gc::downgrade_with(&z, || log("called"))));
    *watcher.0.borrow_mut() = Some(watcher.clone());
    let a = Gc::new(A { a: RefCell::default(), y: Leaf(z), wz: RefCell::new(Some(watcher.clone())) });
    *a.a.borrow_mut() = Some(a.clone());
    assert!(watcher.1.ptr_eq(&Gc::downgrade(&a.y.0)));
    drop((a, watcher));
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 0));
    assert_eq!((take_log(), finalized()), (vec![], 1));
}

// Claim: what is alive can be frozen, and unfrozen.
#[test]
fn test_freeze() {
    let _kept = ring(3);
    gc::freeze();
    assert!(gc::frozen_len() > 0);
    gc::unfreeze();
    assert_eq!(gc::frozen_len(), 0);
}

/// The events of the collections that `run` makes.
fn events_of(run: impl FnOnce()) -> Vec<gc::CollectEvent> {
    let events = Rc::new(RefCell::new(Vec::new()));
    let sink = events.clone();
    let _guard = gc::on_collect(move |event| sink.borrow_mut().push(*event));
    run();
    events.take()
}

// Claim: a collection is told of when it starts and when it stops, once each.
#[test]
fn test_collect() {
    let events = events_of(|| _ = gc::collect());
    let [gc::CollectEvent::Start { generation: Generation::Old }, gc::CollectEvent::Stop(report)] = events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(report.generation, Generation::Old);
}

// Claim: the event says which generation is collected.
#[test]
fn test_collect_generation() {
    for generation in Generation::ALL {
        let events = events_of(|| _ = gc::collect_generation(generation));
        assert_eq!(events[0], gc::CollectEvent::Start { generation });
        assert!(matches!(events[1], gc::CollectEvent::Stop(report) if report.generation == generation));
    }
}

// Claim: an object whose count is less than the edges that lead to it is reported, with its type, and nothing is freed.
#[test]
#[cfg_attr(gc_verify, ignore = "breaks T2 on purpose, which the checks find first")]
fn test_refcount_errors() {
    thread_local!(static TWICE: Cell<bool> = const { Cell::new(true) });
    struct Broken(RefCell<Option<Gc<Broken>>>);
    // SAFETY: the contract is broken on purpose, as long as the flag is up (T2).
    unsafe impl Trace for Broken {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            if TWICE.get() {
                self.0.trace(tracer);
            }
        }
    }

    let broken = Gc::new(Broken(RefCell::default()));
    *broken.0.borrow_mut() = Some(broken.clone());
    drop(broken);
    let message = catch_unwind(AssertUnwindSafe(gc::collect)).expect_err("it is noticed");
    let message = message.downcast_ref::<String>().expect("a text");
    assert!(message.contains("Broken") && message.contains("more often than its 1 strong pointers"), "{message}");
    assert_eq!(gc::stats().live_objects, 1);
    TWICE.set(false);
    assert_eq!(gc::collect(), 1);
}

/// Allocates until a collection has come by itself.
fn until_collected() -> usize {
    let happened = Rc::new(Cell::new(false));
    let _detector = Gc::downgrade_with(&ring(1), {
        let happened = happened.clone();
        move || happened.set(true)
    });
    let mut junk = Vec::new();
    while !happened.get() {
        junk.push(chain(1));
        assert!(junk.len() <= 10_000, "no collection after 10,000 allocations");
    }
    junk.len()
}

// Claim: the callback of an old object that dies with young garbage does not get hold of that garbage.
#[test]
fn test_bug1055820c() {
    let old = node();
    link(&old, &old);
    gc::collect();
    let (keeper, other) = (ring(1), ring(1));
    link(&keeper, &old);
    drop(old.edges.take());
    let weak = Gc::downgrade(&other);
    let ouch: Rc<RefCell<Vec<bool>>> = Rc::default();
    let _watch = Gc::downgrade_with(&old, {
        let ouch = ouch.clone();
        move || drop(ouch.replace(vec![weak.upgrade().is_some()]))
    });
    drop((old, keeper, other));
    assert_eq!((ouch.borrow().len(), finalized()), (0, 0));
    until_collected();
    assert_eq!(*ouch.borrow(), [false]);
    assert_eq!(gc::stats().generations.map(|generation| generation.collections), [1, 0, 1]);
}

// Claim: neither does its finalizer.
#[test]
fn test_bug1055820d() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct D(RefCell<Weak<Node>>);
    impl Finalize for D {
        fn finalize(&self) {
            log(if self.0.borrow().upgrade().is_some() { "seen" } else { "not seen" });
        }
    }
    #[derive(Trace)]
    struct Keeper(RefCell<Option<Gc<Keeper>>>, Gc<D>);

    let old = Gc::new(D(RefCell::default()));
    // A box that never was shared is no suspect; this one is.
    drop(old.clone());
    gc::collect();
    let other = ring(1);
    *old.0.borrow_mut() = Gc::downgrade(&other);
    let keeper = Gc::new(Keeper(RefCell::default(), old));
    *keeper.0.borrow_mut() = Some(keeper.clone());
    drop((keeper, other));
    assert_eq!(take_log(), [""; 0]);
    until_collected();
    assert_eq!(take_log(), ["not seen"]);
}
