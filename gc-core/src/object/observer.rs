//! A weak pointer's callback, and its place in the list of those that watch one box.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::object::header::Header;

/// What a `Weak` made by `Gc::downgrade_with` owns.
///
/// # Invariants
/// - **O1** an observer is freed by the `Weak` that owns it and by nobody else; until then `target` is an allocated
///   box (its `weak` counts the `Weak`, H3).
/// - **O2** as long as `callback` is there and the target lives, the observer is in the target's list.
pub(crate) struct Observer {
    pub(crate) target: NonNull<Header>,
    pub(crate) callback: Cell<Option<Box<dyn FnOnce()>>>,
    /// The next younger one in the list of `target`.
    pub(crate) newer: Cell<Option<NonNull<Observer>>>,
    /// The next older one.
    pub(crate) older: Cell<Option<NonNull<Observer>>>,
}
