//! Elements: names and attributes.

use std::cell::{Cell, RefCell};

use gc_core::{Gc, Trace};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};

use super::node::Node;
use super::parse::search::{Names, UNKNOWN};

/// What an element has besides its place.
#[derive(Trace)]
pub struct Element {
    #[trace(skip)]
    name: QualName,
    #[trace(skip)]
    attributes: RefCell<Vec<Attribute>>,
    contents: Option<Gc<Node>>,
    /// Whether HTML may follow directly inside this MathML element.
    pub(super) is_integration_point: bool,
    /// The parser's note of what it might look for around the element: see `parse/search`.
    pub(super) around: Cell<Names>,
}

impl Element {
    pub(super) fn new(
        name: QualName,
        attributes: Vec<Attribute>,
        contents: Option<Gc<Node>>,
        is_integration_point: bool,
    ) -> Self {
        let attributes = RefCell::new(attributes);
        Self { name, attributes, contents, is_integration_point, around: Cell::new(UNKNOWN) }
    }

    /// Its name with its namespace.
    pub fn name(&self) -> &QualName {
        &self.name
    }

    /// Whether it is the HTML element of this name.
    pub fn is_html(&self, local: &LocalName) -> bool {
        self.name.ns == ns!(html) && self.name.local == *local
    }

    /// What a `template` contains: the root of a tree of its own.
    pub fn contents(&self) -> Option<&Gc<Node>> {
        self.contents.as_ref()
    }

    /// The value of an attribute without namespace. Cheap: it is shared.
    pub fn attribute(&self, local: &LocalName) -> Option<StrTendril> {
        let attributes = self.attributes.borrow();
        find(&attributes, local).map(|found| attributes[found].value.clone())
    }

    /// Whether it has this attribute, without namespace.
    pub fn has_attribute(&self, local: &LocalName) -> bool {
        find(&self.attributes.borrow(), local).is_some()
    }

    /// Changes or adds an attribute without namespace.
    pub fn set_attribute(&self, local: LocalName, value: &str) {
        let mut attributes = self.attributes.borrow_mut();
        match find(&attributes, &local) {
            Some(found) => attributes[found].value = value.into(),
            None => attributes.push(Attribute { name: QualName::new(None, ns!(), local), value: value.into() }),
        }
    }

    /// Removes an attribute without namespace; whether it was there.
    pub fn remove_attribute(&self, local: &LocalName) -> bool {
        let mut attributes = self.attributes.borrow_mut();
        find(&attributes, local).map(|found| attributes.remove(found)).is_some()
    }

    /// Calls `read` with all attributes, in the order in which they came.
    ///
    /// # Panics
    /// If `read` changes them.
    pub fn with_attributes<T>(&self, read: impl FnOnce(&[Attribute]) -> T) -> T {
        read(&self.attributes.borrow())
    }

    /// Adds those attributes that are not there yet, whatever their values.
    pub(super) fn add_missing(&self, others: Vec<Attribute>) {
        let mut attributes = self.attributes.borrow_mut();
        for other in others {
            if attributes.iter().all(|attribute| attribute.name.expanded() != other.name.expanded()) {
                attributes.push(other);
            }
        }
    }
}

fn find(attributes: &[Attribute], local: &LocalName) -> Option<usize> {
    attributes.iter().position(|attribute| attribute.name.ns == ns!() && attribute.name.local == *local)
}
