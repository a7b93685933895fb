//! `selectedcontent`: a copy of the selected `option`'s content.
//!
//! Browsers make it whenever an `option` ends; at the end of the page, which is when this is done, that comes to the same.

use gc_core::Gc;
use html5ever::{LocalName, local_name};

use super::sink::Sink;
use crate::dom::links;
use crate::dom::node::Node;
use crate::dom::walk::{Edge, Walk};

impl Sink {
    /// Fills each `selectedcontent` that is the first of its `select`.
    pub(super) fn fill_selected_content(&self) {
        if !self.has_selected_content.get() {
            return;
        }
        let mut around = Around::default();
        let mut walk = Walk::new(self.document().node());
        while let Some(edge) = walk.next() {
            match edge {
                Edge::Enter(node) => around.enter(node),
                Edge::Leave(node) => around.leave(node),
            }
        }
    }
}

/// What is around a node on the way through the tree, as far as it matters here.
#[derive(Default)]
struct Around {
    /// Each `select`, and what its `option`s are not looked for in, from the outside to the inside.
    names: Vec<LocalName>,
    selects: usize,
    /// Elements in which no `selectedcontent` is filled.
    copied: usize,
    /// What was found in the outermost `select`. In others none is filled.
    found: Found,
}

#[derive(Default)]
struct Found {
    /// The first `selectedcontent`, and whether it may be filled where it is.
    shown: Option<(Gc<Node>, bool)>,
    /// The first `option` that is not disabled.
    first: Option<Gc<Node>>,
    /// The last one that says it is selected.
    chosen: Option<Gc<Node>>,
}

impl Around {
    fn enter(&mut self, node: &Gc<Node>) {
        let Some(name) = name(node) else { return };
        match name {
            local_name!("select") => self.selects += 1,
            local_name!("option") => {
                if self.selects == 1 && self.names.last() == Some(&local_name!("select")) {
                    self.found.meet_option(node);
                }
                self.copied += 1;
            }
            local_name!("selectedcontent") => {
                let may_be_filled = self.selects == 1 && self.copied == 0;
                self.found.shown.get_or_insert_with(|| (node.clone(), may_be_filled));
                self.copied += 1;
            }
            _ => {}
        }
        self.names.push(name);
    }

    fn leave(&mut self, node: &Gc<Node>) {
        let Some(name) = name(node) else { return };
        self.names.pop();
        match name {
            local_name!("select") => self.selects -= 1,
            local_name!("option") | local_name!("selectedcontent") => self.copied -= 1,
            _ => {}
        }
        if self.selects == 0 {
            let found = std::mem::take(&mut self.found);
            if name == local_name!("select") && !has(node, &local_name!("multiple")) {
                found.fill();
            }
        }
    }
}

impl Found {
    fn meet_option(&mut self, option: &Gc<Node>) {
        if has(option, &local_name!("selected")) {
            self.chosen = Some(option.clone());
        } else if self.first.is_none() && !is_disabled(option) {
            self.first = Some(option.clone());
        }
    }

    fn fill(self) {
        if let (Some((shown, true)), Some(option)) = (self.shown, self.chosen.or(self.first)) {
            copy_children(&option, &shown);
        }
    }
}

/// The name of an element that matters here.
fn name(node: &Node) -> Option<LocalName> {
    let names = [local_name!("select"), local_name!("option"), local_name!("selectedcontent"), local_name!("datalist")];
    names.into_iter().find(|name| is(node, name))
}

fn is_disabled(option: &Gc<Node>) -> bool {
    let in_group = option
        .parent()
        .is_some_and(|group| is(&group, &local_name!("optgroup")) && has(&group, &local_name!("disabled")));
    in_group || has(option, &local_name!("disabled"))
}

fn has(node: &Node, attribute: &LocalName) -> bool {
    node.as_element().is_some_and(|element| element.has_attribute(attribute))
}

fn is(node: &Node, name: &LocalName) -> bool {
    node.as_element().is_some_and(|element| element.is_html(name))
}

fn copy_children(from: &Gc<Node>, to: &Gc<Node>) {
    let copy = Node::duplicate(from, true);
    while let Some(old) = to.last_child() {
        Node::remove(&old);
    }
    while let Some(child) = copy.first_child() {
        links::detach(&child);
        links::append(to, child);
    }
}
