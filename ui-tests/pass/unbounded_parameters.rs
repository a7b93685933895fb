//! Nothing is asked of a parameter that appears only in pointers, markers, function pointers or skipped fields.

use std::rc::Rc;
use std::sync::Arc;

use gc_core::{Gc, Leaf, Trace, Weak};
use gc_ui_tests::{Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct Node<T> {
    next: Option<Gc<Node<T>>>,
    value: Gc<T>,
}

#[derive(Trace)]
struct InWeak<T>(Weak<T>, gc_core::Weak<T>);

#[derive(Trace)]
struct Shared<A, B, C>(Rc<A>, Arc<Vec<B>>, std::rc::Weak<C>);

#[derive(Trace)]
struct Static<T: 'static>(&'static T, &'static [T]);

#[derive(Trace)]
struct InFunction<A, B>(fn(A) -> B, Option<fn(&A) -> B>);

#[derive(Trace)]
struct InLeaf<T>(Leaf<T>, Vec<Leaf<Option<T>>>);

#[derive(Trace)]
struct Skipped<T, U> {
    edge: Gc<U>,
    #[trace(skip)]
    skipped: Option<T>,
}

#[derive(Trace)]
enum SkippedVariant<T> {
    #[trace(skip)]
    Skipped(T),
    Edge(Gc<T>),
}

fn main() {
    let opaque = || Gc::leaf(Opaque);
    let node = Node { next: Some(Gc::new(Node { next: None, value: opaque() })), value: opaque() };
    assert_eq!(edges(node), 2);

    assert!(!InWeak::<Opaque>::has_edges() && !Shared::<Opaque, Opaque, Opaque>::has_edges());
    assert!(!Static::<Opaque>::has_edges() && !InFunction::<Opaque, Opaque>::has_edges());
    assert!(!InLeaf::<Opaque>::has_edges());

    assert_eq!(edges(Skipped { edge: opaque(), skipped: Some(Opaque) }), 1);
    assert!(reclaims(|edge| Skipped { edge, skipped: None::<Opaque> }));
    assert_eq!(edges(SkippedVariant::Edge(opaque())), 1);
    assert_eq!(edges(SkippedVariant::Skipped(Opaque)), 0);
    assert!(reclaims(SkippedVariant::Edge));
    assert!(!reclaims(SkippedVariant::Skipped) && edges(edge()) == 1);
}
