//! CPython 3.11's `test_finalization.py` (PEP 442), one test here for each of its tests that means something for this
//! heap, by the same name and in the same order; tests of one name are told apart by a prefix for their class.
//!
//! Where the original asserts that weak pointers to what was saved are dead ("XXX is this desirable?"), the ones here
//! are alive: they go after finalizers, as those without callbacks do in CPython from 3.15 on.
//!
//! Left out: `LegacyFinalizationTest` (`tp_del`).

use std::cell::{Cell, RefCell};

use gc_core::{Finalize, Gc, Leaf, Trace, Weak, gc};

/// What an object does when it is finalized, besides being noted and looking around.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Simple,
    Resurrector,
    Suicidal,
}
use Class::{Resurrector, Simple, Suicidal};

thread_local! {
    static DEL_CALLS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static SURVIVORS: RefCell<Vec<Gc<Chained>>> = const { RefCell::new(Vec::new()) };
}

/// A member of a ring, or alone.
#[derive(Trace)]
#[trace(finalize)]
struct Chained {
    number: usize,
    class: Leaf<Class>,
    me: Weak<Chained>,
    suicided: Cell<bool>,
    left: RefCell<Option<Gc<Chained>>>,
    right: RefCell<Option<Gc<Chained>>>,
}

impl Finalize for Chained {
    fn finalize(&self) {
        DEL_CALLS.with_borrow_mut(|calls| calls.push(self.number));
        self.check_sanity();
        match self.class.0 {
            Simple => {}
            Resurrector => {
                let me = self.me.upgrade().expect("a weak pointer upgrades in a finalizer");
                SURVIVORS.with_borrow_mut(|survivors| survivors.push(me));
            }
            Suicidal => {
                self.suicided.set(true);
                drop((self.left.take(), self.right.take()));
            }
        }
    }
}

impl Chained {
    fn check_sanity(&self) {
        let me = |it: &Option<Gc<Self>>| it.as_ref().is_some_and(|it| std::ptr::eq(&raw const **it, self));
        if let Some(left) = &*self.left.borrow() {
            assert!(if left.suicided.get() { left.right.borrow().is_none() } else { me(&left.right.borrow()) });
        }
        if let Some(right) = &*self.right.borrow() {
            assert!(if right.suicided.get() { right.left.borrow().is_none() } else { me(&right.left.borrow()) });
        }
    }
}

fn object(number: usize, class: Class) -> Gc<Chained> {
    Gc::new_cyclic(|me| Chained {
        number,
        class: Leaf(class),
        me: me.clone(),
        suicided: Cell::new(false),
        left: RefCell::default(),
        right: RefCell::default(),
    })
}

fn build_chain(classes: &[Class]) -> Vec<Gc<Chained>> {
    let nodes: Vec<_> = classes.iter().enumerate().map(|(number, &class)| object(number, class)).collect();
    for (index, node) in nodes.iter().enumerate() {
        let left = &nodes[(index + nodes.len() - 1) % nodes.len()];
        *node.left.borrow_mut() = Some(left.clone());
        *left.right.borrow_mut() = Some(node.clone());
    }
    nodes
}

fn assert_del_calls(expected: usize) {
    let mut calls = DEL_CALLS.with_borrow(Vec::clone);
    calls.sort_unstable();
    assert_eq!(calls, (0..expected).collect::<Vec<_>>());
}

fn assert_survivors(expected: &[usize]) {
    let mut survivors: Vec<_> = SURVIVORS.with_borrow(|all| all.iter().map(|it| it.number).collect());
    survivors.sort_unstable();
    assert_eq!(survivors, expected);
}

fn alive(all: &[Weak<Chained>]) -> Vec<bool> {
    all.iter().map(|weak| weak.upgrade().is_some()).collect()
}

/// `nodes` are finalized once, none survives.
fn check_non_resurrecting(nodes: Vec<Gc<Chained>>) {
    gc::disable();
    let count = nodes.len();
    let weak: Vec<_> = nodes.iter().map(Gc::downgrade).collect();
    drop(nodes);
    for _ in 0..2 {
        gc::collect();
        assert_del_calls(count);
        assert_survivors(&[]);
        assert_eq!((alive(&weak), gc::stats().live_objects), (vec![false; count], 0));
    }
}

