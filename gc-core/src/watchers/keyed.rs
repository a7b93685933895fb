//! The entries of weak tables, by the box that each hangs on.

use std::cell::RefCell;
use std::ptr::NonNull;
use std::rc::Rc;

use crate::object::ephemeron::Ephemeron;
use crate::object::header::Header;
use crate::spread::{Spread, WordMap, shrink};

/// Entries in no order; each knows its index (M2).
type Entries = Vec<Rc<dyn Ephemeron>>;

/// The keys of one thread's weak tables.
pub(super) struct Keyed {
    pub(super) entries: RefCell<WordMap<NonNull<Header>, Entries>>,
}

impl Keyed {
    pub(super) const fn new() -> Self {
        Self { entries: RefCell::new(WordMap::with_hasher(Spread)) }
    }

    pub(super) fn contains(&self, key: NonNull<Header>) -> bool {
        self.entries.borrow().contains_key(&key)
    }

    pub(super) fn insert(&self, entry: Rc<dyn Ephemeron>) {
        let mut all = self.entries.borrow_mut();
        let entries = all.entry(entry.key()).or_default();
        entry.index().set(entries.len());
        entries.push(entry);
    }

    /// Takes out the entry of `key` with this index, which is there.
    pub(super) fn remove(&self, key: NonNull<Header>, index: usize) -> Rc<dyn Ephemeron> {
        let mut all = self.entries.borrow_mut();
        let entries = all.get_mut(&key).expect("an entry in its table is in the list of its key (M2)");
        let removed = entries.swap_remove(index);
        if let Some(moved) = entries.get(index) {
            moved.index().set(index);
        }
        if entries.is_empty() {
            all.remove(&key);
            shrink(&mut all);
        } else if entries.capacity() / 8 > entries.len() {
            entries.shrink_to(2 * entries.len());
        }
        removed
    }

    /// Takes out all entries of `key`.
    pub(super) fn take(&self, key: NonNull<Header>) -> Entries {
        let mut all = self.entries.borrow_mut();
        let entries = all.remove(&key).unwrap_or_default();
        shrink(&mut all);
        entries
    }

    /// Shows the entries of `key`.
    pub(super) fn visit(&self, key: NonNull<Header>, visit: &mut dyn FnMut(&dyn Ephemeron)) {
        if let Some(entries) = self.entries.borrow().get(&key) {
            entries.iter().for_each(|entry| visit(&**entry));
        }
    }
}
