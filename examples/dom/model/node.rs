//! Nodes: what each is, and reading what is around it.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;

use gc_core::{Gc, Trace, Weak};
use html5ever::interface::QuirksMode;
use html5ever::local_name;
use html5ever::tendril::StrTendril;

use super::document::Document;
use super::element::Element;
use super::events::Listeners;
use super::links::{self, Links};
use super::walk::{Edge, Walk};

/// A node of a document.
#[derive(Trace)]
pub struct Node {
    pub(super) links: RefCell<Links>,
    pub(super) listeners: RefCell<Listeners>,
    kind: Kind,
}

/// What a node is.
#[derive(Trace)]
pub enum Kind {
    /// The root of a document.
    Document(#[trace(skip)] Cell<QuirksMode>),
    /// The root of a tree that is not a document.
    Fragment(Fragment),
    /// `<!DOCTYPE ...>`
    Doctype(Doctype),
    /// Characters.
    Text(Text),
    /// `<!-- ... -->`
    Comment(Text),
    /// `<?target ...>`; no HTML page has one, but a program may make it.
    Instruction(Instruction),
    /// `<name ...>`
    Element(Element),
}

/// The characters of a text or comment.
#[derive(Trace)]
pub struct Text(#[trace(skip)] RefCell<StrTendril>);

/// What a document says it is.
#[derive(Trace)]
#[trace(leaf)]
pub struct Doctype {
    /// Mostly `html`.
    pub name: StrTendril,
    /// The public identifier, or nothing.
    pub public_id: StrTendril,
    /// The system identifier, or nothing.
    pub system_id: StrTendril,
}

/// A word to some program.
#[derive(Trace)]
pub struct Instruction {
    /// Which program.
    #[trace(skip)]
    pub target: StrTendril,
    /// The word.
    pub data: Text,
}

/// The root of a tree of its own.
#[derive(Trace, Default)]
pub struct Fragment {
    /// The `template` whose contents these are.
    pub(super) host: OnceCell<Weak<Node>>,
}

impl Text {
    pub(super) fn new(text: StrTendril) -> Self {
        Self(RefCell::new(text))
    }

    /// The characters. Cheap: they are shared.
    pub fn get(&self) -> StrTendril {
        self.0.borrow().clone()
    }

    /// Replaces the characters.
    pub fn set(&self, text: &str) {
        *self.0.borrow_mut() = text.into();
    }

    /// Adds characters.
    pub fn push(&self, text: &str) {
        self.0.borrow_mut().push_slice(text);
    }

    /// Calls `read` with the characters.
    ///
    /// # Panics
    /// If `read` changes them.
    pub fn with<T>(&self, read: impl FnOnce(&str) -> T) -> T {
        read(&self.0.borrow())
    }
}

impl Node {
    /// A node by itself, which belongs to `document`.
    pub(super) fn new(document: Weak<Self>, kind: Kind) -> Gc<Self> {
        Gc::new(Self::unboxed(document, kind))
    }

    pub(super) fn unboxed(document: Weak<Self>, kind: Kind) -> Self {
        Self { links: RefCell::new(Links::new(document)), listeners: RefCell::default(), kind }
    }

    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The element, if it is one.
    pub fn as_element(&self) -> Option<&Element> {
        match &self.kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The characters of a text, and of no other node.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The `template` element whose contents this node is the root of.
    pub fn host(&self) -> Option<Gc<Self>> {
        match &self.kind {
            Kind::Fragment(fragment) => fragment.host.get()?.upgrade(),
            _ => None,
        }
    }

    /// The document it belongs to, whether it is in it or not; `None` if that is gone.
    pub fn document(&self) -> Option<Document> {
        self.links.borrow().document.upgrade().map(Document::of)
    }

    /// The node around it.
    pub fn parent(&self) -> Option<Gc<Self>> {
        links::upgrade(&self.links.borrow().parent)
    }

    /// The node before it.
    pub fn previous_sibling(&self) -> Option<Gc<Self>> {
        self.links.borrow().previous.clone()
    }

    /// The node after it.
    pub fn next_sibling(&self) -> Option<Gc<Self>> {
        links::upgrade(&self.links.borrow().next)
    }

    /// The first node in it.
    pub fn first_child(&self) -> Option<Gc<Self>> {
        links::upgrade(&self.links.borrow().first)
    }

    /// The last node in it.
    pub fn last_child(&self) -> Option<Gc<Self>> {
        self.links.borrow().last.clone()
    }

    /// Whether there is a node in it.
    pub fn has_children(&self) -> bool {
        self.links.borrow().last.is_some()
    }

    /// The nodes in it, from first to last. One that is removed meanwhile ends the iteration.
    pub fn children(&self) -> impl Iterator<Item = Gc<Self>> + use<> {
        std::iter::successors(self.first_child(), |child| child.next_sibling())
    }

    /// The nodes around it, from the inside to the outside.
    pub fn ancestors(&self) -> impl Iterator<Item = Gc<Self>> + use<> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// All nodes below it in the order of the page; contents of `template`s are not below it.
    pub fn descendants(this: &Gc<Self>) -> impl Iterator<Item = Gc<Self>> + use<> {
        let mut walk = Walk::new(this);
        let nodes = std::iter::from_fn(move || {
            loop {
                if let Edge::Enter(node) = walk.next()? {
                    return Some(node.clone());
                }
            }
        });
        nodes.skip(1)
    }

    /// The characters of all texts below it, or its own.
    pub fn text_content(this: &Gc<Self>) -> String {
        let mut content = String::new();
        if let Some(text) = this.as_text() {
            text.with(|text| content.push_str(text));
        }
        for node in Self::descendants(this) {
            if let Some(text) = node.as_text() {
                text.with(|text| content.push_str(text));
            }
        }
        content
    }
}

/// The node alone, on one line.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Document(_) => f.write_str("#document"),
            Kind::Fragment(_) => f.write_str("#fragment"),
            Kind::Doctype(doctype) => write!(f, "<!DOCTYPE {}>", doctype.name),
            Kind::Text(text) => text.with(|text| write!(f, "'{}'", shortened(text))),
            Kind::Comment(text) => text.with(|text| write!(f, "<!--{}-->", shortened(text))),
            Kind::Instruction(instruction) => write!(f, "<?{}>", instruction.target),
            Kind::Element(element) => match element.attribute(&local_name!("id")) {
                Some(id) => write!(f, "<{} id={}>", element.name().local, shortened(&id)),
                None => write!(f, "<{}>", element.name().local),
            },
        }
    }
}

/// The beginning of a text.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 20;
    let mut short: String = text.chars().take(LENGTH).collect();
    if text.chars().nth(LENGTH).is_some() {
        short.push('…');
    }
    short
}
