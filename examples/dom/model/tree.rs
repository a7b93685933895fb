//! Changing a tree: the operations of the DOM standard, with those of its checks that keep a tree a tree. How many elements and
//! doctypes a document has, and in which order, is the caller's business.

use std::fmt;

use gc_core::{Gc, Weak};

use super::document;
use super::links;
use super::node::{Kind, Node};
use super::walk::{Edge, Walk};

/// Why a node cannot go where it was to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HierarchyError {
    /// The parent is a text, a comment or the like.
    NotAParent,
    /// Documents are nobody's children and have no texts in them; doctypes are in documents. What a `template` contains stays
    /// with it.
    NotAChild,
    /// The node would get into itself.
    Circle,
    /// The node to insert before, or to replace, is no child of the parent.
    NotFound,
}

impl fmt::Display for HierarchyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAParent => "a node of this kind has no children",
            Self::NotAChild => "a node of this kind cannot be there",
            Self::Circle => "a node cannot get into itself",
            Self::NotFound => "the other node is no child of this one",
        })
    }
}

impl std::error::Error for HierarchyError {}

/// Whether it could be done.
pub type Changed = Result<(), HierarchyError>;

impl Node {
    /// Makes `child` the last child. It leaves the place where it is, and comes into this document. Of a fragment, the
    /// children do.
    ///
    /// # Errors
    /// If `child` may not be there; nothing has changed then.
    pub fn append(this: &Gc<Self>, child: &Gc<Self>) -> Changed {
        Self::insert_before(this, child, None)
    }

    /// Puts `child` before a child of this node, or last if none is given; otherwise as [`append`](Self::append).
    ///
    /// # Errors
    /// If `child` may not be there, or `reference` is no child of this node; nothing has changed then.
    pub fn insert_before(this: &Gc<Self>, child: &Gc<Self>, reference: Option<&Gc<Self>>) -> Changed {
        if reference.is_some_and(|reference| !is_child_of(reference, this)) {
            return Err(HierarchyError::NotFound);
        }
        check(this, child)?;
        let next = match reference {
            Some(reference) if Gc::ptr_eq(reference, child) => child.next_sibling(),
            reference => reference.cloned(),
        };
        if matches!(child.kind(), Kind::Fragment(_)) {
            while let Some(child) = child.first_child() {
                put(this, child, next.as_ref());
            }
        } else {
            put(this, child.clone(), next.as_ref());
        }
        Ok(())
    }

    /// Puts `new` where the child `old` is, which leaves the tree.
    ///
    /// # Errors
    /// If `new` may not be there, or `old` is no child of this node; nothing has changed then.
    pub fn replace(this: &Gc<Self>, new: &Gc<Self>, old: &Gc<Self>) -> Changed {
        Self::insert_before(this, new, Some(old))?;
        if !Gc::ptr_eq(new, old) {
            Self::remove(old);
        }
        Ok(())
    }

    /// Takes the node, with all that is in it, out of its parent.
    pub fn remove(this: &Gc<Self>) {
        links::detach(this);
    }

    /// A copy without parent and without listeners: of the node alone, or of all that is in it, too.
    pub fn duplicate(this: &Gc<Self>, deep: bool) -> Gc<Self> {
        let copy = document::copy(this, &this.links.borrow().document);
        if deep {
            let document = copy.links.borrow().document.clone();
            copy_below(this, &copy, &document);
        }
        copy
    }
}

/// Copies what is below a node, contents of `template`s included, to below its copy.
fn copy_below(original: &Gc<Node>, copy: &Gc<Node>, document: &Weak<Node>) {
    let mut around = copy.clone();
    let mut walk = Walk::with_templates(original);
    walk.next();
    while let Some(edge) = walk.next() {
        let next = match edge {
            Edge::Enter(node) if node.host().is_some() => {
                around.as_element().and_then(|template| template.contents().cloned())
            }
            Edge::Enter(node) => {
                let copy = document::copy(node, document);
                links::append(&around, copy.clone());
                Some(copy)
            }
            Edge::Leave(_) => around_of(&around),
        };
        // There is nothing around the copy that was begun with.
        let Some(next) = next else { return };
        around = next;
    }
}

/// The parent, or for the contents of a `template` that element.
fn around_of(node: &Node) -> Option<Gc<Node>> {
    node.host().or_else(|| node.parent())
}

fn is_child_of(node: &Node, parent: &Gc<Node>) -> bool {
    node.parent().is_some_and(|other| Gc::ptr_eq(&other, parent))
}

fn check(parent: &Gc<Node>, child: &Gc<Node>) -> Changed {
    if !matches!(parent.kind(), Kind::Document(_) | Kind::Fragment(_) | Kind::Element(_)) {
        return Err(HierarchyError::NotAParent);
    }
    match child.kind() {
        Kind::Fragment(_) => child.children().try_for_each(|child| check_kinds(parent, &child))?,
        _ => check_kinds(parent, child)?,
    }
    if may_be_around(child, parent) && inclusive_ancestors(parent).any(|node| Gc::ptr_eq(&node, child)) {
        return Err(HierarchyError::Circle);
    }
    Ok(())
}

fn check_kinds(parent: &Node, child: &Node) -> Changed {
    let is_document = matches!(parent.kind(), Kind::Document(_));
    match child.kind() {
        Kind::Document(_) => Err(HierarchyError::NotAChild),
        Kind::Doctype(_) if !is_document => Err(HierarchyError::NotAChild),
        Kind::Text(_) if is_document => Err(HierarchyError::NotAChild),
        _ => Ok(()),
    }
}

/// False if a look at `node` tells that `other` is not inside.
fn may_be_around(node: &Gc<Node>, other: &Gc<Node>) -> bool {
    let has_contents = node.as_element().is_some_and(|element| element.contents().is_some());
    Gc::ptr_eq(node, other) || node.has_children() || has_contents
}

fn inclusive_ancestors(node: &Gc<Node>) -> impl Iterator<Item = Gc<Node>> {
    std::iter::successors(Some(node.clone()), |node| around_of(node))
}

/// Moves `child` to before `next`, or to the end.
fn put(parent: &Gc<Node>, child: Gc<Node>, next: Option<&Gc<Node>>) {
    links::detach(&child);
    document::adopt(&child, &parent.links.borrow().document);
    match next {
        Some(next) => links::insert(parent, child, next),
        None => links::append(parent, child),
    }
}
