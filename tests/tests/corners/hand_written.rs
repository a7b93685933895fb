//! `Trace` written by hand, well and badly: where the contract is kept nothing is ever freed too early, and where a breach
//! shows it is told.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::gc::{self, Generation};
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, Weak};
use gc_tests::{Counted, dropped};

use crate::collect_automatically;

/// What a call of `trace` does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Manner {
    Honest,
    /// It reports every edge twice, which T2 forbids.
    Twice,
    /// It reports nothing, which is allowed.
    Nothing,
    Panics,
}

thread_local! {
    /// The call that is not honest, counted from here, and what it does.
    static NEXT: Cell<Option<(usize, Manner)>> = const { Cell::new(None) };
    /// What all calls do, once a finalizer ran.
    static AFTER_FINALIZERS: Cell<Option<Manner>> = const { Cell::new(None) };
    static FINALIZED: Cell<bool> = const { Cell::new(false) };
}

fn manner() -> Manner {
    match NEXT.take() {
        Some((0, manner)) => return manner,
        Some((later, manner)) => NEXT.set(Some((later - 1, manner))),
        None => {}
    }
    AFTER_FINALIZERS.get().filter(|_| FINALIZED.get()).unwrap_or(Manner::Honest)
}

/// Its `trace` has manners.
#[derive(Default)]
struct Edges(RefCell<Vec<Gc<Item>>>);

// SAFETY: the contract is broken on purpose (T2), in graphs where that cannot pass unseen: nothing but reported edges leads to
// what is reported twice. Otherwise each edge is reported once, or not at all.
unsafe impl Trace for Edges {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        match manner() {
            Manner::Honest => self.0.trace(tracer),
            Manner::Twice => [&self.0, &self.0].map(|edges| edges.trace(tracer)).into_iter().collect(),
            Manner::Nothing => {}
            Manner::Panics => resume_unwind(Box::new("trace")),
        }
    }
}

#[derive(Trace, Default)]
#[trace(finalize)]
struct Item {
    edges: Edges,
    counted: Leaf<Counted>,
}

impl Finalize for Item {
    fn finalize(&self) {
        FINALIZED.set(true);
    }
}

fn link(from: &Gc<Item>, to: &Gc<Item>) {
    from.edges.0.borrow_mut().push(to.clone());
}

/// A ring of three, and one that is owned by the last of them.
fn ring() -> Gc<Item> {
    let [one, two, three, four] = [(); 4].map(|()| Gc::<Item>::default());
    link(&one, &two);
    link(&two, &three);
    link(&three, &one);
    link(&three, &four);
    one
}

/// A root that nothing leads to, with a ring behind it that is suspected, and garbage beside it; and weak pointers to both
/// rings.
fn held() -> (Gc<Item>, [Weak<Item>; 2]) {
    let (root, inside, garbage) = (Gc::<Item>::default(), ring(), ring());
    link(&root, &inside);
    drop(root.clone());
    let rings = [&inside, &garbage].map(Gc::downgrade);
    (root, rings)
}

/// What a panic says.
fn message<R>(action: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(action)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a message")
    })
}

fn is_diagnosis(message: &str) -> bool {
    message.contains("Item` was reported more often than its") && message.contains("nothing was freed")
}

/// How many boxes [`held`] makes: a trial deletion calls the `trace` of each first, to subtract their edges.
const BOXES: usize = 9;

/// Lets one of the `calls` of `trace` in a collection after the other do something else than it should; returns how many
/// there were, and what the panics said.
fn each_call(manner: Manner, calls: Range<usize>) -> (usize, Vec<String>) {
    let (mut made, mut panics) = (0, Vec::new());
    for call in calls {
        let ((root, rings), before) = (held(), dropped());
        FINALIZED.set(false);
        NEXT.set(Some((call, manner)));
        let result = message(|| gc::collect_generation(Generation::Old));
        let was_made = NEXT.take().is_none();
        let last = (0..3).fold(root.clone(), |item, _| item.edges.0.borrow()[0].clone());
        assert_eq!(last.edges.0.borrow().len(), 2, "the live ring is whole");
        drop(last);
        panics.extend(result.err());
        drop(root);
        // What looked alive is not suspected any more.
        drop(rings.map(|ring| ring.upgrade()));
        while gc::collect() > 0 {}
        assert_eq!((dropped() - before, gc::stats().live_objects), (BOXES, 0), "call {call}");
        if !was_made {
            break;
        }
        made += 1;
    }
    (made, panics)
}

