//! What `#[derive(Trace)]` accepts (`pass/`), and what it refuses with which words (`fail/`); listed in `README.md`.
//!
//! Here is what the accepted types are asked at run time.

use std::cell::RefCell;

use gc_core::{Gc, Trace, gc};

/// What the edges of the types under test lead to: a box that can lead back.
#[derive(Trace, Default)]
pub struct Target {
    back: RefCell<Option<Box<dyn Trace>>>,
}

/// A field to be traced.
pub type Edge = Gc<Target>;

/// An edge to a box of its own.
#[must_use]
pub fn edge() -> Edge {
    Gc::default()
}

/// How many edges the collector sees in `value`.
#[must_use]
pub fn edges<T: Trace + 'static>(value: T) -> usize {
    Gc::referents(&Gc::new(value)).len()
}

/// Whether a box of this type is visited by collections.
#[must_use]
pub fn is_tracked<T: Trace + 'static>(value: T) -> bool {
    Gc::is_tracked(&Gc::new(value))
}

/// Whether a ring through the edge that `make` puts into its value is reclaimed by a collection, and by nothing else.
#[must_use]
pub fn reclaims<T: Trace + 'static>(make: impl FnOnce(Edge) -> T) -> bool {
    gc::collect();
    let before = gc::stats().live_objects;
    let target = edge();
    let value = Gc::new(make(target.clone()));
    *target.back.borrow_mut() = Some(Box::new(value.clone()));
    drop((target, value));
    let held = gc::stats().live_objects;
    gc::collect();
    held > before && gc::stats().live_objects == before
}

/// A type without `Trace`, for what is asked nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Opaque;
