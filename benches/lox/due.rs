//! When heaps collect that have to be told to: at the same count of objects as in the other workloads.

use std::cell::Cell;

/// As in `workloads`.
const OBJECTS_PER_COLLECTION: u64 = 2_000;

thread_local! {
    static MADE: Cell<u64> = const { Cell::new(0) };
}

/// Whether the heap is to collect before it makes one more object.
#[inline]
pub(crate) fn is_due() -> bool {
    let made = MADE.get() + 1;
    MADE.set(made);
    made.is_multiple_of(OBJECTS_PER_COLLECTION)
}
