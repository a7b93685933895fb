//! The panic hook is code of the program's that runs inside a `trace` that panics, in the middle of a pass. It may do with its
//! pointers what it likes: what the pass looks at lives until the pass is over.
//!
//! A program of its own: there is one hook for all threads. Not for a heap that verifies itself, which calls `trace` at other times,
//! too, and is not to be trusted once the hook has changed what it is looking at.
#![cfg(not(gc_verify))]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::weak::WeakMap;
use gc_core::{Finalize, Gc, Trace, Tracer, Weak, coerce, gc};

type Act = Box<dyn FnOnce()>;

thread_local! {
    /// What the hook does on this thread.
    static ACT: RefCell<Option<Act>> = const { RefCell::new(None) };
}

fn install_hook() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| match ACT.take() {
            Some(act) => act(),
            None => before(panic),
        }));
    });
}

/// Says what happens to it.
#[derive(Default)]
struct Log(Rc<RefCell<Vec<&'static str>>>);

impl Drop for Log {
    fn drop(&mut self) {
        self.0.borrow_mut().push("dropped");
    }
}

gc_core::impl_trace_leaf!(Log);

#[derive(Trace, Default)]
#[trace(finalize)]
struct Finalized {
    next: RefCell<Option<Gc<Finalized>>>,
    log: Log,
}

impl Finalize for Finalized {
    fn finalize(&self) {
        self.log.0.borrow_mut().push("finalized");
    }
}

#[derive(Trace, Default)]
struct Plain {
    next: RefCell<Option<Gc<Plain>>>,
    log: Log,
}

/// Its `trace` panics, once.
struct Bomb {
    before: RefCell<Option<Gc<dyn Trace>>>,
    lit: Cell<bool>,
}

// SAFETY: the only field that owns a `Gc` is reported once, if anything is; no `Drop` (T1 to T4).
unsafe impl Trace for Bomb {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.before.trace(tracer);
        assert!(!self.lit.replace(false), "boom");
    }
}

fn bomb(before: Option<Gc<dyn Trace>>) -> Gc<Bomb> {
    let bomb = Gc::new(Bomb { before: before.into(), lit: true.into() });
    drop(bomb.clone());
    bomb
}

/// Collects; `act` is what the hook does.
fn collect_with_hook(act: impl FnOnce() + 'static) {
    install_hook();
    ACT.set(Some(Box::new(act)));
    catch_unwind(AssertUnwindSafe(gc::collect)).expect_err("`trace` panics");
    assert!(ACT.take().is_none(), "the hook ran");
}

/// Does as the hook does, with a suspected value that the pass has visited: as a candidate, or by an edge.
fn check_death<T: Trace + Default + 'static>(log_of: impl Fn(&T) -> &Log, expected: &[&'static str]) {
    for by_edge in [false, true] {
        let doomed = Gc::new(T::default());
        let log = log_of(&doomed).0.clone();
        let held: Gc<dyn Trace> = coerce!(doomed.clone() => dyn Trace);
        let bomb = bomb(by_edge.then_some(held));
        let seen = log.clone();
        let holder = bomb.clone();
        collect_with_hook(move || {
            *holder.before.borrow_mut() = None;
            drop(doomed);
            assert_eq!(*seen.borrow(), [] as [&str; 0], "nothing dies under the pass");
            // The queue is emptied neither by the end of another drop nor by a collection.
            drop(Gc::new(Plain::default()));
            assert_eq!((gc::collect(), seen.borrow().len()), (0, 0));
        });
        assert_eq!(*log.borrow(), expected);
        drop(bomb);
        assert_eq!((gc::collect(), gc::stats().live_objects, gc::stats().candidates), (0, 0, 0));
    }
}

#[test]
fn what_it_drops_dies_once_the_pass_is_over() {
    check_death::<Plain>(|plain| &plain.log, &["dropped"]);
    check_death::<Finalized>(|finalized| &finalized.log, &["finalized", "dropped"]);
}

