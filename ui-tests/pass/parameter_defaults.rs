//! Parameters may have defaults, of every kind.

use std::collections::HashMap;
use std::hash::RandomState;

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct Value<T = Edge, const N: usize = 2>([T; N]);

#[derive(Trace)]
struct Dependent<T: Default = u8, U = Option<T>, const N: usize = { 1 + 1 }> {
    one: T,
    other: [U; N],
}

// A hasher needs no `Trace`.
#[derive(Trace)]
struct Map<K, V = Edge, S = RandomState>(HashMap<K, V, S>)
where
    S: 'static;

trait Alias {
    type Of;
}

impl Alias for Opaque {
    type Of = Edge;
}

#[derive(Trace)]
struct Projected<A: Alias<Of = Edge> = Opaque>(A::Of);

#[derive(Trace)]
struct Unsized<T: ?Sized = str>(Box<T>);

fn main() {
    assert_eq!(edges(<Value>::from_edges()), 2);
    assert!(reclaims(|edge| <Dependent<Option<Edge>>>::new(Some(edge))));
    assert!(reclaims(|edge| <Map<u8>>::from_edge(edge)));
    assert!(reclaims(|edge| Projected::<Opaque>(edge)));
    assert_eq!(edges(<Unsized>::from_text("x")), 0);
}

impl Value {
    fn from_edges() -> Self {
        Value([edge(), edge()])
    }
}

impl<T: Default> Dependent<T> {
    fn new(one: T) -> Self {
        Dependent { one, other: [None, None] }
    }
}

impl<K: Default + Eq + std::hash::Hash> Map<K> {
    fn from_edge(edge: Edge) -> Self {
        Map(HashMap::from([(K::default(), edge)]))
    }
}

impl Unsized {
    fn from_text(text: &str) -> Self {
        Unsized(text.into())
    }
}
