//! What `cfg` removes is not seen, also where its type is not known.

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct Fields<#[cfg(not(any()))] T, #[cfg(any())] U> {
    edge: T,
    #[cfg(any())]
    gone: Unknown<U>,
    #[cfg_attr(not(any()), trace(skip))]
    skipped: Opaque,
    #[cfg_attr(any(), trace(skip))]
    traced: Edge,
}

#[derive(Trace)]
enum Variants {
    One(#[cfg(any())] Unknown, Edge),
    #[cfg(any())]
    Gone(Unknown),
}

#[derive(Trace)]
struct Nothing(#[cfg(any())] Unknown);

#[cfg_attr(not(any()), derive(Trace), trace(leaf))]
struct ByCfg(Edge);

fn main() {
    assert_eq!(edges(Fields { edge: edge(), skipped: Opaque, traced: edge() }), 2);
    assert!(reclaims(|back| Fields { edge: 1, skipped: Opaque, traced: back }));
    assert!(reclaims(Variants::One));
    assert!(!Nothing::has_edges());
    assert_eq!(edges(ByCfg(edge())), 0);
}
