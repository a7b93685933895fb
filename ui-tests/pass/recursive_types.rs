//! Types that contain themselves need no bounds, and `has_edges` answers for them.

use std::cell::RefCell;

use gc_core::{Gc, Trace, gc};

#[derive(Trace)]
struct Node<T> {
    next: RefCell<Option<Gc<Node<T>>>>,
    value: T,
}

#[derive(Trace)]
struct Tree<T> {
    kids: Vec<Tree<T>>,
    value: T,
}

#[derive(Trace)]
struct Even<T>(Option<Box<Odd<T>>>, Gc<T>);

#[derive(Trace)]
struct Odd<T>(Vec<Even<T>>);

#[derive(Trace)]
struct Phased<P: Phase> {
    kids: Vec<Phased<P>>,
    extra: P::Extra,
}

trait Phase {
    type Extra;
}

struct Typed;

impl Phase for Typed {
    type Extra = Gc<String>;
}

fn ring() {
    let node = Gc::new(Node { next: RefCell::new(None), value: Gc::new(1) });
    *node.next.borrow_mut() = Some(node.clone());
    assert_eq!(*node.value, 1);
}

fn main() {
    ring();
    assert_eq!(gc::collect(), 1);

    let tree = Tree { kids: vec![Tree { kids: vec![], value: Gc::new(1) }], value: Gc::new(2) };
    assert_eq!(Gc::referents(&Gc::new(tree)).len(), 2);

    let odd = Odd(vec![Even(None, Gc::new(1))]);
    assert_eq!(Gc::referents(&Gc::new(Even(Some(Box::new(odd)), Gc::new(2)))).len(), 2);

    let phased = Phased::<Typed> { kids: vec![], extra: Gc::new(String::new()) };
    assert_eq!(Gc::referents(&Gc::new(phased)).len(), 1);
}
