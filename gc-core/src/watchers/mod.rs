//! Who is to hear of a box's death: weak pointers with a callback, and entries of weak tables.
//!
//! # Invariants
//! - **B1** a box's header says `OBSERVED` exactly while one of the two lists has something for it.

mod keyed;
mod observers;
#[cfg(gc_verify)]
mod verify;

use std::any::Any;
use std::ptr::NonNull;
use std::rc::Rc;

use crate::object::ephemeron::Ephemeron;
use crate::object::header::Header;
use crate::object::observer::Observer;
use keyed::Keyed;
use observers::Observers;

/// What is called when a box has died.
pub(crate) type Callback = Box<dyn FnOnce()>;

/// What is left to do when a box has died and nobody sees it any more. Either runs user code.
pub(crate) enum Aftermath {
    Call(Callback),
    /// The value of an entry.
    Drop(Rc<dyn Any>),
}

impl Aftermath {
    pub(crate) fn is_call(&self) -> bool {
        matches!(self, Self::Call(_))
    }

    /// Does it.
    pub(crate) fn run(self) {
        match self {
            Self::Call(callback) => callback(),
            Self::Drop(value) => drop(value),
        }
    }
}

/// The watchers of one thread's boxes.
pub(crate) struct Watchers {
    observers: Observers,
    keyed: Keyed,
}

impl Watchers {
    pub(crate) const fn new() -> Self {
        Self { observers: Observers::new(), keyed: Keyed::new() }
    }

    /// Afterwards `observer` is called back when its target dies.
    ///
    /// # Safety
    /// `observer` is allocated, in no list, and is removed before it is freed (O1, O2).
    pub(crate) unsafe fn insert(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise.
        unsafe { self.observers.insert(observer) };
        // SAFETY: as above.
        announce(unsafe { observer.as_ref() }.target, true);
    }

    /// Afterwards `observer` is in no list.
    ///
    /// # Safety
    /// `observer` is allocated.
    pub(crate) unsafe fn remove(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise.
        unsafe { self.observers.remove(observer) };
        // SAFETY: as above; the target is allocated (O1).
        self.update(unsafe { observer.as_ref() }.target);
    }

    /// Whether anybody is called back when some box dies.
    pub(crate) fn has_observers(&self) -> bool {
        !self.observers.is_empty()
    }

    /// Afterwards `entry`, of a table, leaves it when its key dies.
    pub(crate) fn enter(&self, entry: Rc<dyn Ephemeron>) {
        announce(entry.key(), true);
        self.keyed.insert(entry);
    }

    /// Takes out the entry of `key` with this index, which leaves its table.
    pub(crate) fn withdraw(&self, key: NonNull<Header>, index: usize) -> Rc<dyn Ephemeron> {
        let withdrawn = self.keyed.remove(key, index);
        self.update(key);
        withdrawn
    }

    /// Shows the entries that hang on `key`.
    pub(crate) fn visit_entries(&self, key: NonNull<Header>, visit: &mut dyn FnMut(&dyn Ephemeron)) {
        self.keyed.visit(key, visit);
    }

    /// Afterwards nobody watches `dead`, and its entries are in no table. Hands out what is left to do: callbacks, newest
    /// first, then the values of the entries.
    pub(crate) fn take(&self, dead: NonNull<Header>, aftermath: &mut Vec<Aftermath>) {
        self.observers.take(dead, |callback| aftermath.push(Aftermath::Call(callback)));
        aftermath.extend(self.keyed.take(dead).into_iter().map(|entry| Aftermath::Drop(entry.leave_table())));
        announce(dead, false);
    }

    /// Restores B1 for `target`, which somebody watches no more.
    fn update(&self, target: NonNull<Header>) {
        announce(target, self.observers.contains(target) || self.keyed.contains(target));
    }
}

/// Says in the header of `target`, which is allocated, whether somebody watches it (B1).
fn announce(target: NonNull<Header>, is_watched: bool) {
    // SAFETY: whoever asks holds the box, an observer of it (O1), or an entry (M1).
    unsafe { target.as_ref() }.set_observed(is_watched);
}
