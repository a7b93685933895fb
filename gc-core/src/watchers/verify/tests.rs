//! Lists that are broken by hand, and found to be by the next check.

use std::mem::{ManuallyDrop, forget};
use std::thread;

use super::*;
use crate::Gc;
use crate::heap::Heap;
use crate::verify;
use crate::verify::flaws::{Flaw, assert_each_is_found};
use crate::weak::WeakMap;

fn address<T>(gc: &Gc<T>) -> NonNull<Header> {
    Gc::downgrade(gc).header_address().expect("a box")
}

/// A box that is watched, with what does it.
fn with_observer(change: fn(NonNull<Header>, &Observer)) {
    let watched = ManuallyDrop::new(Gc::new(1));
    forget(Gc::downgrade_with(&watched, || ()));
    let target = address(&watched);
    let observer = Heap::with(|heap| heap.watchers.observers.newest.borrow()[&target]);
    // SAFETY: nobody frees it.
    change(target, unsafe { observer.as_ref() });
}

/// Checks the lists as if the box were gone.
fn verify_without(target: NonNull<Header>) {
    let (mut boxes, _) = verify::boxes();
    boxes.remove(&target);
    Heap::with(|heap| heap.watchers.verify(&boxes, false));
}

const FLAWS: &[Flaw] = &[
    ("B2", || with_observer(|_, observer| observer.newer.set(Some(NonNull::from(observer))))),
    ("O1", || with_observer(|target, _| verify_without(target))),
    ("O2", || with_observer(|_, observer| drop(observer.callback.take()))),
    ("M1", || {
        let (map, key) = (ManuallyDrop::new(WeakMap::new()), ManuallyDrop::new(Gc::new(1)));
        map.insert(&key, 1);
        verify_without(address(&key));
    }),
    ("E1", || {
        let ends = thread::spawn(|| {
            let suspect = Gc::new(None::<Gc<u8>>);
            drop(suspect.clone());
            Heap::with(|heap| heap.watchers.observers.newest.borrow_mut().reserve(9));
        });
        drop(ends.join());
    }),
];

#[test]
fn each_flaw_of_the_lists_is_found() {
    assert_each_is_found("watchers::verify::tests::each_flaw_of_the_lists_is_found", FLAWS);
}