/// A key is tracked from its first entry on, though there is nothing in it to trace or to drop.
#[test]
fn a_value_that_needs_no_drop_lives_as_long() {
    let (map, key) = (WeakMap::new(), Gc::new(7_u32));
    map.insert(&key, Some(Gc::new(1)));
    map.remove(&key);
    assert!(Gc::is_tracked(&key));
    drop(key.clone());
    let bomb = bomb(None);
    let alive = gc::stats().live_objects;
    collect_with_hook(move || {
        drop(key);
        assert_eq!(gc::stats().live_objects, alive);
    });
    assert_eq!(gc::stats().live_objects, alive - 1);
    drop(bomb);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
}

#[test]
fn it_is_not_given_what_the_pass_looks_at_for_itself() {
    let mut target = Gc::new(Plain::default());
    drop(target.clone());
    let bomb = bomb(None);
    collect_with_hook(move || {
        assert!(Gc::get_mut(&mut target).is_none());
        let target = Gc::try_unwrap(target).err().expect("it is looked at");
        assert_eq!(Gc::strong_count(&target), 1);
    });
    drop(bomb);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
}

#[test]
fn a_garbage_ring_that_it_saves_by_a_weak_pointer_lives() {
    let ring = Gc::new(Plain::default());
    *ring.next.borrow_mut() = Some(ring.clone());
    let weak: Weak<Plain> = Gc::downgrade(&ring);
    let bomb = bomb(None);
    drop(ring);
    let saved = Rc::new(Cell::new(None));
    let keep = saved.clone();
    collect_with_hook(move || keep.set(weak.upgrade()));
    let ring = saved.take().expect("it was alive");
    drop(bomb);
    assert_eq!(gc::collect(), 0);
    drop(ring);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
}

#[test]
fn frozen_boxes_that_it_frees_are_forgotten() {
    let frozen = Gc::new(Plain::default());
    let log = frozen.log.0.clone();
    gc::freeze();
    let bomb = bomb(Some(coerce!(frozen.clone() => dyn Trace)));
    let holder = bomb.clone();
    let (place, next) = (Gc::as_ptr(&frozen), Rc::new(Cell::new(None)));
    let put_there = next.clone();
    collect_with_hook(move || {
        *holder.before.borrow_mut() = None;
        drop(frozen);
        put_there.set(Some(Gc::new(Plain::default())));
    });
    assert_eq!(*log.borrow(), ["dropped"]);
    let next = next.take().expect("the hook ran");
    assert!(cfg!(gc_system_alloc) || Gc::as_ptr(&next) == place, "where the frozen one was is another one now");
    gc::unfreeze();
    assert_eq!(gc::stats().candidates, 1, "the one that could not be looked into, and not the other");
    drop((bomb, next));
    assert_eq!((gc::collect(), gc::stats().live_objects, gc::stats().candidates), (0, 0, 0));
}

/// As a `Bomb`, with something to say.
#[derive(Default)]
struct Chatty {
    lit: Cell<bool>,
    next: RefCell<Option<Gc<Chatty>>>,
    log: Log,
}

// SAFETY: the only field that owns a `Gc` is reported once, if anything is; no `Drop` (T1 to T4).
unsafe impl Trace for Chatty {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.next.trace(tracer);
        assert!(!self.lit.replace(false), "boom");
    }
}

#[test]
fn what_a_slice_looks_at_lives_until_the_collection_is_given_up() {
    install_hook();
    gc::set_budget(1);
    let mut looked_at = Gc::new(Chatty::default());
    let log = looked_at.log.0.clone();
    let others: Vec<_> = (0..10).map(|_| Gc::new(Plain::default())).collect();
    gc::collect();
    others.iter().for_each(|other| drop(other.clone()));
    drop(looked_at.clone());
    looked_at.lit.set(true);
    let seen = log.clone();
    ACT.set(Some(Box::new(move || {
        assert!(Gc::get_mut(&mut looked_at).is_none());
        drop((looked_at, others));
        assert_eq!(*seen.borrow(), [] as [&str; 0], "it dies under the slice");
        assert_eq!((gc::collect(), gc::stats().live_objects), (0, 1));
    })));
    let panic = catch_unwind(|| (0..200_000).for_each(|_| drop(Gc::new(0))));
    assert_eq!(panic.expect_err("`trace` panics").downcast_ref::<&str>(), Some(&"boom"));
    assert_eq!((&**log.borrow(), gc::stats().live_objects), (&["dropped"][..], 0));
    assert_eq!((gc::collect(), gc::stats().candidates), (0, 0));
}

