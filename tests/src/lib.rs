//! What the behaviour tests share: graphs in one line, and a log of what happened.

pub mod fuzz;

use std::cell::{Cell, RefCell};

use gc_core::{Finalize, Gc, Leaf, Trace, Weak};

thread_local! {
    static DROPPED: Cell<usize> = const { Cell::new(0) };
    static FINALIZED: Cell<usize> = const { Cell::new(0) };
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// How many [`Counted`]s of this thread were dropped.
pub fn dropped() -> usize {
    DROPPED.get()
}

/// How many [`Node`]s of this thread were finalized.
pub fn finalized() -> usize {
    FINALIZED.get()
}

/// Notes down what happened, unless the thread is so far gone that nobody can read it.
pub fn log(event: impl Into<String>) {
    let _ = LOG.try_with(|log| log.borrow_mut().push(event.into()));
}

/// What happened since the last call.
pub fn take_log() -> Vec<String> {
    LOG.take()
}

/// Counts its drops.
#[derive(Debug, Default)]
pub struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
    }
}

/// A node of any graph, whose finalizer and drop are counted.
#[derive(Trace, Default)]
#[trace(finalize)]
pub struct Node {
    /// Traced.
    pub edges: RefCell<Vec<Gc<Node>>>,
    /// Not an edge.
    pub back: RefCell<Weak<Node>>,
    counted: Leaf<Counted>,
}

impl Finalize for Node {
    fn finalize(&self) {
        FINALIZED.set(FINALIZED.get() + 1);
    }
}

/// A node without edges.
pub fn node() -> Gc<Node> {
    Gc::new(Node::default())
}

/// Draws an edge.
pub fn link(from: &Gc<Node>, to: &Gc<Node>) {
    from.edges.borrow_mut().push(to.clone());
}

/// `count` nodes, each with an edge to the next, the last to the first; returns one of them.
pub fn ring(count: usize) -> Gc<Node> {
    let first = node();
    let last = (1..count).fold(first.clone(), |previous, _| {
        let next = node();
        link(&previous, &next);
        next
    });
    link(&last, &first);
    first
}

/// A node of a list: small, so that ten million of them fit.
#[derive(Trace, Default)]
pub struct Cons {
    /// The rest.
    pub next: RefCell<Option<Gc<Cons>>>,
    counted: Leaf<Counted>,
}

/// `count` boxes, each owned by the one before; returns the first.
pub fn chain(count: usize) -> Gc<Cons> {
    chain_onto(Gc::new(Cons::default()), count - 1)
}

/// `count` boxes before `tail`.
pub fn chain_onto(tail: Gc<Cons>, count: usize) -> Gc<Cons> {
    (0..count).fold(tail, |next, _| Gc::new(Cons { next: RefCell::new(Some(next)), ..Cons::default() }))
}

/// Runs `body` on a thread with a stack of `bytes`.
///
/// # Panics
/// If `body` does.
pub fn on_stack_of(bytes: usize, body: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(bytes).spawn(body).expect("a thread").join().expect("no panic");
}
