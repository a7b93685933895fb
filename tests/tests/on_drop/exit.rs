//! Closures of objects that are alive when their thread ends.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};
use std::thread;

use gc_core::{Finalize, Finalizer, Gc, Trace, coerce, gc};
use gc_tests::{node, ring};

/// What happened on a thread, for another one to read.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

gc_core::impl_trace_leaf!(Events);

impl Events {
    pub(crate) fn note(&self, event: impl Into<String>) {
        self.0.lock().expect("no panic while locked").push(event.into());
    }

    /// Notes `event` when `gc` dies, or the thread does.
    fn at_death<T: ?Sized>(&self, gc: &Gc<T>, event: &'static str) -> Finalizer<()> {
        let events = self.clone();
        Gc::on_drop(gc, move || events.note(event))
    }
}

thread_local! {
    /// Touched before the thread's first box: destroyed after the heap has heard of the thread's end.
    static EARLY: RefCell<Vec<Gc<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps `gc` beyond the heap's exit.
fn keep<T: 'static>(gc: &Gc<T>) {
    EARLY.with_borrow_mut(|kept| kept.push(coerce!(gc.clone() => dyn Any)));
}

/// What `body` noted on a thread of its own, up to the last moment.
pub(crate) fn events_of_thread(body: impl FnOnce(Events) + Send + 'static) -> Vec<String> {
    let events = Events::default();
    let noted = events.clone();
    let run = move || {
        EARLY.with_borrow_mut(|kept| kept.clear());
        body(events);
    };
    thread::spawn(run).join().expect("no panic");
    let events = noted.0.lock().expect("no panic while locked");
    events.clone()
}

#[test]
fn closures_of_living_objects_run_newest_first_over_all_objects() {
    let events = events_of_thread(|events| {
        let (one, two) = (node(), node());
        events.at_death(&one, "1");
        events.at_death(&two, "2");
        let _three = events.at_death(&one, "3");
        events.at_death(&two, "4");
        keep(&one);
        keep(&two);
    });
    assert_eq!(events, ["4", "3", "2", "1"]);
}

#[test]
fn cyclic_garbage_has_its_turn_before_the_last_collection() {
    let events = events_of_thread(|events| {
        let (one, two) = (ring(2), node());
        events.at_death(&one, "garbage 1");
        events.at_death(&two, "alive");
        events.at_death(&one, "garbage 2");
        keep(&two);
    });
    assert_eq!(events, ["garbage 2", "alive", "garbage 1"]);
}

#[test]
fn a_living_object_can_be_upgraded_when_its_closure_runs_at_exit() {
    let events = events_of_thread(|events| {
        let held = node();
        let weak = Gc::downgrade(&held);
        Gc::on_drop(&held, move || events.note(format!("alive: {}", weak.upgrade().is_some())));
        keep(&held);
    });
    assert_eq!(events, ["alive: true"]);
}

#[test]
fn one_that_opted_out_waits_for_the_death() {
    let events = events_of_thread(|events| {
        let held = node();
        events.at_death(&held, "1");
        events.at_death(&held, "2").set_at_exit(false);
        events.at_death(&held, "3");
        keep(&held);
    });
    assert_eq!(events, ["3", "1", "2"]);
}

#[test]
fn one_that_opted_out_runs_if_its_object_is_collected_at_exit() {
    let events = events_of_thread(|events| {
        let held = ring(2);
        events.at_death(&held, "opted out").set_at_exit(false);
        events.at_death(&held, "swept");
    });
    assert_eq!(events, ["swept", "opted out"]);
}

#[test]
fn one_that_opted_out_is_not_run_if_the_object_never_dies() {
    let events = events_of_thread(|events| {
        let held = Gc::new(1);
        let noted = events.clone();
        let finalizer = events.at_death(&held, "never");
        finalizer.set_at_exit(false);
        let raw = Gc::into_raw(held);
        // Undone after the heap's exit, so that nothing leaks from the test.
        struct Undo(*const i32, Finalizer<()>, Events);
        impl Drop for Undo {
            fn drop(&mut self) {
                self.2.note(format!("pending: {}", self.1.detach()));
                // SAFETY: it came from `into_raw`.
                drop(unsafe { Gc::from_raw(self.0) });
            }
        }
        keep(&Gc::leaf(Undo(raw, finalizer, noted)));
    });
    assert_eq!(events, ["pending: true"]);
}

#[test]
fn one_that_opted_in_again_has_its_old_place() {
    let events = events_of_thread(|events| {
        let held = node();
        let finalizers = ["1", "2", "3"].map(|event| events.at_death(&held, event));
        for at_exit in [false, false, true, true] {
            finalizers[1].set_at_exit(at_exit);
            assert_eq!(finalizers[1].at_exit(), at_exit);
        }
        keep(&held);
    });
    assert_eq!(events, ["3", "2", "1"]);
}

