//! Every shape of struct is traced field by field.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Unit;

#[derive(Trace)]
struct EmptyTuple();

#[derive(Trace)]
struct EmptyBraces {}

#[derive(Trace)]
struct Newtype(Edge);

#[derive(Trace)]
struct Tuple(Edge, u8, Option<Edge>);

#[derive(Trace)]
struct Named {
    first: Edge,
    plain: String,
    rest: Vec<Edge>,
}

fn main() {
    assert!(!Unit::has_edges() && !EmptyTuple::has_edges() && !EmptyBraces::has_edges());
    assert!(!is_tracked(Unit) && !is_tracked(EmptyTuple()) && !is_tracked(EmptyBraces {}));

    assert_eq!(edges(Newtype(edge())), 1);
    assert!(reclaims(Newtype));

    assert_eq!(edges(Tuple(edge(), 0, Some(edge()))), 2);
    assert!(reclaims(|edge| Tuple(edge, 0, None)));
    assert!(reclaims(|back| Tuple(edge(), 0, Some(back))));

    assert_eq!(edges(Named { first: edge(), plain: String::new(), rest: vec![edge(), edge()] }), 3);
    assert!(reclaims(|back| Named { first: edge(), plain: String::new(), rest: vec![edge(), back] }));
}
