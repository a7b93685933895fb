//! The derived code uses no prelude, and needs no `unsafe_code` of the user's crate.

#![no_implicit_prelude]
#![forbid(unsafe_code)]

use ::gc_core::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Node<T: ?::std::marker::Sized> {
    edge: ::std::option::Option<Gc<Node<T>>>,
    function: fn(&u8),
    tail: T,
}

impl<T: ?::std::marker::Sized> Finalize for Node<T> {
    fn finalize(&self) {}
}

#[derive(Trace)]
enum Kinds {
    One(Gc<u8>, #[trace(skip)] u8),
    Two,
}

fn main() {
    let node = Gc::new(Node { edge: ::std::option::Option::None, function: |_| (), tail: Gc::new(1) });
    ::std::assert!(node.edge.is_none());
    let _ = (node.function, &node.tail, Kinds::Two);
    ::std::assert_eq!(Gc::referents(&node).len(), 1);
    ::std::assert_eq!(Gc::referents(&Gc::new(Kinds::One(Gc::new(1), 2))).len(), 1);
}
