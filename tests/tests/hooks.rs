//! Hooks: who hears of collections, and what a hook may do.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use gc_core::gc::{self, CollectEvent, Collection, Generation, HookGuard};
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer};
use gc_tests::{Counted, Node, dropped, finalized, link, log, node, ring, take_log};

/// An event in short, as the tests log it.
fn short(event: &CollectEvent) -> String {
    match event {
        CollectEvent::Start { generation } => format!("start {generation}"),
        CollectEvent::Stop(report) => format!("stop {}: {}", report.generation, report.collected),
    }
}

/// Logs what it hears of.
fn logging() -> HookGuard {
    gc::on_collect(|event| log(short(event)))
}

/// Logs what it hears of under this name.
fn logging_as(name: &'static str) -> HookGuard {
    gc::on_collect(move |event| log(format!("{name}: {}", short(event))))
}

fn is_start(event: &CollectEvent) -> bool {
    matches!(event, CollectEvent::Start { .. })
}

/// Runs `action` at the next start of a collection, and never again.
fn at_next_start(action: impl FnOnce() + 'static) -> HookGuard {
    let mut action = Some(action);
    gc::on_collect(move |_| {
        if let Some(action) = action.take() {
            action();
        }
    })
}

/// Where a test keeps a guard that a hook is to drop.
type Slot = Rc<RefCell<Option<HookGuard>>>;

fn empty(slot: &Slot) {
    let guard = slot.borrow_mut().take();
    drop(guard);
}

fn passes() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.collections).sum()
}

/// The message of the panic that `action` ends in.
fn panic_of<R>(action: impl FnOnce() -> R) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).err().expect("a panic");
    payload.downcast_ref::<&str>().expect("a message").to_string()
}

/// Panics when it is dropped.
struct Explosive(&'static str);

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

// Which passes are told of.

#[test]
fn a_collection_is_one_start_and_one_stop() {
    let _guard = logging();
    drop(ring(3));
    gc::collect();
    assert_eq!(take_log(), ["start old", "stop old: 3"]);
    gc::collect_generation(Generation::Young);
    assert_eq!(take_log(), ["start young", "stop young: 0"]);
}

#[test]
fn collections_are_told_of_while_automatic_ones_are_disabled() {
    let _guard = logging();
    gc::disable();
    gc::collect();
    assert_eq!(take_log(), ["start old", "stop old: 0"]);
}

#[test]
fn the_stop_report_is_what_collect_generation_returned() {
    let heard = Rc::new(Cell::new(None));
    let hook_heard = heard.clone();
    let _guard = gc::on_collect(move |event| {
        if let CollectEvent::Stop(report) = event {
            assert!(hook_heard.replace(Some(*report)).is_none());
        }
    });
    for generation in Generation::ALL {
        drop(ring(3));
        let returned: Collection = gc::collect_generation(generation);
        assert_eq!(heard.take(), Some(returned));
        assert_eq!((returned.generation, returned.collected), (generation, 3));
    }
}

#[test]
fn the_statistics_include_the_pass_when_it_stops_and_not_when_it_starts() {
    let _guard = gc::on_collect(|_| log(passes().to_string()));
    gc::collect();
    gc::collect();
    assert_eq!(take_log(), ["0", "1", "1", "2"]);
}

#[test]
fn the_edges_followed_are_added_up() {
    drop(ring(3));
    let report = gc::collect();
    drop(ring(5));
    gc::collect();
    assert_eq!((report, gc::stats().generations[Generation::Old.index()].edges), (3, 8));
}

#[test]
fn hooks_hear_of_automatic_passes() {
    let _guard = logging();
    let _held: Vec<_> = (0..701).map(|_| node()).collect();
    assert_eq!(take_log(), ["start young", "stop young: 0"]);
    let _held: Vec<_> = (0..10_000).map(|_| node()).collect();
    let heard = take_log();
    assert_eq!(heard.len() as u64, 2 * (passes() - 1));
    assert!(heard.chunks(2).all(|pass| pass[0].starts_with("start") && pass[1].starts_with("stop")));
    assert!(heard.contains(&"start middle".to_owned()));
}

#[test]
fn hooks_hear_of_the_pass_at_the_threads_end() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread_local!(static EARLY: RefCell<Option<HookGuard>> = const { RefCell::new(None) });
    thread::spawn(|| {
        // Registered before the heap: destroyed after it.
        EARLY.set(Some(gc::on_collect(|event| HEARD.lock().unwrap().push(short(event)))));
        drop(ring(3));
    })
    .join()
    .unwrap();
    assert_eq!(*HEARD.lock().unwrap(), ["start old", "stop old: 3"]);
}

