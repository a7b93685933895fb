//! `PhantomData` of anything is a leaf.

use std::marker::{PhantomData, PhantomPinned};

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edges, is_tracked, reclaims};

#[derive(Trace)]
struct OfOpaque(PhantomData<Opaque>, PhantomData<dyn Send>, PhantomData<[Opaque]>);

#[derive(Trace)]
struct OfParameter<T: ?Sized>(Edge, PhantomData<T>);

#[derive(Trace)]
struct Lifetimes<'a, 'b: 'a>(Edge, PhantomData<fn(&'a ())>, PhantomData<fn(&'b ()) -> &'a mut ()>);

#[derive(Trace)]
struct Variances<'a, T>(PhantomData<*const T>, PhantomData<&'a T>, PhantomData<fn(T) -> T>, PhantomData<*mut ()>);

#[derive(Trace)]
struct Pinned(Edge, PhantomPinned);

#[derive(Trace)]
enum Typed<State> {
    Open(Edge, std::marker::PhantomData<State>),
    Closed(::core::marker::PhantomData<State>),
}

fn main() {
    assert!(!is_tracked(OfOpaque(PhantomData, PhantomData, PhantomData)));
    assert!(reclaims(|edge| OfParameter::<Opaque>(edge, PhantomData)));
    assert!(reclaims(|edge| OfParameter::<str>(edge, PhantomData)));
    assert!(reclaims(|edge| Lifetimes::<'static, 'static>(edge, PhantomData, PhantomData)));
    assert!(!is_tracked(Variances::<'static, Edge>(PhantomData, PhantomData, PhantomData, PhantomData)));
    assert!(reclaims(|edge| Pinned(edge, PhantomPinned)));
    assert!(reclaims(|edge| Typed::<Opaque>::Open(edge, PhantomData)));
    assert_eq!(edges(Typed::<Opaque>::Closed(PhantomData)), 0);
}
