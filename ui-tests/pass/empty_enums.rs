//! Enums without a value, and variants that cannot exist, compile.

use std::convert::Infallible;

use gc_core::Trace;
use gc_ui_tests::{Edge, edges, reclaims};

#[derive(Trace)]
enum Never {}

#[derive(Trace)]
enum NeverOf<T> {
    Impossible(T, Never),
}

#[derive(Trace)]
enum Partly {
    Never(Never),
    Infallible(Edge, Infallible),
    Some(Edge),
}

#[derive(Trace)]
struct Fallible(Result<Edge, Never>);

fn main() {
    assert!(!Never::has_edges() && !NeverOf::<u8>::has_edges() && NeverOf::<Edge>::has_edges());
    assert!(Partly::has_edges());
    assert!(reclaims(Partly::Some));
    assert!(reclaims(|edge| Fallible(Ok(edge))));
    assert_eq!(edges(None::<Never>), 0);
}
