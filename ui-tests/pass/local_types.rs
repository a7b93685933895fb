//! Types may be local to a function, a block, a closure, a method or a constant.

#![deny(non_local_definitions)]

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

fn generic<T: Trace + 'static>(value: T) -> usize {
    #[derive(Trace)]
    struct Local<T>(T, Edge);

    edges(Local(value, edge()))
}

struct Owner;

impl Owner {
    fn method(&self) -> bool {
        #[derive(Trace)]
        struct InMethod {
            edge: Edge,
        }

        reclaims(|edge| InMethod { edge })
    }
}

const EDGES: fn() -> bool = {
    #[derive(Trace)]
    struct InConst(Edge);

    <InConst as Trace>::has_edges
};

fn main() {
    assert_eq!(generic(edge()), 2);
    assert_eq!(generic(1), 1);
    assert!(Owner.method());
    assert!(EDGES());

    let in_block = {
        #[derive(Trace)]
        enum InBlock {
            Edge(Edge),
        }
        reclaims(InBlock::Edge)
    };
    assert!(in_block);

    let in_closure = || {
        #[derive(Trace)]
        struct InClosure(Edge);
        reclaims(InClosure)
    };
    assert!(in_closure());

    // Two of one name.
    #[derive(Trace)]
    struct Twice(Edge);
    {
        #[derive(Trace)]
        struct Twice(Edge, Edge);
        assert_eq!(edges(Twice(edge(), edge())), 2);
    }
    assert_eq!(edges(Twice(edge())), 1);
}
