//! Weak pointers with a callback, by the box that each watches.
//!
//! # Invariants
//! - **B2** each value of `newest` heads the list of its key's observers, newest first, and no list is empty.

use std::cell::RefCell;
use std::ptr::NonNull;

use super::Callback;
use crate::object::header::Header;
use crate::object::observer::Observer;
use crate::spread::{Spread, WordMap, shrink};

/// The observers of one thread's boxes.
pub(super) struct Observers {
    pub(super) newest: RefCell<WordMap<NonNull<Header>, NonNull<Observer>>>,
}

impl Observers {
    pub(super) const fn new() -> Self {
        Self { newest: RefCell::new(WordMap::with_hasher(Spread)) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.newest.borrow().is_empty()
    }

    pub(super) fn contains(&self, target: NonNull<Header>) -> bool {
        self.newest.borrow().contains_key(&target)
    }

    /// Puts `observer` at the head of its target's list.
    ///
    /// # Safety
    /// `observer` is allocated, in no list, and is removed before it is freed (O1, O2).
    pub(super) unsafe fn insert(&self, observer: NonNull<Observer>) {
        // SAFETY: the caller's promise; only shared references to observers are formed.
        let new = unsafe { observer.as_ref() };
        let older = self.newest.borrow_mut().insert(new.target, observer);
        new.older.set(older);
        if let Some(older) = older {
            // SAFETY: an observer in a list is allocated (O1, O2).
            unsafe { older.as_ref() }.newer.set(Some(observer));
        }
    }

    /// Takes `observer` out of its target's list, if it is in it.
    ///
    /// # Safety
    /// `observer` is allocated.
    pub(super) unsafe fn remove(&self, observer: NonNull<Observer>) {
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
        let mut newest = self.newest.borrow_mut();
        if newest.get(&target) != Some(&old) {
            return;
        }
        match new {
            Some(new) => drop(newest.insert(target, new)),
            None => drop(remove_list(&mut newest, target)),
        }
    }

    /// Dissolves the list of `target` and hands out its callbacks, newest first.
    pub(super) fn take(&self, target: NonNull<Header>, mut keep: impl FnMut(Callback)) {
        let mut next = remove_list(&mut self.newest.borrow_mut(), target);
        while let Some(observer) = next {
            // SAFETY: an observer in a list is allocated (O1, O2).
            let observer = unsafe { observer.as_ref() };
            observer.newer.set(None);
            next = observer.older.take();
            observer.callback.take().into_iter().for_each(&mut keep);
        }
    }
}

/// Afterwards `target` has no list (B2). Returns the head of the one it had.
fn remove_list(
    newest: &mut WordMap<NonNull<Header>, NonNull<Observer>>,
    target: NonNull<Header>,
) -> Option<NonNull<Observer>> {
    let head = newest.remove(&target);
    shrink(newest);
    head
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::gc_box;
    use crate::object::header::Epoch;

    #[test]
    fn those_removed_in_any_order_are_not_called_and_the_others_are() {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let target = Header::new(gc_box::leaf::<()>(), Epoch::FIRST);
            let called = Rc::new(Cell::new(0));
            let observer = |number: u32| {
                let called = called.clone();
                let callback: Callback = Box::new(move || called.set(10 * called.get() + number));
                let (newer, older) = (Cell::default(), Cell::default());
                Observer { target: NonNull::from_ref(&target), callback: Some(callback).into(), newer, older }
            };
            let all = [1, 2, 3].map(observer);
            let list = Observers::new();
            // SAFETY: the observers outlive the list's use of them (O1).
            all.iter().for_each(|observer| unsafe { list.insert(NonNull::from_ref(observer)) });
            for removed in &order[..2] {
                // SAFETY: as above.
                unsafe { list.remove(NonNull::from_ref(&all[*removed])) };
            }
            list.take(NonNull::from_ref(&target), |callback| callback());
            assert_eq!((called.get() as usize, list.is_empty()), (order[2] + 1, true));
        }
    }
}