#[test]
fn a_panic_of_any_call_frees_nothing_that_is_held() {
    let (calls, panics) = each_call(Manner::Panics, 0..usize::MAX);
    assert!(calls > 10 && panics.len() == calls, "{calls} calls, {panics:?}");
    assert!(panics.iter().all(|panic| panic == "trace"));
}

#[test]
fn a_call_that_reports_nothing_is_never_more_than_a_leak() {
    // What is subtracted must be reported again where it is marked (T3), so only calls that subtract may be silent.
    let (calls, panics) = each_call(Manner::Nothing, 0..BOXES);
    assert!(calls == BOXES && panics.is_empty(), "{panics:?}");
}

#[test]
fn a_call_that_reports_twice_is_diagnosed_or_changes_nothing() {
    let (calls, panics) = each_call(Manner::Twice, 0..usize::MAX);
    assert!(calls > 10 && panics.len() > calls / 2, "{calls} calls, {panics:?}");
    assert!(panics.iter().all(|panic| is_diagnosis(panic)), "{panics:?}");
}

#[test]
fn over_reporting_is_diagnosed_in_collections_of_every_kind() {
    let asked = Generation::ALL.map(Some);
    for generation in asked.into_iter().chain([None]) {
        let paused = gc::pause();
        drop(ring());
        drop(paused);
        // The first to be suspected was the one without edges.
        NEXT.set(Some((1, Manner::Twice)));
        let result = message(|| match generation {
            Some(generation) => drop(Some(gc::collect_generation(generation))),
            None => collect_automatically(),
        });
        let panic = result.expect_err("a panic");
        assert!(is_diagnosis(&panic), "{panic}");
        // The next one finds an honest `trace`.
        assert_eq!((gc::collect(), gc::stats().live_objects), (4, 0));
    }
}

#[test]
fn over_reporting_after_finalizers_is_diagnosed_and_everything_lives_on() {
    drop(ring());
    AFTER_FINALIZERS.set(Some(Manner::Twice));
    let panic = message(gc::collect).expect_err("a panic");
    assert!(is_diagnosis(&panic) && dropped() == 0, "{panic}");
    AFTER_FINALIZERS.set(None);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (4, 4, 0));
}

#[test]
fn under_reporting_after_finalizers_only_puts_off() {
    drop(ring());
    AFTER_FINALIZERS.set(Some(Manner::Nothing));
    assert_eq!((message(gc::collect), dropped()), (Ok(0), 0));
    AFTER_FINALIZERS.set(None);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (4, 4, 0));
}

#[test]
fn a_broken_trace_is_diagnosed_again_and_again_and_keeps_nobody_from_working() {
    struct Broken(Gc<Item>);
    // SAFETY: broken on purpose (T2): nothing but this edge leads to what it is reported of.
    unsafe impl Trace for Broken {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            self.0.trace(tracer);
        }
    }
    let broken = Gc::new(Broken(Gc::default()));
    drop(broken.clone());
    assert!(message(collect_automatically).is_err_and(|panic| is_diagnosis(&panic)));
    for _ in 0..5 {
        assert!(message(gc::collect).is_err_and(|panic| is_diagnosis(&panic)));
        drop(ring());
        // A younger collection does not look at it any more.
        assert_eq!(message(|| gc::collect_generation(Generation::Young).collected), Ok(4));
        // What it does not lead to dies by count as ever.
        let before = dropped();
        drop(Gc::<Item>::default());
        assert_eq!(dropped() - before, 1);
    }
    assert_eq!(broken.0.edges.0.borrow().len(), 0);
    drop(broken);
    assert_eq!((gc::collect(), gc::stats().live_objects), (0, 0));
}

