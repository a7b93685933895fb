//! No graph is too deep or too wide, on a stack of 2 MiB. What `depth` and `weak_map_deep` show of ten million boxes and of
//! a million entries is not repeated.
//!
//! Without optimization a tenth of each, or a hundredth where weak collections are concerned.

use std::cell::{Cell, RefCell};

use gc_core::gc::{self, Generation};
use gc_core::weak::WeakMap;
use gc_core::{Closure, Finalize, Gc, Leaf, Trace, TracedFn, Weak, coerce};
use gc_tests::{Counted, dropped, on_stack_of};

const DEEP: usize = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
const DEEP_ENTRIES: usize = if cfg!(debug_assertions) { 100_000 } else { 10_000_000 };
const WIDE: usize = if cfg!(debug_assertions) { 500_000 } else { 5_000_000 };
const STACK: usize = 2 << 20;

thread_local!(static FINALIZED: Cell<usize> = const { Cell::new(0) });

#[derive(Trace, Default)]
#[trace(finalize)]
struct Final {
    next: RefCell<Option<Gc<Final>>>,
    counted: Leaf<Counted>,
}

impl Finalize for Final {
    fn finalize(&self) {
        FINALIZED.set(FINALIZED.get() + 1);
    }
}

/// So many boxes with finalizers before `last`.
fn finals(last: Gc<Final>, count: usize) -> Gc<Final> {
    (0..count).fold(last, |next, _| Gc::new(Final { next: RefCell::new(Some(next)), ..Final::default() }))
}

#[test]
fn a_chain_of_ten_million_finalizers_is_dropped() {
    on_stack_of(STACK, || {
        drop(finals(Gc::default(), DEEP - 1));
        assert_eq!((FINALIZED.get(), dropped(), gc::stats().live_objects), (DEEP, DEEP, 0));
    });
}

#[test]
fn a_ring_of_ten_million_finalizers_is_collected() {
    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let last = Gc::<Final>::default();
        *last.next.borrow_mut() = Some(finals(last.clone(), DEEP - 1));
        drop(last);
        assert_eq!(gc::collect(), DEEP);
        assert_eq!((FINALIZED.get(), dropped(), gc::stats().live_objects), (DEEP, DEEP, 0));
    });
}

#[test]
fn a_ring_of_ten_million_that_one_finalizer_saves_lives_and_dies_later() {
    thread_local!(static SAVED: RefCell<Option<Gc<Saving>>> = const { RefCell::new(None) });

    #[derive(Trace, Default)]
    #[trace(finalize)]
    struct Saving(RefCell<Option<Gc<Saving>>>, Cell<bool>);
    impl Finalize for Saving {
        fn finalize(&self) {
            if self.1.get() {
                SAVED.set(self.0.borrow().clone());
            }
        }
    }

    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let last = Gc::new(Saving(RefCell::default(), Cell::new(true)));
        let first = (1..DEEP).fold(last.clone(), |next, _| Gc::new(Saving(Some(next).into(), Cell::new(false))));
        *last.0.borrow_mut() = Some(first);
        drop(last);
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.resurrected, report.collected), (DEEP, 0));
        drop(SAVED.take());
        assert_eq!((gc::collect(), gc::stats().live_objects), (DEEP, 0));
    });
}

#[test]
fn deep_chains_of_every_kind_of_box_are_dropped() {
    #[derive(Trace)]
    struct Link(Option<Gc<dyn Trace>>);

    on_stack_of(STACK, || {
        let traced = (0..DEEP).fold(None, |next, number| -> Option<Gc<dyn Trace>> {
            Some(match number % 100 {
                // Too large for the pool.
                0 => coerce!(Gc::new(([0_u64; 200], next)) => dyn Trace),
                1..40 => Gc::from(Box::new(Link(next)) as Box<dyn Trace>),
                40..70 => coerce!(Gc::new(Link(next)) => dyn Trace),
                _ => coerce!(Gc::<[Link; 1]>::try_from(Gc::<[Link]>::from([Link(next)])).ok()? => dyn Trace),
            })
        });
        drop(traced);
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn a_deep_chain_of_closures_is_dropped() {
    on_stack_of(STACK, || {
        type Call = Gc<dyn TracedFn<()>>;
        let chain = (0..DEEP).fold(None, |next: Option<Call>, _| {
            Some(coerce!(Gc::new(Closure::new(next, |_, (): ()| ())) => dyn TracedFn<()>))
        });
        drop(chain);
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn a_chain_of_ten_million_entries_is_walked_collected_and_dropped() {
    #[derive(Trace, Default)]
    struct Key(Leaf<Counted>, Option<Gc<Key>>);
    type Map = WeakMap<Key, Gc<Key>>;

    /// Keys, each held by the entry of the one before; the first and the last.
    fn chain(map: &Map) -> (Gc<Key>, Gc<Key>) {
        let first = Gc::<Key>::default();
        let last = (1..DEEP_ENTRIES).fold(first.clone(), |key, _| {
            let next = Gc::default();
            map.insert(&key, Gc::clone(&next));
            next
        });
        (first, last)
    }

    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let map = Map::new();
        let (first, last) = chain(&map);
        drop((first.clone(), last.clone()));
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.collected, map.len()), (DEEP_ENTRIES, 0, DEEP_ENTRIES - 1));

        map.insert(&last, first);
        drop(last);
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.collected), (DEEP_ENTRIES, DEEP_ENTRIES));

        drop(chain(&map).0);
        assert_eq!((map.len(), dropped(), gc::stats().live_objects), (0, 2 * DEEP_ENTRIES, 0));
    });
}

