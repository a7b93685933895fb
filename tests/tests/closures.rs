//! Callbacks whose captures are traced.

use std::cell::{Cell, RefCell};

use gc_core::{Closure, Finalize, Gc, Leaf, Trace, TracedFn, Weak, coerce, gc};
use gc_tests::{Counted, dropped, log, take_log};

/// The callbacks of these tests, whatever they capture.
type Callback = Gc<dyn TracedFn<u32, u32>>;

/// Owns callbacks, and is captured by them.
#[derive(Trace, Default)]
#[trace(finalize)]
struct Emitter {
    callbacks: RefCell<Vec<Callback>>,
    total: Cell<u32>,
    calls_at_end: bool,
    counted: Leaf<Counted>,
}

impl Finalize for Emitter {
    fn finalize(&self) {
        if self.calls_at_end {
            log(format!("at the end: {}", self.emit(1)));
        }
    }
}

impl Emitter {
    fn emit(&self, number: u32) -> u32 {
        let callbacks = self.callbacks.borrow().clone();
        callbacks.iter().map(|callback| callback.call(number)).sum()
    }
}

/// Code with captures, as a callback.
fn callback<C: Trace + 'static>(captures: C, code: impl Fn(&C, u32) -> u32 + 'static) -> Callback {
    coerce!(Gc::new(Closure::new(captures, code)) => dyn TracedFn<u32, u32>)
}

fn listen(emitter: &Gc<Emitter>, callback: Callback) {
    emitter.callbacks.borrow_mut().push(callback);
}

