//! What the heap did, as a table.

use std::fmt;

use gc_core::gc;
use gc_examples::dom::Page;

/// The end of a page: its last handle goes, and then a collection looks for what is left.
pub(crate) struct Stats {
    heard: Option<usize>,
    /// Before the last handle goes, when it has gone, and after the collection.
    moments: [gc::Stats; 3],
}

impl Stats {
    pub(crate) fn of_the_end(page: Page, heard: Option<usize>) -> Self {
        let before = gc::stats();
        drop(page);
        let dropped = gc::stats();
        gc::collect();
        Self { heard, moments: [before, dropped, gc::stats()] }
    }
}

fn collections(stats: &gc::Stats) -> u64 {
    stats.generations.iter().map(|generation| generation.collections).sum()
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, dropped, after] = &self.moments;
        if let Some(heard) = self.heard {
            writeln!(f, "dom: listeners that heard the click   {heard:>10}")?;
        }
        writeln!(f, "gc: objects made                      {:>10}", before.allocated)?;
        writeln!(f, "gc: objects of the page               {:>10}", before.live_objects)?;
        writeln!(f, "gc: bytes of the page                 {:>10}", before.live_bytes)?;
        writeln!(f, "gc: collections before it is dropped  {:>10}", collections(before))?;
        writeln!(f, "gc: freed by count when it is dropped {:>10}", before.live_objects - dropped.live_objects)?;
        writeln!(f, "gc: collections meanwhile             {:>10}", collections(dropped) - collections(before))?;
        writeln!(f, "gc: objects left                      {:>10}", dropped.live_objects)?;
        writeln!(f, "gc: freed by a collection then        {:>10}", dropped.live_objects - after.live_objects)?;
        writeln!(f, "gc: live objects                      {:>10}", after.live_objects)
    }
}