/// `nodes` are finalized once; the resurrectors survive that with all they reach; all of them die when let go.
fn check_resurrecting(nodes: Vec<Gc<Chained>>) {
    gc::disable();
    let count = nodes.len();
    let resurrectors: Vec<_> = nodes.iter().filter(|it| it.class.0 == Resurrector).map(|it| it.number).collect();
    let weak: Vec<_> = nodes.iter().map(Gc::downgrade).collect();
    drop(nodes);
    gc::collect();
    assert_del_calls(count);
    assert_survivors(&resurrectors);
    let now = alive(&weak);
    assert!(resurrectors.iter().all(|&number| now[number]), "weak pointers to survivors stay");
    assert_eq!(gc::stats().live_objects, now.iter().filter(|&&alive| alive).count());
    drop(SURVIVORS.take());
    gc::collect();
    assert_del_calls(count);
    assert_survivors(&[]);
    assert_eq!((alive(&weak), gc::stats().live_objects), (vec![false; count], 0));
}

// Claim: an object without cycle is finalized once, and dies.
#[test]
fn simple_test_simple() {
    check_non_resurrecting(vec![object(0, Simple)]);
}

// Claim: it may save itself, and is not finalized again.
#[test]
fn simple_test_simple_resurrect() {
    check_resurrecting(vec![object(0, Resurrector)]);
}

/// Without edges, and so untracked.
#[derive(Trace)]
#[trace(finalize)]
struct NonGc(Weak<NonGc>, bool);

thread_local!(static NON_GC: RefCell<Vec<Gc<NonGc>>> = const { RefCell::new(Vec::new()) });

impl Finalize for NonGc {
    fn finalize(&self) {
        DEL_CALLS.with_borrow_mut(|calls| calls.push(calls.len()));
        if self.1 {
            NON_GC.with_borrow_mut(|survivors| survivors.extend(self.0.upgrade()));
        }
    }
}

fn non_gc(is_resurrector: bool) -> Gc<NonGc> {
    let it = Gc::new_cyclic(|me| NonGc(me.clone(), is_resurrector));
    assert!(!Gc::is_tracked(&it));
    it
}

// Claim: so is an untracked one.
#[test]
fn simple_test_non_gc() {
    drop(non_gc(false));
    for _ in 0..2 {
        gc::collect();
        assert_del_calls(1);
        assert_eq!(gc::stats().live_objects, 0);
    }
}

// Claim: it, too, may save itself. Unlike CPython's, which has no room to note it, it is not finalized again.
#[test]
fn simple_test_non_gc_resurrect() {
    drop(non_gc(true));
    assert_del_calls(1);
    let survivors = NON_GC.take();
    assert_eq!((survivors.len(), Gc::is_finalized(&survivors[0])), (1, true));
    drop(survivors);
    assert_del_calls(1);
    assert_eq!((NON_GC.take().len(), gc::stats().live_objects), (0, 0));
}

// Claim: an object in a cycle with itself is finalized once, and dies.
#[test]
fn self_cycle_test_simple() {
    check_non_resurrecting(build_chain(&[Simple]));
}

// Claim: it may save itself, and is not finalized again.
#[test]
fn self_cycle_test_simple_resurrect() {
    check_resurrecting(build_chain(&[Resurrector]));
}

// Claim: it may break its cycle.
#[test]
fn self_cycle_test_simple_suicide() {
    check_non_resurrecting(build_chain(&[Suicidal]));
}

// Claim: each member of a ring is finalized once, and all die.
#[test]
fn cycle_chain_test_homogenous() {
    check_non_resurrecting(build_chain(&[Simple; 3]));
}

// Claim: all may save themselves.
#[test]
fn cycle_chain_test_homogenous_resurrect() {
    check_resurrecting(build_chain(&[Resurrector; 3]));
}

// Claim: all may break the ring.
#[test]
fn cycle_chain_test_homogenous_suicidal() {
    check_non_resurrecting(build_chain(&[Suicidal; 3]));
}

// Claim: so may every other one.
#[test]
fn cycle_chain_test_heterogenous_suicidal_one() {
    check_non_resurrecting(build_chain(&[Suicidal, Simple, Suicidal, Simple]));
}

// Claim: or the first ones.
#[test]
fn cycle_chain_test_heterogenous_suicidal_two() {
    check_non_resurrecting(build_chain(&[Suicidal, Suicidal, Simple, Simple]));
}

// Claim: those that save themselves save the others of an unbroken ring, which are not finalized again either.
#[test]
fn cycle_chain_test_heterogenous_resurrect_one() {
    check_resurrecting(build_chain(&[Resurrector, Simple, Resurrector, Simple]));
}

// Claim: saving and breaking go together, each member finalized once.
#[test]
fn cycle_chain_test_heterogenous_resurrect_two() {
    check_resurrecting(build_chain(&[Resurrector, Simple, Suicidal, Resurrector, Simple, Suicidal]));
}

// Claim: in any order.
#[test]
fn cycle_chain_test_heterogenous_resurrect_three() {
    check_resurrecting(build_chain(&[Resurrector, Resurrector, Simple, Simple, Suicidal, Suicidal]));
}
