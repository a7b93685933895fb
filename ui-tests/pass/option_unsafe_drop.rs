//! `unsafe_drop` lets a type with edges implement `Drop`, on its author's promise to touch no `Gc` there.

use std::cell::{Cell, RefCell};

use gc_core::{Gc, Trace, gc};

thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });

#[derive(Trace)]
#[trace(unsafe_drop)]
struct Node {
    next: RefCell<Option<Gc<Node>>>,
}

impl Drop for Node {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
    }
}

fn main() {
    let node = Gc::new(Node { next: RefCell::new(None) });
    *node.next.borrow_mut() = Some(node.clone());
    drop(node);
    assert_eq!(gc::collect(), 1);
    assert_eq!(DROPPED.get(), 1);
}
