//! The tree, as html5ever's tree builder makes it.

use std::borrow::Cow;
use std::cell::Cell;

use gc_core::{Gc, Weak};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, expanded_name, local_name, ns};

use super::search::{self, Search};
use crate::dom::document::{self, Document};
use crate::dom::element::Element;
use crate::dom::links;
use crate::dom::node::{Doctype, Instruction, Kind, Node, Text};

/// What the tree builder holds.
pub(super) type Handle = Gc<Node>;

/// Builds a document.
pub(super) struct Sink {
    pub(super) search: Search,
    document: Document,
    owner: Weak<Node>,
    /// Whether there is a `selectedcontent`, which shows what is selected in the `select` around it.
    pub(super) has_selected_content: Cell<bool>,
}

impl Sink {
    pub(super) fn new(document: Document) -> Self {
        let owner = Gc::downgrade(document.node());
        Self { search: Search::new(), document, owner, has_selected_content: Cell::default() }
    }

    /// An element that is in no tree.
    pub(super) fn context(&self, name: QualName) -> Handle {
        html5ever::interface::create_element(self, name, Vec::new())
    }

    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    fn make(&self, kind: Kind) -> Handle {
        Node::new(self.owner.clone(), kind)
    }

    /// The node to put in; `None` for a text that was added to the one before it.
    fn node_of(&self, child: NodeOrText<Handle>, before: Option<&Handle>) -> Option<Handle> {
        match (child, before.and_then(|before| before.as_text())) {
            (NodeOrText::AppendNode(node), _) => Some(node),
            (NodeOrText::AppendText(text), Some(before)) => {
                before.push(&text);
                None
            }
            (NodeOrText::AppendText(text), None) => Some(self.make(Kind::Text(Text::new(text)))),
        }
    }
}

#[inline]
fn element(node: &Handle) -> &Element {
    node.as_element().expect("the tree builder asks this of elements only")
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Document;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Document {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.document.node().clone()
    }

    #[inline]
    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.search.name(target, element(target))
    }

    fn same_node(&self, left: &Handle, right: &Handle) -> bool {
        Gc::ptr_eq(left, right)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.search.make(&name.local);
        if name.expanded() == expanded_name!(html "selectedcontent") {
            self.has_selected_content.set(true);
        }
        document::new_element(&self.owner, name, attributes, flags.mathml_annotation_xml_integration_point)
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.make(Kind::Comment(Text::new(text)))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.make(Kind::Instruction(Instruction { target, data: Text::new(data) }))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.search.change();
        let child = self.node_of(child, parent.links.borrow().last.as_ref());
        if let Some(child) = child {
            search::note(parent, &child);
            links::append(parent, child);
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.search.change();
        let parent = sibling.parent().expect("the tree builder inserts before children");
        let child = self.node_of(child, sibling.links.borrow().previous.as_ref());
        if let Some(child) = child {
            links::detach(&child);
            search::note(&parent, &child);
            links::insert(&parent, child, sibling);
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        match element.parent() {
            Some(_) => self.append_before_sibling(element, child),
            None => self.append(before, child),
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        let doctype = self.make(Kind::Doctype(Doctype { name, public_id, system_id }));
        links::append(self.document.node(), doctype);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        element(target).add_missing(attributes);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        element(target).contents().expect("the tree builder asks this of `template`s only").clone()
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.search.change();
        links::detach(target);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.search.change();
        while let Some(child) = node.first_child() {
            links::detach(&child);
            links::append(new_parent, child);
        }
    }

    fn pop(&self, _: &Handle) {
        self.search.change();
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks(mode);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        element(target).is_integration_point
    }

    fn allow_declarative_shadow_roots(&self, _: &Handle) -> bool {
        false
    }
}
