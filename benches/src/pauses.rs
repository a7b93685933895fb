//! Pauses that a column tells of.
//!
//! Under callgrind the counts between [`begins`] and [`ends`] are taken by the names of these two functions.

use std::cell::Cell;
use std::hint::black_box;
use std::time::Duration;

thread_local! {
    static LONGEST: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Forgets the pauses so far.
pub fn reset() {
    LONGEST.set(Duration::ZERO);
}

/// Marks the begin of a pause.
#[inline(never)]
#[unsafe(export_name = "pause_begins")]
pub fn begins() {
    black_box(());
}

/// Takes down a pause.
#[inline(never)]
#[unsafe(export_name = "pause_ends")]
pub fn ends(pause: Duration) {
    LONGEST.set(LONGEST.get().max(pause));
}

/// The longest pause since [`reset`].
pub fn longest() -> Duration {
    LONGEST.get()
}
