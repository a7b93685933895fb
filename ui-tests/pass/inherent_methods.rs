//! A type's own methods and dereferences are not called in place of the collector's.

use std::ops::Deref;

use gc_core::{Finalize, Gc, Trace};
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
#[trace(finalize)]
struct Own {
    edge: Edge,
    wrapped: Wrapper,
}

impl Own {
    fn trace(&self) -> u8 {
        1
    }

    fn has_edges() -> u8 {
        2
    }

    fn has_edges_within(_: u32) -> u8 {
        3
    }

    fn finalizer() -> u8 {
        4
    }

    fn finalize(self) -> u8 {
        5
    }

    fn __gc_trace(&self) -> u8 {
        6
    }
}

impl Finalize for Own {
    fn finalize(&self) {}
}

/// Looks like the edge that it owns.
#[derive(Trace)]
struct Wrapper(Edge, Edge);

impl Deref for Wrapper {
    type Target = Edge;

    fn deref(&self) -> &Edge {
        &self.0
    }
}

impl Clone for Wrapper {
    fn clone(&self) -> Self {
        unreachable!()
    }
}

#[derive(Trace)]
enum Holder {
    Wrapper(Wrapper),
}

impl Holder {
    #[expect(non_snake_case)]
    fn Trace() {}
}

fn wrapper(back: Edge) -> Wrapper {
    Wrapper(edge(), back)
}

fn main() {
    let own = Gc::new(Own { edge: edge(), wrapped: wrapper(edge()) });
    assert_eq!((Own::trace(&own), Own::has_edges(), Own::has_edges_within(1), Own::finalizer()), (1, 2, 3, 4));
    assert_eq!(own.__gc_trace(), 6);
    assert_eq!(Gc::referents(&own).len(), 3);
    assert_eq!(Own { edge: edge(), wrapped: wrapper(edge()) }.finalize(), 5);
    assert!(reclaims(|back| Own { edge: edge(), wrapped: wrapper(back) }));

    assert_eq!(edges(Holder::Wrapper(wrapper(edge()))), 2);
    assert!(reclaims(|back| Holder::Wrapper(wrapper(back))));
    Holder::Trace();
}
