//! The user's crate may be `no_std`.

#![no_std]

extern crate alloc;
extern crate std;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;

use gc_core::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Node<T: ?Sized> {
    next: RefCell<Option<Gc<Node<T>>>>,
    function: fn(&u8),
    value: Box<T>,
}

impl<T: ?Sized> Finalize for Node<T> {
    fn finalize(&self) {}
}

#[derive(Trace)]
enum Kinds {
    Edges(Vec<Gc<u8>>),
    #[trace(skip)]
    Skipped(Gc<u8>),
}

fn main() {
    let node = Gc::new(Node { next: RefCell::new(None), function: |_| (), value: Box::new(Gc::new(1)) });
    assert_eq!(Gc::referents(&node).len(), 1);
    *node.next.borrow_mut() = Some(node.clone());
    drop(node);
    assert!(gc_core::collect() >= 1);
    let kinds = [Kinds::Edges(alloc::vec![Gc::new(1)]), Kinds::Skipped(Gc::new(1))].map(Gc::new);
    assert_eq!(kinds.map(|kind| Gc::referents(&kind).len()), [1, 0]);
}