#[test]
fn a_collect_inside_a_collection_is_no_pass() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Collects(RefCell<Option<Gc<Collects>>>);
    impl Finalize for Collects {
        fn finalize(&self) {
            log(gc::collect().to_string());
        }
    }
    let _guard = logging();
    let garbage = Gc::new(Collects(RefCell::new(None)));
    *garbage.0.borrow_mut() = Some(garbage.clone());
    drop(garbage);
    gc::collect();
    assert_eq!(take_log(), ["start old", "0", "stop old: 1"]);
}

#[test]
#[cfg_attr(gc_verify, ignore = "counts on the first call of `trace`, which the checks make")]
fn a_pass_that_is_broken_off_stops_too() {
    thread_local!(static ARMED: Cell<bool> = const { Cell::new(true) });
    struct Trapped(RefCell<Option<Gc<Trapped>>>);
    // SAFETY: the field is reported once; a panic is allowed.
    unsafe impl Trace for Trapped {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            assert!(!ARMED.replace(false), "trapped");
            self.0.trace(tracer);
        }
    }
    let garbage = Gc::new(Trapped(RefCell::new(None)));
    *garbage.0.borrow_mut() = Some(garbage.clone());
    drop(garbage);
    let _guard = logging();
    assert_eq!(panic_of(gc::collect), "trapped");
    assert_eq!(take_log(), ["start old", "stop old: 0"]);
    assert_eq!(gc::collect(), 1);
}

#[test]
fn the_duration_does_not_include_the_hooks() {
    const LONG: Duration = Duration::from_millis(200);
    let _guard = gc::on_collect(|_| thread::sleep(LONG));
    assert!(gc::collect_generation(Generation::Old).duration < LONG);
    assert!(gc::stats().generations[2].total_pause < LONG);
}

// Order and registration.

#[test]
fn hooks_are_called_in_order_of_registration() {
    let _first = logging_as("first");
    let second = logging_as("second");
    let _third = logging_as("third");
    drop(second);
    let _fourth = logging_as("fourth");
    gc::collect();
    let expected = ["first: start old", "third: start old", "fourth: start old"];
    let heard = take_log();
    assert_eq!(heard[..3], expected);
    assert_eq!(heard[3..], expected.map(|event| event.replace("start old", "stop old: 0")));
}

#[test]
fn a_hook_is_called_no_more_once_its_guard_is_dropped() {
    let guard = logging();
    gc::collect();
    take_log();
    drop(guard);
    gc::collect();
    assert_eq!(take_log(), [""; 0]);
}

#[test]
#[cfg_attr(gc_system_alloc, ignore = "leaks the hook, as it must")]
fn a_hook_whose_guard_is_forgotten_stays_registered() {
    std::mem::forget(logging());
    gc::collect();
    gc::collect();
    assert_eq!(take_log().len(), 4);
}

#[test]
fn a_guard_tells_that_it_is_one_and_stays_on_its_thread() {
    static_assertions::assert_not_impl_any!(HookGuard: Send, Sync);
    assert_eq!(format!("{:?}", logging()), "HookGuard { .. }");
}

#[test]
fn each_thread_has_hooks_of_its_own() {
    let _guard = logging();
    thread::spawn(gc::collect).join().unwrap();
    assert_eq!(take_log(), [""; 0]);
}

// What a hook may do.

#[test]
fn a_hook_that_collects_gets_an_empty_report_and_makes_no_events() {
    let _guard = gc::on_collect(|event| {
        log(short(event));
        drop(ring(2));
        let report = gc::collect_generation(Generation::Middle);
        assert_eq!((report.generation, report.collected, report.visited), (Generation::Middle, 0, 0));
        assert_eq!(report.duration, Duration::ZERO);
    });
    assert_eq!(gc::collect(), 2);
    assert_eq!(take_log(), ["start old", "stop old: 2"]);
    assert_eq!((passes(), gc::stats().live_objects), (1, 2));
    assert_eq!(gc::collect(), 4);
}

