//! `std::rc::Rc`: what counting alone can do. It leaks cycles.

use std::cell::RefCell as Cell;
use std::rc::{Rc as Pointer, Weak};

use super::{Collections, Column, Lox};

shapes!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);

pub struct Rc;

impl Column for Rc {
    const COLLECTIONS: Collections = Collections::Never;
    const LOX: Option<Lox> = Some(lox!(lox_rc));

    on_shapes!();
    on_weak_shape!(Pointer::downgrade);

    fn forget_array<const WORDS: usize>() -> Option<()> {
        std::mem::forget(std::hint::black_box(Pointer::new([1_u64; WORDS])));
        Some(())
    }

    fn collect() {}

    fn dom(page: &str) -> Option<usize> {
        Some(crate::dom::rc::round(page))
    }

    fn disable() -> bool {
        true
    }
}