#[test]
fn what_was_run_or_detached_is_not_run_at_exit() {
    let events = events_of_thread(|events| {
        let held = node();
        events.at_death(&held, "detached").detach();
        events.at_death(&held, "run").run();
        keep(&held);
    });
    assert_eq!(events, ["run"]);
}

#[test]
fn what_ran_at_exit_does_not_run_at_the_death_after_it() {
    let events = events_of_thread(|events| {
        let held = node();
        let finalizer = events.at_death(&held, "once");
        keep(&held);
        keep(&Gc::leaf(AtDrop(Some(move || events.note(format!("alive: {}", finalizer.is_alive()))))));
    });
    assert_eq!(events, ["once", "alive: false"]);
}

/// Runs a closure when it is dropped.
struct AtDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for AtDrop<F> {
    fn drop(&mut self) {
        self.0.take().expect("dropped once")();
    }
}

#[test]
fn an_object_that_its_closure_captures_dies_at_exit() {
    let events = events_of_thread(|events| {
        let held = ring(2);
        let own = held.clone();
        events.at_death(&held, "older");
        let noted = events.clone();
        Gc::on_drop(&held, move || {
            drop(own);
            noted.note("captures");
        });
        events.at_death(&node(), "dead before");
        let weak = Gc::downgrade(&held);
        keep(&Gc::leaf(AtDrop(Some(move || events.note(format!("alive: {}", weak.upgrade().is_some()))))));
    });
    assert_eq!(events, ["dead before", "captures", "older", "alive: false"]);
}

#[test]
fn a_thread_local_that_is_destroyed_before_the_heaps_exit_ends_its_objects_by_count() {
    thread_local!(static LATE: RefCell<Vec<Gc<gc_tests::Node>>> = const { RefCell::new(Vec::new()) });
    let events = events_of_thread(|events| {
        let (held, kept) = (node(), node());
        let weak = Gc::downgrade(&held);
        events.at_death(&kept, "swept");
        let noted = events.clone();
        Gc::on_drop(&held, move || noted.note(format!("alive: {}", weak.upgrade().is_some())));
        events.at_death(&kept, "swept");
        keep(&kept);
        LATE.with_borrow_mut(|late| late.push(held));
    });
    assert_eq!(events, ["alive: false", "swept", "swept"]);
}

#[test]
fn closures_registered_after_the_heaps_exit_run_too() {
    let events = events_of_thread(|events| {
        keep(&Gc::leaf(AtDrop(Some(move || {
            let (held, dead) = (node(), ring(1));
            // It owns itself by way of its closure: only the end of the thread breaks that.
            let own = held.clone();
            Gc::on_drop(&held, move || own);
            events.at_death(&held, "alive");
            events.at_death(&dead, "garbage");
            events.at_death(&node(), "died");
        }))));
    });
    assert_eq!(events, ["died", "garbage", "alive"]);
}

#[test]
fn one_registered_at_exit_runs_next() {
    let events = events_of_thread(|events| {
        let held = node();
        events.at_death(&held, "1");
        let (noted, weak) = (events.clone(), Gc::downgrade(&held));
        Gc::on_drop(&held, move || {
            noted.note("2");
            noted.at_death(&weak.upgrade().expect("alive"), "registered");
        });
        events.at_death(&held, "3");
        keep(&held);
    });
    assert_eq!(events, ["3", "2", "registered", "1"]);
}

#[test]
fn a_closure_at_exit_may_do_anything() {
    let events = events_of_thread(|events| {
        let held = node();
        let [one, two, three] = ["1", "2", "3"].map(|event| events.at_death(&held, event));
        three.set_at_exit(false);
        let noted = events.clone();
        Gc::on_drop(&held, move || {
            assert!(one.detach());
            assert_eq!(two.run(), Some(()));
            three.set_at_exit(true);
            noted.at_death(&node(), "died");
            let ring = ring(2);
            noted.at_death(&ring, "collected");
            drop(ring);
            assert_eq!(gc::collect(), 2);
            noted.note("4");
        });
        keep(&held);
    });
    assert_eq!(events, ["2", "died", "collected", "4", "3"]);
}

#[test]
fn no_collection_starts_by_itself_in_a_closure_at_exit() {
    let events = events_of_thread(|events| {
        let held = node();
        Gc::on_drop(&held, move || {
            (0..2_000).for_each(|_| drop(ring(2)));
            let collections: u64 = gc::stats().generations.iter().map(|generation| generation.collections).sum();
            events.note(collections.to_string());
        });
        keep(&held);
    });
    assert_eq!(events, ["0"]);
}