#[test]
fn no_automatic_pass_starts_in_a_hook() {
    let guard = gc::on_collect(|event| {
        log(short(event));
        (0..2_000).for_each(|_| drop(ring(2)));
    });
    assert_eq!(gc::collect(), 4_000);
    assert_eq!(take_log(), ["start old", "stop old: 4000"]);
    assert_eq!((passes(), gc::stats().live_objects), (1, 4_000));
    drop(guard);
    // The pass that is due waited for an allocation outside of it.
    drop(node());
    assert_eq!((passes(), gc::stats().live_objects), (2, 0));
}

#[test]
fn garbage_that_a_hook_makes_at_the_start_is_collected_in_that_pass() {
    let _guard = at_next_start(|| drop(ring(3)));
    assert_eq!(gc::collect(), 3);
}

#[test]
fn a_hook_that_unregisters_itself_is_not_told_of_the_stop() {
    let slot = Slot::default();
    let (mine, witness) = (slot.clone(), Counted);
    *slot.borrow_mut() = Some(gc::on_collect(move |event| {
        log(short(event));
        empty(&mine);
        // The closure is there until it returns.
        let _ = &witness;
        assert_eq!(dropped(), 0);
    }));
    gc::collect();
    assert_eq!(take_log(), ["start old"]);
    assert_eq!((dropped(), Rc::strong_count(&slot)), (1, 1));
    gc::collect();
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn a_hook_that_unregisters_itself_at_the_stop_is_told_of_no_further_pass() {
    let slot = Slot::default();
    let mine = slot.clone();
    *slot.borrow_mut() = Some(gc::on_collect(move |event| {
        log(short(event));
        if !is_start(event) {
            empty(&mine);
        }
    }));
    gc::collect();
    gc::collect();
    assert_eq!(take_log(), ["start old", "stop old: 0"]);
}

#[test]
fn a_hook_that_unregisters_the_next_one_keeps_it_from_being_called() {
    let slot = Slot::default();
    let next = slot.clone();
    let _first = at_next_start(move || empty(&next));
    let witness = Counted;
    *slot.borrow_mut() = Some(gc::on_collect(move |event| {
        let _ = &witness;
        log(short(event));
    }));
    let _last = logging_as("last");
    gc::collect();
    assert_eq!(take_log(), ["last: start old", "last: stop old: 0"]);
    assert_eq!(dropped(), 1);
}

#[test]
fn a_hook_that_unregisters_the_one_before_keeps_it_from_the_stop() {
    let slot = Slot::default();
    *slot.borrow_mut() = Some(logging());
    let _second = at_next_start({
        let slot = slot.clone();
        move || empty(&slot)
    });
    gc::collect();
    assert_eq!(take_log(), ["start old"]);
}

#[test]
fn a_destructor_of_garbage_that_drops_a_guard_keeps_the_hook_from_the_stop() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<Owner>>>, Leaf<RefCell<Option<HookGuard>>>);
    let owner = Gc::new(Owner(RefCell::new(None), Leaf(RefCell::new(Some(logging())))));
    *owner.0.borrow_mut() = Some(owner.clone());
    drop(owner);
    assert_eq!(gc::collect(), 1);
    assert_eq!(take_log(), ["start old"]);
}

#[test]
fn a_hook_registered_by_a_hook_hears_of_later_passes_only() {
    let slot = Slot::default();
    let _first = at_next_start({
        let slot = slot.clone();
        move || *slot.borrow_mut() = Some(logging())
    });
    gc::collect();
    assert_eq!(take_log(), [""; 0]);
    gc::collect();
    assert_eq!(take_log(), ["start old", "stop old: 0"]);
}

#[test]
fn a_hook_registered_by_a_finalizer_is_not_told_of_a_stop_without_its_start() {
    thread_local!(static REGISTERED: RefCell<Option<HookGuard>> = const { RefCell::new(None) });
    #[derive(Trace)]
    #[trace(finalize)]
    struct Registers(RefCell<Option<Gc<Registers>>>);
    impl Finalize for Registers {
        fn finalize(&self) {
            REGISTERED.set(Some(logging()));
        }
    }
    let garbage = Gc::new(Registers(RefCell::new(None)));
    *garbage.0.borrow_mut() = Some(garbage.clone());
    drop(garbage);
    assert_eq!(gc::collect(), 1);
    assert_eq!(take_log(), [""; 0]);
    gc::collect();
    assert_eq!(take_log(), ["start old", "stop old: 0"]);
}

// Panics.

