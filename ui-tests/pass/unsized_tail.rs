//! The last field of a struct may be without a size; it counts as having edges.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
struct Tail<T: ?Sized> {
    len: usize,
    tail: T,
}

#[derive(Trace)]
struct WhereTail<T>(Edge, T)
where
    T: ?Sized;

#[derive(Trace)]
struct Nested<T: ?Sized>(Edge, Tail<T>);

#[derive(Trace)]
struct Text(Edge, str);

#[derive(Trace)]
struct Slice<T>(Edge, [T]);

trait Shape: Trace {}

impl Shape for Edge {}

#[derive(Trace)]
struct Shaped {
    shape: dyn Shape,
}

#[derive(Trace)]
struct OfPath(Edge, std::path::Path);

fn traceable<T: Trace + ?Sized>() {}

fn main() {
    assert!(reclaims(|edge| Tail { len: 1, tail: edge }));
    assert_eq!(edges(WhereTail(edge(), edge())), 2);

    let boxed: Box<Tail<[Edge]>> = Box::new(Tail { len: 2, tail: [edge(), edge()] });
    assert_eq!(boxed.tail.len(), boxed.len);
    assert_eq!(edges(boxed), 2);
    assert!(reclaims(|back| Box::new(Tail { len: 2, tail: [edge(), back] }) as Box<Tail<[Edge]>>));
    assert!(reclaims(|back| Box::new(WhereTail(edge(), back)) as Box<WhereTail<dyn Shape>>));

    let nested: Box<Nested<[Edge]>> = Box::new(Nested(edge(), Tail { len: 0, tail: [edge()] }));
    assert_eq!(edges(nested), 2);

    traceable::<Text>();
    traceable::<Slice<Edge>>();
    traceable::<Shaped>();
    traceable::<OfPath>();
}
