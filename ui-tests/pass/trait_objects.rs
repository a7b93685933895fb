//! Trait objects: in a `Box` they are traced, if the trait says so; in a `Gc` any trait will do.

use std::pin::Pin;
use std::rc::Rc;

use gc_core::{Gc, Leaf, Trace};
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

trait Shape: Trace {}

trait Indirect: Shape {}

trait Typed<T>: Trace {
    type Out;
}

trait Any {}

impl Shape for Edge {}
impl Indirect for Edge {}
impl<T> Typed<T> for Edge {
    type Out = T;
}

#[derive(Trace)]
struct Boxed(Box<dyn Shape>, Vec<Box<dyn Indirect>>);

#[derive(Trace)]
struct Spelled(Box<dyn Shape + 'static>, Option<Box<dyn Trace>>);

#[derive(Trace)]
struct WithParameter<T>(Box<dyn Typed<T, Out = T>>);

#[derive(Trace)]
struct WithLifetime<'a> {
    shape: Box<dyn Shape + 'a>,
}

#[derive(Trace)]
struct Pinned(Pin<Box<dyn Shape>>);

#[derive(Trace)]
struct InGc {
    edge: Edge,
    any: Option<Gc<dyn Any>>,
    function: Option<Gc<dyn Fn(&str) -> u8>>,
    both: Vec<Gc<dyn Any + Send>>,
}

#[derive(Trace)]
struct Callbacks {
    shared: Rc<dyn Fn(u8) -> u8>,
    leaf: Leaf<Box<dyn FnMut(&str)>>,
    #[trace(skip)]
    skipped: Box<dyn FnOnce()>,
}

fn main() {
    assert_eq!(edges(Boxed(Box::new(edge()), vec![Box::new(edge()), Box::new(edge())])), 3);
    assert!(reclaims(|back| Boxed(Box::new(back), Vec::new())));
    assert!(reclaims(|back| Boxed(Box::new(edge()), vec![Box::new(back)])));
    assert!(reclaims(|back| Spelled(Box::new(edge()), Some(Box::new(back)))));
    assert!(reclaims(|back| WithParameter::<u8>(Box::new(back))));
    assert!(reclaims(|back| WithLifetime::<'static> { shape: Box::new(back) }));
    assert!(reclaims(|back| Pinned(Box::pin(back))));
    assert!(reclaims(|edge| InGc { edge, any: None, function: None, both: Vec::new() }));

    let leaf = Leaf(Box::new(|_: &str| ()) as Box<dyn FnMut(&str)>);
    let mut callbacks = Callbacks { shared: Rc::new(|x| x + 1), leaf, skipped: Box::new(|| ()) };
    assert_eq!((callbacks.shared)(1), 2);
    (callbacks.leaf)("x");
    assert!(!is_tracked(callbacks));
}