#[test]
fn a_panic_at_the_start_comes_out_of_a_collection_that_is_done() {
    let _first = gc::on_collect(|event| assert!(!is_start(event), "start"));
    let _second = logging();
    drop(ring(3));
    assert_eq!(panic_of(gc::collect), "start");
    assert_eq!(take_log(), ["start old", "stop old: 3"]);
    assert_eq!((dropped(), finalized(), gc::stats().live_objects), (3, 3, 0));
}

#[test]
fn a_panic_at_the_stop_comes_out_of_a_collection_that_is_done() {
    let _first = gc::on_collect(|event| assert!(is_start(event), "stop"));
    let _second = logging();
    drop(ring(3));
    assert_eq!(panic_of(gc::collect), "stop");
    assert_eq!(take_log(), ["start old", "stop old: 3"]);
    assert_eq!((dropped(), finalized(), gc::stats().live_objects), (3, 3, 0));
}

#[test]
fn the_collection_after_a_panic_works_and_calls_the_hook_again() {
    let mut calls = 0;
    let guard = gc::on_collect(move |_| {
        calls += 1;
        match calls {
            1 => panic!("first call"),
            2 => panic!("second call"),
            3 => panic!("third call"),
            _ => log("fourth call"),
        }
    });
    drop(ring(3));
    assert_eq!(panic_of(gc::collect), "first call");
    drop(ring(2));
    assert_eq!(panic_of(gc::collect), "third call");
    assert_eq!(take_log(), ["fourth call"]);
    drop(guard);
    drop(ring(4));
    assert_eq!((gc::collect(), dropped()), (4, 9));
}

#[test]
fn of_the_panics_of_several_hooks_the_first_goes_on() {
    let _guards = ["first", "second", "third"].map(|message| gc::on_collect(move |_| panic!("{message}")));
    let payload = catch_unwind(gc::collect).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "first");
}

#[test]
fn a_panic_in_an_automatic_pass_comes_out_of_the_allocation() {
    let _guard = gc::on_collect(|event| assert!(is_start(event), "stop"));
    let mut held: Vec<Gc<Node>> = Vec::new();
    assert_eq!(panic_of(|| held.extend((0..701).map(|_| node()))), "stop");
    assert_eq!((held.len(), gc::stats().live_objects), (700, 700));
    held.push(node());
    assert_eq!(gc::stats().live_objects, 701);
}

#[test]
fn a_hook_that_panics_while_the_thread_panics_does_not_abort() {
    struct Collects;
    impl Drop for Collects {
        fn drop(&mut self) {
            assert_eq!(gc::collect(), 3);
        }
    }
    let _guard = gc::on_collect(|event| {
        log(short(event));
        panic!("hook");
    });
    let message = panic_of(|| {
        let _collects = Collects;
        drop(ring(3));
        panic!("outer");
    });
    assert_eq!(message, "outer");
    assert_eq!(take_log(), ["start old", "stop old: 3"]);
}

#[test]
fn a_hook_that_panics_after_it_unregistered_itself_is_dropped() {
    let slot = Slot::default();
    let (mine, witness) = (slot.clone(), Counted);
    *slot.borrow_mut() = Some(gc::on_collect(move |_| {
        let _ = &witness;
        empty(&mine);
        panic!("farewell");
    }));
    assert_eq!(panic_of(gc::collect), "farewell");
    assert_eq!(dropped(), 1);
    assert_eq!(gc::collect(), 0);
}

// The end of a hook.

#[test]
fn what_a_hook_captured_is_alive_as_long_as_it_is_registered() {
    let captured = node();
    link(&captured, &captured);
    let weak = Gc::downgrade(&captured);
    let guard = gc::on_collect(move |_| log(Gc::strong_count(&captured).to_string()));
    assert_eq!(gc::collect(), 0);
    assert_eq!(take_log(), ["2", "2"]);
    drop(guard);
    assert!(weak.upgrade().is_some());
    assert_eq!(gc::collect(), 1);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_captured_box_dies_with_a_hook_that_unregisters_itself() {
    let slot = Slot::default();
    let (mine, captured) = (slot.clone(), node());
    *slot.borrow_mut() = Some(gc::on_collect(move |_| {
        empty(&mine);
        assert_eq!(Gc::strong_count(&captured), 1);
    }));
    assert_eq!(gc::collect(), 0);
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}

#[test]
fn a_panic_of_what_a_hook_captured_comes_out_of_the_guards_drop() {
    let explosive = Explosive("captured");
    let guard = gc::on_collect(move |_| {
        let _ = &explosive;
        log("called");
    });
    let payload = catch_unwind(AssertUnwindSafe(|| drop(guard))).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "captured");
    gc::collect();
    assert_eq!(take_log(), [""; 0]);
}

