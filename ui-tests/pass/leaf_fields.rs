//! Foreign types and closures are held by `Leaf`, or declared leaves by `impl_trace_leaf!`.

use gc_core::{Gc, Leaf, Trace, impl_trace_leaf};
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Wrapped<F> {
    edge: Option<Edge>,
    opaque: Leaf<Opaque>,
    closure: Leaf<F>,
    boxed: Leaf<Box<dyn Fn() -> u8>>,
}

struct Declared(u8);
struct Generic<T, U: ?Sized>(T, std::marker::PhantomData<U>);
impl_trace_leaf!(Declared, <T, U: ?Sized> Generic<T, U>);

#[derive(Trace)]
struct OfDeclared(Declared, Vec<Generic<u8, str>>);

#[derive(Trace)]
struct InGc(Gc<Opaque>, Gc<Box<dyn Fn() -> u8>>);

fn main() {
    let wrapped = |edge| {
        let captured = 1;
        Wrapped { edge, opaque: Leaf(Opaque), closure: Leaf(move || captured + 1), boxed: Leaf(Box::new(|| 3)) }
    };
    assert_eq!((wrapped(None).closure.0)() + (wrapped(None).boxed)(), 5);
    assert_eq!(edges(wrapped(Some(edge()))), 1);
    assert!(reclaims(|edge| wrapped(Some(edge))));

    assert!(!is_tracked(OfDeclared(Declared(1), vec![Generic(1, std::marker::PhantomData)])));
    assert_eq!(edges(InGc(Gc::leaf(Opaque), Gc::leaf(Box::new(|| 1)))), 2);
}