#[test]
fn a_panic_at_exit_is_lost_and_the_others_run() {
    let events = events_of_thread(|events| {
        let held = node();
        events.at_death(&held, "1");
        Gc::on_drop(&held, || panic!("on purpose"));
        events.at_death(&held, "2");
        Gc::on_drop(&held, || AtDrop(Some(|| panic!("on purpose"))));
        events.at_death(&held, "3");
        keep(&held);
    });
    assert_eq!(events, ["3", "2", "1"]);
}

#[test]
fn closures_run_at_the_end_of_a_thread_that_panicked() {
    let events = Events::default();
    let noted = events.clone();
    let thread = thread::spawn(move || {
        EARLY.with_borrow_mut(|kept| kept.clear());
        let held = node();
        noted.at_death(&held, "swept");
        keep(&held);
        noted.at_death(&node(), "died");
        panic!("on purpose");
    });
    assert!(thread.join().is_err());
    assert_eq!(*events.0.lock().expect("no panic while locked"), ["died", "swept"]);
}

#[test]
fn a_hundred_thousand_closures_run_at_exit_newest_first() {
    thread_local!(static LAST: Cell<u32> = const { Cell::new(100_000) });
    let events = events_of_thread(|events| {
        let objects = [node(), ring(1), node()];
        objects.iter().for_each(keep);
        for number in 0..100_000 {
            let events = events.clone();
            let finalizer = Gc::on_drop(&objects[number as usize % 3], move || {
                let last = LAST.replace(number);
                if number > last {
                    events.note("out of order");
                } else if number == 0 {
                    events.note("all");
                }
            });
            finalizer.set_at_exit(number % 7 != 1);
        }
        // Those that opted out.
        keep(&Gc::leaf(AtDrop(Some(|| LAST.set(100_000)))));
    });
    assert_eq!(events[0], "all");
}

#[test]
fn an_endless_chain_of_closures_does_not_keep_the_thread() {
    thread_local!(static RUNS: Cell<usize> = const { Cell::new(0) });
    fn again(events: Events) {
        RUNS.set(RUNS.get() + 1);
        let next = events.clone();
        let register = |kept: &Vec<Gc<dyn Any>>| Gc::on_drop(&kept[0], move || again(next));
        if EARLY.try_with(|kept| register(&kept.borrow())).is_err() {
            events.note(RUNS.get().to_string());
        }
    }
    let events = events_of_thread(|events| {
        keep(&node());
        RUNS.set(0);
        events.at_death(&node(), "start");
        EARLY.with_borrow(|kept| {
            let oldest = events.clone();
            Gc::on_drop(&kept[0], move || oldest.note("oldest"));
        });
        again(events);
    });
    // By hand, at exit, then as many late ones as there may be, and the one left when the object dies.
    assert_eq!(events, ["start", "oldest", "100003"]);
}

#[test]
fn where_no_end_is_to_come_closures_wait_for_the_death() {
    /// Registers a closure when it is collected, which makes another.
    #[derive(Trace)]
    #[trace(finalize)]
    struct Breeder(RefCell<Option<Gc<Breeder>>>, Events);
    impl Finalize for Breeder {
        fn finalize(&self) {
            register(self.1.clone());
        }
    }
    fn breed(events: Events) {
        let breeder = Gc::new(Breeder(RefCell::new(None), events));
        *breeder.0.borrow_mut() = Some(breeder.clone());
    }
    fn register(events: Events) {
        let noted = events.clone();
        let registered = EARLY.try_with(|kept| Gc::on_drop(&kept.borrow()[0], move || breed(noted)));
        events.note(match registered {
            Ok(finalizer) => format!("at exit: {}", finalizer.at_exit()),
            Err(_) => "end".into(),
        });
    }
    let events = events_of_thread(|events| {
        keep(&node());
        register(events);
    });
    let (last, before) = events.split_last_chunk::<2>().map(|(before, last)| (last, before)).expect("two");
    assert_eq!((last[0].as_str(), last[1].as_str()), ("at exit: false", "end"));
    assert!(before.iter().all(|event| event == "at exit: true"));
}

#[test]
fn a_weak_pointer_does_not_upgrade_to_what_died_at_exit() {
    let events = events_of_thread(|events| {
        let (oldest, held) = (node(), node());
        let (weak, own) = (Gc::downgrade(&held), held.clone());
        let noted = events.clone();
        Gc::on_drop(&oldest, move || noted.note(format!("dead: {}", weak.upgrade().is_none())));
        events.at_death(&held, "dies");
        Gc::on_drop(&held, move || drop(own));
        keep(&oldest);
    });
    assert_eq!(events, ["dies", "dead: true"]);
}
