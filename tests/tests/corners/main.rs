//! The corner matrix: what should never matter does not. README.md maps each corner to the test that shows it.

#![allow(unsafe_code, reason = "`Trace` written by hand; raw pointers")]

mod acts;
mod case;
mod cells;
mod deep;
mod doors;
// The checks of `gc_verify` call `trace` as well, and end the process where it breaks its contract: gc-core shows that they do.
#[cfg(not(gc_verify))]
mod hand_written;
mod leaks;
mod saturation;
mod sizes;
mod table;
mod threads;
mod vectors;
mod world;

use gc_core::{Gc, gc};

/// How many collections this thread's heap has had.
fn collections() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.collections).sum()
}

/// Allocates until a collection has run by itself.
fn collect_automatically() {
    let (before, mut held) = (collections(), Vec::new());
    while collections() == before {
        held.push(Gc::new(None::<Gc<u8>>));
        assert!(held.len() < 10_000, "a collection comes");
    }
}
