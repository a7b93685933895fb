//! Slices, while boxes are frozen and thawed all the time.

use gc_core::gc;
use gc_tests::{dropped, ring};

/// Collections that begin while something is frozen look at nothing of that: they must not put the others off.
#[test]
fn garbage_does_not_pile_up_however_often_it_is_frozen_and_thawed() {
    let mut peak = 0;
    for number in 0..400_000 {
        drop(ring(3));
        match number % 2_000 {
            0 => gc::freeze(),
            1_000 => gc::unfreeze(),
            _ => {}
        }
        peak = peak.max(gc::stats().live_objects);
    }
    assert!(peak < 250_000, "{peak} boxes of garbage at once");
    gc::unfreeze();
    gc::collect();
    assert_eq!(dropped(), 1_200_000);
}
