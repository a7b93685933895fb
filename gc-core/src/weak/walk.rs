//! Walks through a table, from home to home.

use super::slots::Home;
use super::table::{Lent, Table};
use crate::pointers::Gc;

/// A walk over the entries that a table has when it begins. Between two steps it holds nothing but a home.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    home: Home,
    /// The number of the newest of them. Newer ones are passed by, or one insertion for each step would never end.
    newest: u64,
}

impl Walk {
    pub(super) fn through<T: ?Sized, V>(table: &Table<T, V>) -> Self {
        Self { home: 0, newest: table.inserted() }
    }

    /// The next entry, and what it hangs on.
    pub(super) fn step<T: ?Sized, V>(&mut self, table: &Table<T, V>) -> Option<(Gc<T>, Lent<T, V>)> {
        while let Some((after, entry)) = table.from(self.home) {
            self.home = after;
            if let Some(key) = entry.key().filter(|_| entry.number() <= self.newest) {
                return Some((key, entry));
            }
        }
        None
    }

    /// The next entry, taken out of the table, and what it hung on.
    pub(super) fn step_out<T: ?Sized, V>(&mut self, table: &Table<T, V>) -> Option<(Gc<T>, Lent<T, V>)> {
        self.step(table).inspect(|(_, entry)| table.remove(entry))
    }
}
