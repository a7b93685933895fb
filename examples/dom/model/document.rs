//! Documents: making nodes, and taking over those of others.

use std::cell::Cell;

use gc_core::{Gc, Trace, Weak};
use html5ever::interface::QuirksMode;
use html5ever::{Attribute, LocalName, QualName, expanded_name, local_name, ns};

use super::element::Element;
use super::links;
use super::node::{Doctype, Fragment, Instruction, Kind, Node, Text};
use super::tree::{Changed, HierarchyError};
use super::walk::{Edge, Walk};

/// A document. Its last handle takes the tree with it; nodes that are held then go on, without a document.
#[derive(Clone, Trace)]
pub struct Document {
    node: Gc<Node>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        let kind = Kind::Document(Cell::new(QuirksMode::NoQuirks));
        Self { node: Gc::new_cyclic(|me| Node::unboxed(me.clone(), kind)) }
    }

    /// The document whose root this is.
    pub(super) fn of(node: Gc<Node>) -> Self {
        Self { node }
    }

    /// The root of its tree.
    pub fn node(&self) -> &Gc<Node> {
        &self.node
    }

    /// How much the page must be shown as old browsers did.
    pub fn quirks(&self) -> QuirksMode {
        match self.node.kind() {
            Kind::Document(quirks) => quirks.get(),
            _ => QuirksMode::NoQuirks,
        }
    }

    pub(super) fn set_quirks(&self, mode: QuirksMode) {
        if let Kind::Document(quirks) = self.node.kind() {
            quirks.set(mode);
        }
    }

    /// An HTML element without attributes, by itself.
    pub fn element(&self, name: &str) -> Gc<Node> {
        let name = QualName::new(None, ns!(html), LocalName::from(name));
        self.element_with(name, Vec::new())
    }

    /// An element of any namespace, by itself.
    pub fn element_with(&self, name: QualName, attributes: Vec<Attribute>) -> Gc<Node> {
        new_element(&Gc::downgrade(&self.node), name, attributes, false)
    }

    /// A text, by itself.
    pub fn text(&self, text: &str) -> Gc<Node> {
        self.make(Kind::Text(Text::new(text.into())))
    }

    /// A comment, by itself.
    pub fn comment(&self, text: &str) -> Gc<Node> {
        self.make(Kind::Comment(Text::new(text.into())))
    }

    /// The root of a tree to be built, whose children go where it is put.
    pub fn fragment(&self) -> Gc<Node> {
        self.make(Kind::Fragment(Fragment::default()))
    }

    /// Takes a node, with all that is in it, out of its parent and into this document, by itself.
    ///
    /// # Errors
    /// If it is a document, or what a `template` contains; nothing has changed then.
    pub fn adopt(&self, node: &Gc<Node>) -> Changed {
        if matches!(node.kind(), Kind::Document(_)) || node.host().is_some() {
            return Err(HierarchyError::NotAChild);
        }
        links::detach(node);
        adopt(node, &Gc::downgrade(&self.node));
        Ok(())
    }

    pub(super) fn make(&self, kind: Kind) -> Gc<Node> {
        Node::new(Gc::downgrade(&self.node), kind)
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

/// What was parsed: a document, and in it the node whose children were asked for.
#[derive(Clone, Trace)]
pub struct Page {
    document: Document,
    root: Gc<Node>,
}

impl Page {
    pub(super) fn new(document: Document, root: Gc<Node>) -> Self {
        Self { document, root }
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document's own node, or the fragment that was parsed.
    pub fn root(&self) -> &Gc<Node> {
        &self.root
    }

    /// As HTML.
    pub fn to_html(&self) -> String {
        let mut html = Vec::new();
        super::write_html(&mut html, &self.root).expect("a vector takes all");
        String::from_utf8(html).expect("names and texts are UTF-8")
    }

    /// In the notation of the html5lib tests.
    pub fn to_test_format(&self) -> String {
        let mut lines = Vec::new();
        super::write_test_format(&mut lines, &self.root).expect("a vector takes all");
        String::from_utf8(lines).expect("names and texts are UTF-8")
    }
}

/// An element by itself; a `template` with its contents.
pub(super) fn new_element(
    document: &Weak<Node>,
    name: QualName,
    attributes: Vec<Attribute>,
    is_integration_point: bool,
) -> Gc<Node> {
    let is_template = name.expanded() == expanded_name!(html "template");
    let contents = is_template.then(|| Node::new(document.clone(), Kind::Fragment(Fragment::default())));
    let element = Element::new(name, attributes, contents, is_integration_point);
    let node = Node::new(document.clone(), Kind::Element(element));
    if let Some(contents) = node.as_element().and_then(Element::contents)
        && let Kind::Fragment(fragment) = contents.kind()
    {
        fragment.host.get_or_init(|| Gc::downgrade(&node));
    }
    node
}

/// A copy of the node alone, which belongs to `document`, or is a document itself.
pub(super) fn copy(node: &Node, document: &Weak<Node>) -> Gc<Node> {
    let kind = match node.kind() {
        Kind::Document(quirks) => {
            let document = Document::new();
            document.set_quirks(quirks.get());
            return document.node;
        }
        Kind::Element(element) => {
            let attributes = element.with_attributes(<[_]>::to_vec);
            return new_element(document, element.name().clone(), attributes, element.is_integration_point);
        }
        Kind::Fragment(_) => Kind::Fragment(Fragment::default()),
        Kind::Doctype(Doctype { name, public_id, system_id }) => {
            Kind::Doctype(Doctype { name: name.clone(), public_id: public_id.clone(), system_id: system_id.clone() })
        }
        Kind::Text(text) => Kind::Text(Text::new(text.get())),
        Kind::Comment(text) => Kind::Comment(Text::new(text.get())),
        Kind::Instruction(Instruction { target, data }) => {
            Kind::Instruction(Instruction { target: target.clone(), data: Text::new(data.get()) })
        }
    };
    Node::new(document.clone(), kind)
}

/// Makes a node, with all that is in it, belong to this document.
pub(super) fn adopt(node: &Gc<Node>, document: &Weak<Node>) {
    if node.links.borrow().document.ptr_eq(document) {
        return;
    }
    let mut walk = Walk::with_templates(node);
    while let Some(edge) = walk.next() {
        if let Edge::Enter(node) = edge {
            let _other = std::mem::replace(&mut node.links.borrow_mut().document, document.clone());
        }
    }
}
