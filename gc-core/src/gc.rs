//! The controls of this thread's collector, after CPython's `gc` module.
//!
//! # Examples
//! ```
//! use std::cell::RefCell;
//! use gc_core::{Gc, Trace, gc};
//!
//! #[derive(Trace)]
//! struct Node {
//!     next: RefCell<Option<Gc<Node>>>,
//! }
//!
//! let node = Gc::new(Node { next: RefCell::new(None) });
//! *node.next.borrow_mut() = Some(node.clone());
//! drop(node);
//! assert_eq!(gc::stats().live_objects, 1);
//! assert_eq!(gc::collect(), 1);
//! assert_eq!(gc::stats().live_objects, 0);
//! ```

pub use crate::generation::Generation;
use crate::heap::{Heap, Paused};
pub use crate::policy::Thresholds;
pub use crate::report::{Collection, GenerationStats, Stats};

/// Collects all generations; returns how many boxes were reclaimed.
///
/// Called from inside a collection (by a finalizer, a callback, a destructor of garbage) it does nothing and returns 0.
/// It works while automatic collections are disabled or paused.
///
/// # Panics
/// With the first panic of a finalizer, a callback, a destructor or a hand-written `trace`, after everything else that
/// was garbage has been reclaimed; and if a hand-written `trace` is found to break its contract, in which case nothing
/// was freed.
pub fn collect() -> usize {
    collect_generation(Generation::Old).collected
}

/// Collects `generation` and the younger ones; survivors become a generation older.
///
/// Called from inside a collection it does nothing and returns an empty report.
///
/// # Panics
/// As [`collect`].
///
/// # Examples
/// ```
/// use gc_core::gc::{self, Generation};
///
/// let report = gc::collect_generation(Generation::Young);
/// assert_eq!((report.generation, report.collected), (Generation::Young, 0));
/// ```
pub fn collect_generation(generation: Generation) -> Collection {
    Heap::with(|heap| heap.collect(generation))
}

/// Turns automatic collections on, as they are at the start of a thread.
pub fn enable() {
    Heap::with(|heap| heap.counters().set_enabled(true));
}

/// Turns automatic collections off until [`enable`]. Counting goes on freeing what is not part of a cycle.
pub fn disable() {
    Heap::with(|heap| heap.counters().set_enabled(false));
}

/// Whether automatic collections are on. A [`pause`] does not change the answer.
pub fn is_enabled() -> bool {
    Heap::with(|heap| heap.counters().is_enabled())
}

/// Holds automatic collections back as long as the guard lives. Guards nest.
///
/// # Examples
/// ```
/// use gc_core::gc;
///
/// let guard = gc::pause();
/// // Build a large graph; nothing is collected meanwhile.
/// drop(guard);
/// ```
pub fn pause() -> PauseGuard {
    PauseGuard { _paused: Heap::pause() }
}

/// Ends a [`pause`] when dropped.
#[derive(Debug)]
#[must_use = "the pause ends when the guard is dropped"]
pub struct PauseGuard {
    _paused: Paused,
}

/// When automatic collections are due.
pub fn thresholds() -> Thresholds {
    Heap::with(|heap| heap.counters().thresholds())
}

/// Sets when automatic collections are due; `young: 0` turns them off.
///
/// # Panics
/// If a threshold is larger than [`Thresholds::MAX`].
pub fn set_thresholds(thresholds: Thresholds) {
    thresholds.check();
    Heap::with(|heap| heap.counters().set_thresholds(thresholds));
}

/// What is held against the thresholds: tracked boxes made less those freed since the last collection (never below 0);
/// young collections since the last middle one; middle collections since the last full one.
pub fn counts() -> [usize; 3] {
    Heap::with(|heap| heap.counters().counts())
}

/// What the heap of this thread holds and has done. O(1).
pub fn stats() -> Stats {
    Heap::with(Heap::stats)
}