/// Whoever captures the heap calls `trace`, too.
#[cfg(feature = "inspect")]
#[test]
fn what_a_capture_looks_at_lives_until_it_is_over() {
    use gc_core::inspect::{Snapshot, Unread};

    install_hook();
    let mut looked_at = Gc::new(Chatty::default());
    let log = looked_at.log.0.clone();
    let others: Vec<_> = (0..10).map(|_| Gc::new(Plain::default())).collect();
    looked_at.lit.set(true);
    let seen = log.clone();
    ACT.set(Some(Box::new(move || {
        assert!(Gc::get_mut(&mut looked_at).is_none());
        drop((looked_at, others));
        assert_eq!(*seen.borrow(), [] as [&str; 0], "it dies under the capture");
        drop(Gc::new(Plain::default()));
        assert_eq!(gc::collect(), 0);
    })));
    let snapshot = Snapshot::capture();
    assert_eq!(snapshot.len(), 11);
    assert_eq!(snapshot.objects().filter(|object| object.unread() == Some(Unread::Panicked)).count(), 1);
    assert_eq!((&**log.borrow(), gc::stats().live_objects), (&["dropped"][..], 0));
}

/// Refers to others, says when it dies, and has a `trace` that panics once after it is lit.
#[derive(Default)]
struct Fuse {
    next: RefCell<Option<Gc<Fuse>>>,
    lit: Rc<Cell<bool>>,
    log: Log,
}

// SAFETY: the only field that owns a `Gc` is reported once, if anything is; no `Drop` (T1 to T4).
unsafe impl Trace for Fuse {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        assert!(!self.lit.replace(false), "boom");
        self.next.trace(tracer);
    }
}

/// Makes garbage, lets a full collection do so many slices, and makes it live again; the hook ends it if it is looked into after that.
/// `false` if it was reclaimed before.
fn check_death_between_slices(slices: usize) -> bool {
    let [one, other] = [(); 2].map(|()| Gc::new(Fuse::default()));
    *one.next.borrow_mut() = Some(other.clone());
    *other.next.borrow_mut() = Some(one.clone());
    let (lit, log, weak) = (one.lit.clone(), one.log.0.clone(), Gc::downgrade(&one));
    drop((one, other));
    let done = Rc::new(Cell::new(0));
    let count = done.clone();
    let guard = gc::on_collect(move |event| {
        if matches!(event, gc::CollectEvent::Stop(report) if report.generation == gc::Generation::Old) {
            count.set(count.get() + 1);
        }
    });
    while done.get() < slices && weak.strong_count() > 0 {
        drop(Gc::new(0));
    }
    drop(guard);
    let Some(one) = weak.upgrade() else { return false };
    drop(weak);
    lit.set(true);
    let seen = log.clone();
    ACT.set(Some(Box::new(move || {
        let other = one.next.take().expect("nobody took it");
        drop((other.next.take(), other, one));
        // The queue is not emptied by the end of another drop.
        drop(Gc::new(Plain::default()));
        assert_eq!(*seen.borrow(), [] as [&str; 0], "it is looked into");
    })));
    let looked_into = catch_unwind(AssertUnwindSafe(|| (0..10_000).for_each(|_| drop(Gc::new(0))))).is_err();
    assert_eq!(ACT.take().is_none(), looked_into);
    assert_eq!(*log.borrow() == ["dropped"], looked_into);
    lit.set(false);
    gc::collect();
    true
}

#[test]
fn nor_does_it_while_a_collection_in_slices_looks_into_it() {
    install_hook();
    gc::set_budget(1);
    let slices = (1..).take_while(|&slices| check_death_between_slices(slices)).count();
    assert!(slices > 10, "it was reclaimed in {slices} slices");
    assert_eq!((gc::collect(), gc::stats().live_objects, gc::stats().candidates), (0, 0, 0));
}