#[derive(Trace, Default)]
struct Hub {
    spokes: RefCell<Vec<Gc<Spoke>>>,
}

#[derive(Trace)]
struct Spoke {
    hub: Gc<Hub>,
    weak: Weak<Hub>,
}

/// A hub, and what leads back to it.
fn hub() -> (Gc<Hub>, Vec<Gc<Spoke>>) {
    let hub = Gc::<Hub>::default();
    let spokes = (0..WIDE).map(|_| Gc::new(Spoke { hub: hub.clone(), weak: Gc::downgrade(&hub) })).collect();
    (hub, spokes)
}

fn visited() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.visited).sum()
}

#[test]
fn a_hub_with_five_million_back_links_is_collected_in_one_pass() {
    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let (hub, spokes) = hub();
        *hub.spokes.borrow_mut() = spokes;
        drop(hub);
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.edges, report.collected), (WIDE + 1, 2 * WIDE, WIDE + 1));
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn a_hub_with_five_million_back_links_costs_linear_work_as_it_grows_and_shrinks() {
    on_stack_of(STACK, || {
        // Collections come by themselves, and all spokes are held.
        let (hub, mut spokes) = hub();
        hub.spokes.borrow_mut().extend(spokes.iter().cloned());
        for spoke in &spokes {
            drop(spoke.clone());
            drop(Gc::new(None::<Gc<u8>>));
        }
        assert!(visited() < 20 * WIDE as u64, "{} boxes were visited", visited());

        // Each spoke that dies leaves the hub suspected.
        drop(hub.spokes.take());
        let before = visited();
        while let Some(spoke) = spokes.pop() {
            assert!(spoke.hub.spokes.borrow().is_empty());
            drop(spoke);
            drop(Gc::new(None::<Gc<u8>>));
        }
        assert!(visited() - before < 20 * WIDE as u64, "{} boxes were visited", visited() - before);
        assert_eq!((Gc::strong_count(&hub), Gc::weak_count(&hub)), (1, 0));
    });
}

#[test]
fn the_back_links_of_a_dead_hub_upgrade_to_nothing() {
    #[derive(Trace)]
    struct Child(Weak<Hub>, Leaf<Counted>);

    on_stack_of(STACK, || {
        let hub = Gc::<Hub>::default();
        let children: Vec<_> = (0..WIDE).map(|_| Gc::new(Child(Gc::downgrade(&hub), Leaf(Counted)))).collect();
        assert_eq!(Gc::weak_count(&hub), WIDE);
        drop(hub);
        assert!(children.iter().all(|child| child.0.upgrade().is_none()));
        drop(children);
        assert_eq!((dropped(), gc::stats().live_objects), (WIDE, 0));
    });
}

#[test]
fn five_million_callbacks_of_one_hub_run_newest_first() {
    thread_local!(static CALLED: Cell<usize> = const { Cell::new(0) });
    on_stack_of(STACK, || {
        let hub = Gc::<Hub>::default();
        let watch = |number| {
            Gc::downgrade_with(&hub, move || {
                assert_eq!(CALLED.get() + number, WIDE - 1);
                CALLED.set(CALLED.get() + 1);
            })
        };
        let watches: Vec<_> = (0..WIDE).map(watch).collect();
        drop(hub);
        assert_eq!(CALLED.get(), WIDE);
        assert!(watches.iter().all(|watch| watch.upgrade().is_none()));
    });
}
