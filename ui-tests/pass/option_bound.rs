//! `bound` replaces the bounds that the derive would write.

use std::marker::PhantomData;

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, Opaque, edges, reclaims};

trait Store {
    type Item;
}

impl Store for Opaque {
    type Item = Edge;
}

/// Implements `Trace` for any `S`, which its name does not show.
struct Handle<S>(PhantomData<S>);

gc_core::impl_trace_leaf!(<S> Handle<S>);

// By itself, the derive would ask for `S: Trace` as well.
#[derive(Trace)]
#[trace(bound = "S::Item: Trace")]
struct Shelf<S: Store> {
    first: Option<S::Item>,
    store: Handle<S>,
}

#[derive(Trace)]
#[trace(bound = "")]
struct Unbounded<S>(Handle<S>, Gc<S>);

#[derive(Trace)]
#[trace(bound = "T: Trace + Clone, U: Trace,")]
struct TrailingComma<T, U>(T, U)
where
    U: 'static;

#[derive(Trace)]
#[trace(bound = "Vec<T>: gc_core::Trace, for<'a> U: PartialEq<&'a str> + ::gc_core::Trace, [(); N]: Sized, T: 'static")]
enum Predicates<T, U, const N: usize> {
    Vec(Vec<T>),
    Array([U; N]),
}

fn main() {
    assert!(reclaims(|edge| Shelf::<Opaque> { first: Some(edge), store: Handle(PhantomData) }));
    assert_eq!(edges(Unbounded::<Opaque>(Handle(PhantomData), Gc::leaf(Opaque))), 1);
    assert!(reclaims(|edge| TrailingComma(edge, 2)));
    assert!(reclaims(|edge| Predicates::<_, String, 1>::Vec(vec![edge])));
}
