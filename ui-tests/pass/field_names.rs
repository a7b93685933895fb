//! A field may be called what a derive calls its own variables.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
struct Names {
    tracer: Edge,
    visitor: Edge,
    self_: Edge,
    f0: Edge,
    field: Edge,
    trace: Edge,
    nesting: Edge,
    gc: Edge,
    __gc: Edge,
    __gc_0: Edge,
    __gc_tracer: Edge,
    __gc_nesting: Edge,
    __gc_with: Edge,
    _0: Edge,
    _unused: Edge,
    __: Edge,
    été: Edge,
}

#[derive(Trace)]
enum InVariant {
    Names { tracer: Edge, visitor: Edge, self_: Edge, f0: Edge, trace: Edge, __gc_1: Edge, __gc_0: Edge },
}

fn main() {
    let names = |back| Names {
        tracer: edge(),
        visitor: edge(),
        self_: edge(),
        f0: edge(),
        field: edge(),
        trace: edge(),
        nesting: edge(),
        gc: edge(),
        __gc: edge(),
        __gc_0: edge(),
        __gc_tracer: back,
        __gc_nesting: edge(),
        __gc_with: edge(),
        _0: edge(),
        _unused: edge(),
        __: edge(),
        été: edge(),
    };
    assert_eq!(edges(names(edge())), 17);
    assert!(reclaims(names));

    let variant = |back| InVariant::Names {
        tracer: edge(),
        visitor: edge(),
        self_: edge(),
        f0: edge(),
        trace: edge(),
        __gc_1: edge(),
        __gc_0: back,
    };
    assert_eq!(edges(variant(edge())), 7);
    assert!(reclaims(variant));
}
