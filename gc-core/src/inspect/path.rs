//! Why an object is alive.

use std::fmt;

use super::names::{Short, Visible};
use super::object::{Edge, Object};

/// A shortest way to an object from one that is held from outside. Prints as `Document.body -> Element.children[2] -> Text`.
#[derive(Clone)]
pub struct Path<'s> {
    start: Object<'s>,
    edges: Vec<Edge<'s>>,
}

impl<'s> Object<'s> {
    /// A shortest way to it from an object that is held from outside, which may be itself. `None` for
    /// [garbage](Self::is_garbage), which nothing keeps alive but the want of a collection.
    ///
    /// Of several shortest ways it is always the same in one snapshot.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    /// use gc_core::inspect::Snapshot;
    ///
    /// let text = Gc::new("x");
    /// let held = Gc::new((1, Some(text.clone())));
    /// let snapshot = Snapshot::capture();
    /// assert_eq!(snapshot.why_alive(&text).unwrap().to_string(), "&str");
    ///
    /// let [text] = [text].map(|text| Gc::as_ptr(&text)); // It is dropped; `held` holds it.
    /// let snapshot = Snapshot::capture();
    /// let [edge] = snapshot.referents(&held).collect::<Vec<_>>()[..] else { panic!() };
    /// assert_eq!(edge.to().why_alive().unwrap().to_string(), "(i32, Option<Gc<&str>>).1 -> &str");
    /// # let _ = text;
    /// ```
    #[must_use]
    pub fn why_alive(self) -> Option<Path<'s>> {
        if self.is_garbage() {
            return None;
        }
        let mut edges = Vec::new();
        let mut start = self;
        while let Some(edge) = self.snapshot.reach.by(start.index) {
            let edge = self.snapshot.edge(edge);
            edges.push(edge);
            start = edge.from();
        }
        edges.reverse();
        Some(Path { start, edges })
    }
}

impl<'s> Path<'s> {
    /// The object that is held from outside.
    #[must_use]
    pub fn start(&self) -> Object<'s> {
        self.start
    }

    /// The object that is kept alive.
    #[must_use]
    pub fn end(&self) -> Object<'s> {
        self.edges.last().map_or(self.start, |edge| edge.to())
    }

    /// The edges from the one to the other.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = Edge<'s>> + DoubleEndedIterator {
        self.edges.iter().copied()
    }

    /// How many edges long it is: 0 for an object that is itself held from outside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether the object is itself held from outside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }
}

/// How many steps are shown at each end of a way that is longer.
const SHOWN: usize = 20;

/// A long way is shown without its middle; with the flag `#`, all of it.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let long = self.len() > 2 * SHOWN + 1 && !f.alternate();
        for (number, edge) in self.edges.iter().enumerate() {
            if long && number == SHOWN {
                write!(f, "... {} more ... -> ", self.len() - 2 * SHOWN)?;
            }
            if long && (SHOWN..self.len() - SHOWN).contains(&number) {
                continue;
            }
            write!(f, "{}", Visible(Short(edge.from().type_name())))?;
            let label = edge.label();
            match () {
                () if label.is_empty() => {}
                // An element of the value itself.
                () if label.is_indexed() => write!(f, "{}", Visible(label))?,
                () => write!(f, ".{}", Visible(label))?,
            }
            f.write_str(" -> ")?;
        }
        write!(f, "{}", Visible(Short(self.end().type_name())))
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
