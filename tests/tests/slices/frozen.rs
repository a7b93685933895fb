//! Slices, while boxes are frozen and thawed all the time.

use gc_core::gc;
use gc_tests::{dropped, ring};

/// Collections that begin while something is frozen look at nothing of that: they must not put the others off.
#[test]
fn garbage_does_not_pile_up_however_often_it_is_frozen_and_thawed() {
    let mut kept: Vec<_> = (0..100).map(|_| ring(3)).collect();
    let mut peak = 0;
    for number in 0..600_000 {
        kept[number % 100] = ring(3);
        match number % 2_000 {
            0 => gc::freeze(),
            1_000 => gc::unfreeze(),
            _ => {}
        }
        peak = peak.max(gc::stats().live_objects);
    }
    assert!(peak < 250_000, "{peak} boxes of garbage at once");
    gc::unfreeze();
    drop(kept);
    gc::collect();
    assert_eq!(dropped(), 1_800_300);
}
