//! Types that contain themselves need no bounds, and `has_edges` answers for them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gc_core::{Gc, Trace, Weak, gc};
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Node<T> {
    next: RefCell<Option<Gc<Node<T>>>>,
    value: Gc<T>,
}

#[derive(Trace)]
struct Tree<T> {
    kids: Vec<Tree<T>>,
    value: T,
}

#[derive(Trace)]
enum List<T> {
    Nil,
    Cons(T, Box<List<T>>),
}

#[derive(Trace)]
enum Json<T> {
    Value(T),
    Array(Vec<Json<T>>),
    Object(BTreeMap<String, Json<T>>),
}

#[derive(Trace)]
struct BySelf<T> {
    kids: Vec<Self>,
    next: RefCell<Option<Gc<Self>>>,
    boxed: Option<Box<Self>>,
    value: T,
}

#[derive(Trace)]
struct WithParent {
    parent: RefCell<Weak<WithParent>>,
    kids: RefCell<Vec<Gc<WithParent>>>,
}

fn main() {
    let node = Gc::new(Node { next: RefCell::new(None), value: Gc::leaf(Opaque) });
    *node.next.borrow_mut() = Some(node.clone());
    drop(node);
    assert_eq!(gc::collect(), 1);
    assert_eq!(gc::stats().live_objects, 0);

    assert_eq!(edges(Tree { kids: vec![Tree { kids: vec![], value: edge() }], value: edge() }), 2);
    assert!(reclaims(|back| Tree { kids: vec![Tree { kids: vec![], value: back }], value: edge() }));

    assert!(reclaims(|back| List::Cons(edge(), Box::new(List::Cons(back, Box::new(List::Nil))))));
    assert!(reclaims(|back| Json::Array(vec![Json::Object([(String::new(), Json::Value(back))].into())])));

    let by_self = |value: Edge| BySelf { kids: vec![], next: RefCell::new(None), boxed: None, value };
    let nested = |back| BySelf { kids: vec![by_self(edge())], boxed: Some(Box::new(by_self(back))), ..by_self(edge()) };
    assert_eq!(edges(nested(edge())), 3);
    assert!(reclaims(nested));

    let parent = Gc::new(WithParent { parent: RefCell::default(), kids: RefCell::default() });
    let kid = Gc::new(WithParent { parent: Gc::downgrade(&parent).into(), kids: RefCell::default() });
    parent.kids.borrow_mut().push(kid.clone());
    assert_eq!((Gc::referents(&parent).len(), Gc::referents(&kid).len()), (1, 0));

    assert!(is_tracked(Tree { kids: vec![], value: 1 }), "more than the derive looks for");
}
