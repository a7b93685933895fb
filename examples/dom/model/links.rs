//! The pointers between nodes, and changing them.
//!
//! # Invariants
//! - **N1** A node in a tree is owned by its next sibling, or by its parent if it is the last: `last` and `previous` are the
//!   strong links, all others weak. So each node has one owner in its tree, and the tree has no cycle of strong links. (This way
//!   around, a node comes behind the others without a change to anybody's count.)
//! - **N2** `b.previous` is `a` if and only if `a.next` is `b`, and both have the same parent, whose `first` and `last` have no
//!   previous and no next one.
//! - **N3** A node without parent has no siblings, unless its parent died: children that are still held keep what is before
//!   them. [`detach`] puts that in order, too.
//!
//! What a link led to is dropped when the cell has been given back: its end may look at the tree.

use std::cell::RefMut;
use std::mem;

use gc_core::{Gc, Trace, Weak};

use super::node::Node;

/// Where a node is. Its weak links are plain ones, without a callback that a collection would have to know of.
#[derive(Trace)]
pub(super) struct Links {
    #[trace(skip)]
    pub(super) document: Weak<Node>,
    #[trace(skip)]
    pub(super) parent: Option<Weak<Node>>,
    #[trace(skip)]
    pub(super) next: Option<Weak<Node>>,
    #[trace(skip)]
    pub(super) first: Option<Weak<Node>>,
    pub(super) last: Option<Gc<Node>>,
    pub(super) previous: Option<Gc<Node>>,
}

impl Links {
    pub(super) const fn new(document: Weak<Node>) -> Self {
        Self { document, parent: None, next: None, first: None, last: None, previous: None }
    }
}

fn links(node: &Node) -> RefMut<'_, Links> {
    node.links.borrow_mut()
}

/// The node that a weak link leads to.
#[inline]
pub(super) fn upgrade(link: &Option<Weak<Node>>) -> Option<Gc<Node>> {
    link.as_ref().and_then(Weak::upgrade)
}

/// Makes `child`, which has neither parent nor siblings, the last child of `parent`.
pub(super) fn append(parent: &Gc<Node>, child: Gc<Node>) {
    let mut around = links(parent);
    let previous = around.last.take();
    match &previous {
        Some(previous) => links(previous).next = Some(Gc::downgrade(&child)),
        None => around.first = Some(Gc::downgrade(&child)),
    }
    {
        let mut links = links(&child);
        links.parent = Some(Gc::downgrade(parent));
        links.previous = previous;
    }
    around.last = Some(child);
}

/// Puts `child`, which has neither parent nor siblings, before `reference`, which has this parent.
pub(super) fn insert(parent: &Gc<Node>, child: Gc<Node>, reference: &Gc<Node>) {
    let previous = links(reference).previous.take();
    match &previous {
        Some(previous) => links(previous).next = Some(Gc::downgrade(&child)),
        None => links(parent).first = Some(Gc::downgrade(&child)),
    }
    {
        let mut links = links(&child);
        links.parent = Some(Gc::downgrade(parent));
        links.next = Some(Gc::downgrade(reference));
        links.previous = previous;
    }
    links(reference).previous = Some(child);
}

/// Takes a node away from its parent and siblings.
pub(super) fn detach(node: &Gc<Node>) {
    let (parent, next, previous) = {
        let mut links = links(node);
        (links.parent.take(), links.next.take(), links.previous.take())
    };
    let (parent, after) = (upgrade(&parent), upgrade(&next));
    match (&previous, &parent) {
        (Some(previous), _) => links(previous).next = next,
        (None, Some(parent)) => links(parent).first = next,
        (None, None) => {}
    }
    // What owned the node owns the previous one now.
    let _node = match (after, parent) {
        (Some(after), _) => mem::replace(&mut links(&after).previous, previous),
        (None, Some(parent)) => mem::replace(&mut links(&parent).last, previous),
        (None, None) => previous,
    };
}
