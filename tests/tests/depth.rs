//! No graph is too deep: ten million boxes on a stack of 2 MiB.

use gc_core::gc::{self, Generation};
use gc_core::{Finalize, Gc, Trace};
use gc_tests::{chain, chain_onto, dropped, finalized, link, node, on_stack_of};
use std::cell::{Cell, RefCell};

const DEEP: usize = 10_000_000;
const STACK: usize = 2 << 20;

#[test]
fn a_chain_of_ten_million_is_dropped() {
    on_stack_of(STACK, || {
        drop(chain(DEEP));
        assert_eq!((dropped(), gc::stats().live_objects), (DEEP, 0));
    });
}

#[test]
fn a_ring_of_ten_million_is_collected() {
    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let last = chain(1);
        let first = chain_onto(last.clone(), DEEP - 1);
        *last.next.borrow_mut() = Some(first);
        drop(last);
        assert_eq!(gc::collect(), DEEP);
        assert_eq!((dropped(), gc::stats().live_objects), (DEEP, 0));
    });
}

#[test]
fn a_live_chain_of_ten_million_is_walked_while_a_candidate() {
    on_stack_of(STACK, || {
        let _paused = gc::pause();
        let held = chain(DEEP);
        drop(held.clone());
        let report = gc::collect_generation(Generation::Old);
        assert_eq!((report.visited, report.collected), (DEEP, 0));
        assert_eq!(dropped(), 0);
    });
}

#[test]
fn a_deep_chain_whose_finalizers_take_it_apart_is_dropped() {
    thread_local!(static TAKEN: Cell<usize> = const { Cell::new(0) });

    #[derive(Trace)]
    #[trace(finalize)]
    struct Link(RefCell<Option<Gc<Link>>>);

    impl Finalize for Link {
        fn finalize(&self) {
            TAKEN.set(TAKEN.get() + usize::from(self.0.take().is_some()));
        }
    }

    on_stack_of(STACK, || {
        let mut head = Gc::new(Link(RefCell::new(None)));
        for _ in 1..1_000_000 {
            head = Gc::new(Link(RefCell::new(Some(head))));
        }
        drop(head);
        assert_eq!((TAKEN.get(), gc::stats().live_objects), (999_999, 0));
    });
}

#[test]
fn a_wide_tree_is_dropped_with_every_finalizer_run_once() {
    on_stack_of(STACK, || {
        let root = node();
        let mut level = vec![root.clone()];
        for _ in 0..12 {
            level = level
                .iter()
                .flat_map(|parent| {
                    let children = [node(), node()];
                    children.iter().for_each(|child| link(parent, child));
                    children
                })
                .collect();
        }
        drop((level, root));
        assert_eq!((dropped(), finalized()), (8191, 8191));
    });
}

#[test]
fn a_leaf_that_borrows_is_dropped_before_what_it_borrows_however_deep() {
    thread_local!(static SEEN: Cell<usize> = const { Cell::new(0) });

    struct Guard<'a>(&'a Cell<bool>);
    impl Drop for Guard<'_> {
        fn drop(&mut self) {
            assert!(self.0.replace(false), "what the guard borrows is gone");
            SEEN.set(SEEN.get() + 1);
        }
    }
    struct Deep(#[allow(dead_code, reason = "it is dropped")] Option<Gc<Deep>>);
    impl Drop for Deep {
        fn drop(&mut self) {
            let alive = Cell::new(true);
            drop(Gc::leaf(Guard(&alive)));
            assert!(!alive.get());
        }
    }
    let chain = (0..200).fold(None, |next, _| Some(Gc::leaf(Deep(next))));
    drop(chain);
    assert_eq!(SEEN.get(), 200);
}
