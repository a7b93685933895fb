//! A derived type is not `Drop`: it can be destructured, moved out of and used in patterns and constants.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Pair {
    left: Gc<u8>,
    right: Option<Gc<u8>>,
}

const EMPTY: Option<Pair> = None;

fn main() {
    let Pair { left, right } = Pair { left: Gc::new(1), right: Some(Gc::new(2)) };
    assert_eq!((*left, *right.unwrap()), (1, 2));

    let pair = Pair { left: Gc::new(3), right: None };
    let moved = pair.left;
    assert_eq!(*moved, 3);
    assert!(pair.right.is_none());

    let updated = Pair { left: moved, ..Pair { left: Gc::new(4), right: None } };
    assert!(matches!(updated, Pair { right: None, .. }));
    assert!(EMPTY.is_none());
}
