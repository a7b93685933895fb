//! Going through a tree in the order of the page, without recursion.

use gc_core::Gc;

use super::node::Node;

/// A step of a [`Walk`].
pub enum Edge<'a> {
    /// A node begins.
    Enter(&'a Gc<Node>),
    /// A node ends; all that is in it has been seen.
    Leave(&'a Gc<Node>),
}

/// Enters and leaves a node and each node below it. Where the tree changes on the way, it goes on as the tree is then.
pub struct Walk {
    /// The node to begin with.
    first: Option<Gc<Node>>,
    /// The nodes entered and not yet left.
    open: Vec<Gc<Node>>,
    /// The one left last.
    left: Option<Gc<Node>>,
    with_templates: bool,
}

impl Walk {
    /// Goes through the tree below `root`, but not through the contents of `template`s.
    pub fn new(root: &Gc<Node>) -> Self {
        Self { first: Some(root.clone()), open: Vec::new(), left: None, with_templates: false }
    }

    /// Goes through the contents of `template`s, too: their root is entered before the element's own children.
    pub fn with_templates(root: &Gc<Node>) -> Self {
        Self { with_templates: true, ..Self::new(root) }
    }

    /// The next step; `None` when the first node has been left.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend what it holds")]
    pub fn next(&mut self) -> Option<Edge<'_>> {
        let next = match self.first.take() {
            Some(first) => Some(first),
            None => self.behind_or_inside(self.open.last()?),
        };
        match next {
            Some(next) => {
                self.open.push(next);
                self.left = None;
                self.open.last().map(Edge::Enter)
            }
            None => {
                self.left = self.open.pop();
                self.left.as_ref().map(Edge::Leave)
            }
        }
    }

    /// The node that follows the one just left, or if none was, the first in the innermost one that is open.
    fn behind_or_inside(&self, open: &Node) -> Option<Gc<Node>> {
        match &self.left {
            // Behind the contents of a `template` come its children.
            Some(left) if left.host().is_some() => open.first_child(),
            Some(left) => left.next_sibling(),
            None => self.contents_of(open).or_else(|| open.first_child()),
        }
    }

    fn contents_of(&self, node: &Node) -> Option<Gc<Node>> {
        node.as_element().filter(|_| self.with_templates)?.contents().cloned()
    }
}
