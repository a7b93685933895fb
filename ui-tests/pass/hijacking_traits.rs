//! No code of the user's runs while the collector traces, whatever traits there are for every type.

use std::cell::RefCell;

use gc_core::{Finalize, Gc, Trace, Tracer, gc};
use gc_ui_tests::{Edge, edges, is_tracked, reclaims};

/// Every method that the derive's output could look up, before the one that is meant.
trait Hijack: Sized {
    fn __gc_edges(self) -> gc_core::__private::No {
        unreachable!()
    }

    fn __gc_finalize(self) -> gc_core::__private::No {
        unreachable!()
    }

    fn __gc_kind(self) -> gc_core::__private::UnsafeFn {
        unreachable!()
    }

    fn __gc_may_drop(self) {
        unreachable!()
    }

    fn __gc_trace(self) {
        unreachable!()
    }

    fn __gc_trace_with(self) {
        unreachable!()
    }

    fn __gc_ask(self) {
        unreachable!()
    }

    fn derived_edges(self) {
        unreachable!()
    }
}

impl<T> Hijack for T {}

unsafe fn trace_edge(edge: &Edge, tracer: &mut Tracer<'_>) {
    edge.trace(tracer);
}

#[derive(Trace)]
struct Inner(u8);

/// Neither its size nor its edges are known.
#[derive(Trace)]
struct Tail<T: ?Sized>(Inner, T);

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    function: for<'a> fn(&'a u8) -> Option<&'a u8>,
    #[trace(with = trace_edge)]
    by: Edge,
    tails: RefCell<Vec<Tail<Edge>>>,
    last: Inner,
}

impl Finalize for Node {
    fn finalize(&self) {}
}

#[derive(Trace)]
enum Shape {
    Edge(Edge),
    Tail(Tail<u8>),
}

fn node(by: Edge) -> Node {
    Node { function: |x| Some(x), tails: RefCell::default(), last: Inner(1), by }
}

fn main() {
    assert_eq!(edges(node(gc_ui_tests::edge())), 1);
    assert!(reclaims(node));
    assert!(reclaims(|edge| Tail(Inner(1), edge)));
    assert!(reclaims(Shape::Edge));
    assert_eq!(edges(Shape::Tail(Tail(Inner(1), 1))), 0);
    // The question has another answer, which can only be "yes".
    assert!(is_tracked(Tail(Inner(1), 1)));
    drop(Gc::new(node(gc_ui_tests::edge())));
    gc::collect();
}