#[test]
fn a_panic_of_what_a_hook_captured_comes_out_of_the_collection_it_unregistered_itself_in() {
    let slot = Slot::default();
    let (mine, explosive) = (slot.clone(), Explosive("captured"));
    *slot.borrow_mut() = Some(gc::on_collect(move |_| {
        let _ = &explosive;
        empty(&mine);
    }));
    let _second = logging();
    drop(ring(3));
    let payload = catch_unwind(gc::collect).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "captured");
    assert_eq!(take_log(), ["start old", "stop old: 3"]);
    assert_eq!((dropped(), gc::collect()), (3, 0));
}

#[test]
fn a_guard_dropped_while_the_thread_panics_does_not_abort_if_its_hook_does_not_drop() {
    let message = panic_of(|| {
        let explosive = Explosive("captured");
        let _guard = gc::on_collect(move |_| {
            let _ = &explosive;
        });
        panic!("outer");
    });
    assert_eq!(message, "outer");
}

#[test]
fn what_a_hook_captured_may_register_and_unregister_hooks_as_it_is_dropped() {
    struct Replaces(Slot);
    impl Drop for Replaces {
        fn drop(&mut self) {
            empty(&self.0);
            *self.0.borrow_mut() = Some(logging_as("successor"));
        }
    }
    let slot = Slot::default();
    *slot.borrow_mut() = Some(logging_as("predecessor"));
    let replaces = Replaces(slot.clone());
    drop(gc::on_collect(move |_| {
        let _ = &replaces;
    }));
    gc::collect();
    assert_eq!(take_log(), ["successor: start old", "successor: stop old: 0"]);
}

#[test]
fn a_guard_dropped_during_the_threads_exit_unregisters_its_hook() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

    struct Unregisters(RefCell<Option<HookGuard>>);
    impl Drop for Unregisters {
        fn drop(&mut self) {
            drop(ring(2));
            assert_eq!(gc::collect(), 2);
            self.0.take();
            HEARD.lock().unwrap().push("unregistered".to_owned());
            // What the hook captured is garbage now.
            assert_eq!(gc::collect(), 3);
        }
    }
    thread_local!(static EARLY: Unregisters = const { Unregisters(RefCell::new(None)) });

    thread::spawn(|| {
        // Registered before the heap: destroyed after it.
        EARLY.with(|early| assert!(early.0.borrow().is_none()));
        let captured = ring(3);
        let guard = gc::on_collect(move |event| {
            assert_eq!(Gc::strong_count(&captured), 2);
            HEARD.lock().unwrap().push(short(event));
        });
        EARLY.with(|early| early.0.replace(Some(guard)));
        drop(ring(5));
    })
    .join()
    .unwrap();
    let expected = ["start old", "stop old: 5", "start old", "stop old: 2", "unregistered"];
    assert_eq!(*HEARD.lock().unwrap(), expected);
}

#[test]
fn a_hook_may_panic_collect_and_make_garbage_while_the_thread_ends() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread_local!(static EARLY: RefCell<Option<HookGuard>> = const { RefCell::new(None) });
    thread::spawn(|| {
        let guard = gc::on_collect(|event| {
            HEARD.lock().unwrap().push(short(event));
            if is_start(event) {
                drop(ring(2));
            }
            assert_eq!(gc::collect(), 0);
            panic!("hook");
        });
        EARLY.set(Some(guard));
        drop(ring(3));
    })
    .join()
    .unwrap();
    assert_eq!(*HEARD.lock().unwrap(), ["start old", "stop old: 5"]);
}

#[test]
fn a_hook_sees_the_figures_without_the_box_that_its_collection_comes_before() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = seen.clone();
    let _guard = gc::on_collect(move |_| {
        let stats = gc::stats();
        sink.borrow_mut().push((stats.live_objects, stats.allocated, stats.live_bytes));
    });
    let held: Vec<_> = (0..701).map(|_| node()).collect();
    let bytes = gc::stats().live_bytes / held.len();
    assert_eq!(*seen.borrow(), [(700, 700, 700 * bytes); 2]);
}