#[test]
fn callbacks_that_own_their_owner_are_reclaimed() {
    let emitter = Gc::new(Emitter::default());
    for _ in 0..3 {
        listen(
            &emitter,
            callback(emitter.clone(), |emitter, n| {
                emitter.total.set(emitter.total.get() + n);
                emitter.total.get()
            }),
        );
    }
    assert_eq!((emitter.emit(2), emitter.total.get()), (2 + 4 + 6, 6));
    assert_eq!(gc::collect(), 0);
    drop(emitter);
    assert_eq!((dropped(), gc::collect(), dropped()), (0, 4, 1));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn captures_of_every_kind_are_traced_or_left_alone() {
    let emitter = Gc::new(Emitter::default());
    let list = vec![emitter.clone(), emitter.clone()];
    let cell = RefCell::new(Some(emitter.clone()));
    let name: Gc<str> = "four".into();
    let captured = Gc::downgrade(&emitter);
    listen(&emitter, callback((list, 1_u32), |(list, one), n| list.len() as u32 + one + n));
    listen(&emitter, callback(cell, |cell, n| u32::from(cell.borrow().is_some()) + n));
    listen(&emitter, callback(captured, |weak: &Weak<Emitter>, n| weak.strong_count() as u32 + n));
    listen(&emitter, callback((name.clone(), Leaf(Counted)), |(name, _), n| name.len() as u32 + n));
    listen(&emitter, callback((), |(), n| n));
    let nested: Callback = callback(emitter.callbacks.borrow()[0].clone(), |inner, n| inner.call(n) * 10);
    listen(&emitter, nested);
    let strong = Gc::strong_count(&emitter) as u32;
    assert_eq!(emitter.emit(0), 3 + 1 + strong + 4 + 30);
    drop(emitter);
    // The emitter, and four callbacks that are tracked; the other two go with it.
    assert_eq!((gc::collect(), dropped()), (5, 2));
    assert_eq!((gc::stats().live_objects, Gc::strong_count(&name)), (1, 1));
}

#[test]
fn a_ring_of_callbacks_alone_is_reclaimed() {
    type Slot = Gc<RefCell<Option<Callback>>>;
    let slot: Slot = Gc::default();
    let ring = callback((slot.clone(), Leaf(Counted)), |(slot, _), n| match &*slot.borrow() {
        Some(next) if n > 0 => next.call(n - 1) + 1,
        _ => 0,
    });
    *slot.borrow_mut() = Some(ring.clone());
    drop(slot);
    assert_eq!(ring.call(5), 5);
    let weak = Gc::downgrade(&ring);
    drop(ring);
    assert_eq!((gc::collect(), dropped(), weak.upgrade().is_none()), (2, 1, true));
}

#[test]
fn callbacks_that_capture_leaves_are_untracked() {
    assert!(!Gc::is_tracked(&callback((), |(), n| n)));
    assert!(!Gc::is_tracked(&callback((String::from("x"), 5), |(text, five), n| text.len() as u32 + five + n)));
    assert!(!Gc::is_tracked(&callback(Weak::<Emitter>::new(), |_, n| n)));
    assert!(Gc::is_tracked(&callback(Gc::new(1_u32), |one, n| **one + n)));
    assert!(Gc::is_tracked(&callback(RefCell::new(None::<Callback>), |_, n| n)));
}

#[test]
fn a_callback_may_call_itself_and_change_who_is_called() {
    let emitter = Gc::new(Emitter::default());
    listen(
        &emitter,
        callback(emitter.clone(), |emitter, n| {
            if n == 0 {
                // The running callback goes on, though its owner lets go of it.
                emitter.callbacks.borrow_mut().clear();
                gc::collect();
                return 100;
            }
            emitter.emit(n - 1) + 1
        }),
    );
    assert_eq!((emitter.emit(3), emitter.emit(3)), (103, 0));
    assert_eq!((Gc::strong_count(&emitter), gc::stats().live_objects), (1, 1));
}

#[test]
fn a_callback_may_let_go_of_the_last_pointer_to_its_owner() {
    thread_local!(static OWNER: RefCell<Option<Gc<Emitter>>> = const { RefCell::new(None) });
    let emitter = Gc::new(Emitter::default());
    listen(
        &emitter,
        callback((emitter.clone(), Leaf(Counted)), |(emitter, _), n| {
            drop(OWNER.take());
            log(format!("collected {}", gc::collect()));
            emitter.total.get() + n
        }),
    );
    let running = emitter.callbacks.borrow()[0].clone();
    OWNER.set(Some(emitter));
    assert_eq!((running.call(5), take_log()), (5, vec!["collected 0".to_string()]));
    drop(running);
    assert_eq!((gc::collect(), dropped()), (2, 2));
}

#[test]
fn finalizers_call_the_callbacks_on_both_paths() {
    let make = || {
        let emitter = Gc::new(Emitter { calls_at_end: true, ..Emitter::default() });
        listen(&emitter, callback(Gc::new(40_u32), |captured, n| **captured + n));
        emitter
    };
    drop(make());
    assert_eq!(take_log(), ["at the end: 41"]);
    let emitter = make();
    listen(&emitter, callback(emitter.clone(), |emitter, n| emitter.callbacks.borrow().len() as u32 + n));
    drop(emitter);
    gc::collect();
    assert_eq!((take_log(), dropped()), (vec!["at the end: 44".to_string()], 2));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_callback_that_panics_is_called_again() {
    let emitter = Gc::new(Emitter::default());
    listen(
        &emitter,
        callback(emitter.clone(), |_, n| {
            assert_ne!(n, 0, "not zero");
            n
        }),
    );
    let call = std::panic::AssertUnwindSafe(|| emitter.emit(0));
    assert!(std::panic::catch_unwind(call).is_err());
    assert_eq!(emitter.emit(1), 1);
    drop(emitter);
    assert_eq!((gc::collect(), dropped()), (2, 1));
}

#[test]
fn signatures_take_no_argument_several_or_borrowed_ones() {
    let none: Gc<dyn TracedFn<()>> = coerce!(Gc::new(Closure::new((), |(), ()| log("called"))) => dyn TracedFn<()>);
    none.call(());
    let several = Gc::new(Closure::new(2, |two: &i32, (a, b): (i32, i32)| two * a + b));
    let several: Gc<dyn TracedFn<(i32, i32), i32>> = coerce!(several => dyn TracedFn<(i32, i32), i32>);
    assert_eq!((several.call((3, 4)), take_log()), (10, vec!["called".to_string()]));
    // A closure would be for one lifetime; a function is for any.
    fn is(own: &String, other: &str) -> bool {
        own == other
    }
    let borrowed = Gc::new(Closure::new(String::from("x"), is));
    let borrowed: Gc<dyn for<'a> TracedFn<&'a str, bool>> = coerce!(borrowed => dyn for<'a> TracedFn<&'a str, bool>);
    assert!(borrowed.call("x") && !borrowed.call(&String::from("y")));
    fn free((): &(), n: u32) -> u32 {
        n + 1
    }
    assert_eq!(callback((), free).call(1), 2);
}

#[test]
fn a_closure_shows_its_captures_and_is_copied_with_them() {
    let closure = Closure::new(5, |five: &i32, (): ()| *five);
    let copy = closure;
    assert_eq!((closure.call(()), *copy.captures()), (5, 5));
    assert_eq!(format!("{closure:?}"), "Closure { captures: 5, .. }");
    let shared = Closure::new(Gc::new(5), |five: &Gc<i32>, (): ()| Gc::strong_count(five));
    assert_eq!(shared.clone().call(()), 2);
    assert_eq!(shared.call(()), 1);
}
