//! A type may be laid out as the user says, as long as its fields can be borrowed.

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
#[repr(transparent)]
struct Transparent(Edge);

#[derive(Trace)]
#[repr(C)]
struct AsInC {
    byte: u8,
    edge: Edge,
}

#[derive(Trace)]
#[repr(align(64))]
struct Aligned<T>(T);

#[derive(Trace)]
#[repr(C, align(16))]
enum AlignedEnum {
    Edge(Edge),
}

fn main() {
    assert!(reclaims(Transparent));
    assert!(reclaims(|edge| AsInC { byte: 0, edge }));
    assert!(reclaims(Aligned));
    assert!(reclaims(AlignedEnum::Edge));

    let aligned = Gc::new(Aligned(edge()));
    assert!(Gc::as_ptr(&aligned).addr().is_multiple_of(64));
    assert_eq!(edges(Aligned([Aligned(1)])), 0);
}
