//! What is decided at compile time: sizes, threads, variance.

use std::cell::RefCell;

use gc_core::{Gc, Leaf, Tracer, Weak, gc};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, assert_obj_safe, const_assert_eq};

const_assert_eq!(size_of::<Option<Gc<u64>>>(), size_of::<usize>());
const_assert_eq!(size_of::<Option<Weak<u64>>>(), size_of::<usize>());
assert_eq_size!(Gc<dyn std::fmt::Debug>, Option<Gc<dyn std::fmt::Debug>>, [usize; 2]);

assert_not_impl_any!(Gc<u64>: Send, Sync, Copy);
assert_not_impl_any!(Weak<u64>: Send, Sync, Copy);
assert_not_impl_any!(gc_core::Referent: Send, Sync);
assert_not_impl_any!(gc::PauseGuard: Send, Sync);
assert_not_impl_any!(Tracer<'static>: Clone);
assert_impl_all!(Gc<str>: Unpin, Clone);
assert_impl_all!(Leaf<std::fs::File>: Send, Sync);
assert_obj_safe!(gc_core::Trace);

/// Compiles only if both pointers are covariant.
#[allow(dead_code, reason = "it is only compiled")]
fn covariant<'short>(gc: Gc<&'static str>, weak: Weak<&'static str>) -> (Gc<&'short str>, Weak<&'short str>) {
    (gc, weak)
}

/// What a leaf of `T` takes beyond `T`.
fn overhead<T>(value: T) -> usize {
    let before = gc::stats().live_bytes;
    let leaf = Gc::leaf(value);
    let overhead = gc::stats().live_bytes - before - size_of::<T>();
    drop(leaf);
    overhead
}

#[test]
fn a_box_has_a_header_of_24_bytes() {
    assert_eq!(overhead([0_u64; 4]), 24);
    assert_eq!(overhead(()), 24);
}

#[test]
fn over_aligned_values_are_aligned() {
    #[repr(align(64))]
    struct Line(u8);
    #[repr(align(16))]
    struct Quad(u8);
    #[repr(align(4096))]
    struct Page(u8);

    let lines: Vec<_> = (0..10).map(|byte| Gc::leaf(Line(byte))).collect();
    let quads: Vec<_> = (0..1000).map(|number| Gc::leaf(Quad(number as u8))).collect();
    let page = Gc::leaf(Page(7));
    assert!(lines.iter().all(|line| Gc::as_ptr(line).addr() % 64 == 0));
    assert!(quads.iter().all(|quad| Gc::as_ptr(quad).addr() % 16 == 0));
    assert_eq!((Gc::as_ptr(&page).addr() % 4096, page.0), (0, 7));
    assert_eq!(lines.iter().map(|line| usize::from(line.0)).sum::<usize>(), 45);
    assert_eq!(quads.iter().map(|quad| usize::from(quad.0)).max(), Some(255));
}

#[test]
fn memory_goes_back_after_a_peak() {
    let peak: Vec<_> = (0..100_000).map(|number| Gc::new(RefCell::new(number))).collect();
    let held = gc::stats().pool_bytes;
    drop(peak);
    assert_eq!(gc::stats().live_bytes, 0);
    assert!(cfg!(gc_system_alloc) || gc::stats().pool_bytes < held / 20);
}