#[test]
fn reporting_what_somebody_else_owns_is_diagnosed_where_two_do() {
    #[derive(Clone)]
    struct Shares(Rc<Gc<Item>>);
    // SAFETY: broken on purpose (T1): whoever has a clone of the `Rc` reports what only all of them own.
    unsafe impl Trace for Shares {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            (*self.0).trace(tracer);
        }
    }
    let shared = Shares(Rc::new(Gc::default()));
    let owners = [Gc::new(shared.clone()), Gc::new(shared.clone())];
    drop((owners.clone(), (*shared.0).clone()));
    let panic = message(gc::collect).expect_err("a panic");
    assert!(panic.contains("Shares`") && is_diagnosis(&panic), "{panic}");
    assert!(shared.0.edges.0.borrow().is_empty());
    drop((owners, shared));
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}

#[test]
fn reporting_a_box_that_is_not_tracked_twice_frees_nothing() {
    struct Twice(Gc<Counted>, RefCell<Option<Gc<Twice>>>);
    // SAFETY: broken on purpose (T2): nobody but this value owns the leaf, which no pass follows.
    unsafe impl Trace for Twice {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            self.0.trace(tracer);
            self.1.trace(tracer);
        }
    }
    let held = Gc::new(Twice(Gc::leaf(Counted), RefCell::default()));
    *held.1.borrow_mut() = Some(held.clone());
    let _watch = Gc::downgrade_with(&held, || ());
    drop(held.clone());
    assert_eq!((gc::collect(), dropped(), Gc::strong_count(&held.0)), (0, 0, 1));
    drop(held);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (1, 1, 0));
}

#[test]
fn a_value_that_shows_its_edges_now_and_then_is_reclaimed_when_it_does() {
    /// It changes when the program says so, and reports the same edges until then: the contract is kept.
    struct Shy(RefCell<Option<Gc<Shy>>>, Cell<bool>, Leaf<Counted>);
    // SAFETY: reporting less than is owned is allowed.
    unsafe impl Trace for Shy {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            if self.1.get() {
                self.0.trace(tracer);
            }
        }
    }
    let shy = || Gc::new(Shy(RefCell::default(), Cell::new(false), Leaf(Counted)));
    // All that two of them can show, in two collections one after the other.
    for shown in 0..16_u32 {
        let before = dropped();
        let [one, two] = [shy(), shy()];
        *one.0.borrow_mut() = Some(two.clone());
        *two.0.borrow_mut() = Some(one.clone());
        let weak = [&one, &two].map(Gc::downgrade);
        drop((one, two));
        for time in 0..2 {
            let alive = weak.each_ref().map(|weak| weak.upgrade());
            for (bit, shy) in alive.iter().flatten().enumerate() {
                shy.1.set(shown >> (2 * time + bit) & 1 == 1);
            }
            drop(alive);
            collect_automatically();
            gc::collect();
            let all_shown = shown >> (2 * time) & 3 == 3;
            assert!(!all_shown || dropped() - before == 2, "{shown:b}, {time}");
            assert!(dropped() - before == 0 || weak.iter().all(|weak| weak.upgrade().is_none()));
        }
        drop(weak.each_ref().map(|weak| weak.upgrade().map(|shy| shy.0.take())));
        assert_eq!((dropped() - before, gc::stats().live_objects), (2, 0), "{shown:b}");
    }
}

#[test]
fn a_value_that_says_it_has_no_edges_is_never_looked_into() {
    struct Denies(RefCell<Option<Gc<Denies>>>);
    // SAFETY: it is not even called.
    unsafe impl Trace for Denies {
        fn trace(&self, _: &mut Tracer<'_>) {
            unreachable!("it has no edges");
        }
        fn has_edges() -> bool {
            false
        }
    }
    let held = Gc::new(Denies(RefCell::default()));
    *held.0.borrow_mut() = Some(held.clone());
    drop(held.clone());
    collect_automatically();
    assert_eq!((gc::collect(), Gc::is_tracked(&held)), (0, false));
    drop(held.0.take());
}
