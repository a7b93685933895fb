//! Who is to be told of a box's death.
//!
//! # Invariants
//! - **B1** a box is a key of `newest` exactly while its header says `OBSERVED`; the value heads the list of its
//!   observers, newest first.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ptr::NonNull;

use crate::object::header::Header;
use crate::object::observer::Observer;

/// What is called when a box has died.
pub(crate) type Callback = Box<dyn FnOnce()>;

/// The observers of one thread's boxes.
pub(crate) struct Observers {
    newest: RefCell<BTreeMap<NonNull<Header>, NonNull<Observer>>>,
}

impl Observers {
    pub(crate) const fn new() -> Self {
        Self { newest: RefCell::new(BTreeMap::new()) }
    }

    /// Puts `observer` at the head of its target's list.
    ///
    /// # Safety
    /// `observer` is allocated, in no list, and is removed before it is freed (O1, O2).
    pub(crate) unsafe fn insert(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise; only shared references to observers are formed.
        let new = unsafe { observer.as_ref() };
        let older = self.newest.borrow_mut().insert(new.target, observer);
        new.older.set(older);
        if let Some(older) = older {
            // SAFETY: an observer in a list is allocated (O1, O2).
            unsafe { older.as_ref() }.newer.set(Some(observer));
        }
        // SAFETY: O1.
        unsafe { new.target.as_ref() }.set_observed(true);
    }

    /// Takes `observer` out of its target's list, if it is in it.
    ///
    /// # Safety
    /// `observer` is allocated.
    pub(crate) unsafe fn remove(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise.
        let gone = unsafe { observer.as_ref() };
        let (newer, older) = (gone.newer.take(), gone.older.take());
        if let Some(older) = older {
            // SAFETY: an observer in a list is allocated (O1, O2).
            unsafe { older.as_ref() }.newer.set(newer);
        }
        match newer {
            // SAFETY: as above.
            Some(newer) => unsafe { newer.as_ref() }.older.set(older),
            None => self.replace_head(gone.target, observer, older),
        }
    }

    fn replace_head(&self, target: NonNull<Header>, old: NonNull<Observer>, new: Option<NonNull<Observer>>) {
        if self.newest.borrow().get(&target) != Some(&old) {
            return;
        }
        match new {
            Some(new) => drop(self.newest.borrow_mut().insert(target, new)),
            None => drop(self.remove_target(target)),
        }
    }

    /// Afterwards nobody watches `target` (B1). Returns the head of its list.
    fn remove_target(&self, target: NonNull<Header>) -> Option<NonNull<Observer>> {
        let mut newest = self.newest.borrow_mut();
        let head = newest.remove(&target);
        if newest.is_empty() {
            // An emptied map would keep memory, which the end of the thread would leak.
            *newest = BTreeMap::new();
        }
        // SAFETY: whoever asks holds the box, or an observer of it (O1).
        unsafe { target.as_ref() }.set_observed(false);
        head
    }

    /// Dissolves the list of `target` and returns its callbacks, newest first.
    pub(crate) fn take(&self, target: NonNull<Header>, callbacks: &mut Vec<Callback>) {
        let mut next = self.remove_target(target);
        while let Some(observer) = next {
            // SAFETY: an observer in a list is allocated (O1, O2).
            let observer = unsafe { observer.as_ref() };
            observer.newer.set(None);
            next = observer.older.take();
            callbacks.extend(observer.callback.take());
        }
    }
}
