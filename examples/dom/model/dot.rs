//! The pointers of a tree, for Graphviz.
//!
//! A box is a node, an ellipse what listens to one. Full lines own what they point to, broken ones do not: so a full circle is
//! what only a collection reclaims.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::events::Listener;
use super::node::Node;
use super::walk::{Edge, Walk};
use gc_core::Gc;

/// Writes a node, what is below it, and who listens there, in the language of Graphviz. The pointers to the document and to the
/// first child are left out.
///
/// # Errors
/// As `output`.
pub fn write_dot(output: impl Write, root: &Gc<Node>) -> io::Result<()> {
    let mut graph = Graph { output, numbers: HashMap::new(), others: 0 };
    writeln!(graph.output, "digraph dom {{\n  node [shape=box, fontname=monospace];")?;
    let mut walk = Walk::with_templates(root);
    while let Some(edge) = walk.next() {
        if let Edge::Enter(node) = edge {
            graph.pointers_of(node)?;
        }
    }
    writeln!(graph.output, "}}")
}

struct Graph<W> {
    output: W,
    /// The names of what is in the graph, by address.
    numbers: HashMap<*const (), usize>,
    others: usize,
}

impl<W: Write> Graph<W> {
    fn pointers_of(&mut self, node: &Gc<Node>) -> io::Result<()> {
        let from = self.node(node)?;
        let contents = node.as_element().and_then(|element| element.contents().cloned());
        for (name, to) in [("last", node.last_child()), ("previous", node.previous_sibling()), ("contents", contents)] {
            let Some(to) = to else { continue };
            let to = self.node(&to)?;
            writeln!(self.output, "  n{from} -> n{to} [label={name}];")?;
        }
        for (name, to) in [("parent", node.parent()), ("next", node.next_sibling()), ("host", node.host())] {
            let Some(to) = to else { continue };
            let to = self.node(&to)?;
            writeln!(self.output, "  n{from} -> n{to} [label={name}, style=dashed, color=gray, constraint=false];")?;
        }
        node.listeners().iter().try_for_each(|(event, listener)| self.listener(from, event, listener))
    }

    /// The number of a node, which is described when it is met first.
    fn node(&mut self, node: &Gc<Node>) -> io::Result<usize> {
        let (number, is_new) = self.number(Gc::as_ptr(node).cast());
        if is_new {
            writeln!(self.output, "  n{number} [label=\"{}\"];", Escaped(&format!("{node:?}")))?;
        }
        Ok(number)
    }

    fn number(&mut self, address: *const ()) -> (usize, bool) {
        let next = self.numbers.len();
        let number = *self.numbers.entry(address).or_insert(next);
        (number, number == next)
    }

    fn listener(&mut self, node: usize, event: &str, listener: &Listener) -> io::Result<()> {
        let (number, is_new) = self.number(Gc::as_ptr(listener).cast());
        writeln!(self.output, "  n{node} -> n{number} [label=\"{}\"];", Escaped(event))?;
        if !is_new {
            return Ok(());
        }
        writeln!(self.output, "  n{number} [label=listener, shape=ellipse];")?;
        for referent in Gc::referents(listener) {
            match referent.downcast::<Node>() {
                Ok(captured) => {
                    let to = self.node(&captured)?;
                    writeln!(self.output, "  n{number} -> n{to} [label=captures];")?;
                }
                Err(other) => {
                    let (name, to) = (other.type_name(), self.others);
                    self.others += 1;
                    writeln!(self.output, "  other{to} [label=\"{}\", shape=plaintext];", Escaped(name))?;
                    writeln!(self.output, "  n{number} -> other{to} [label=captures];")?;
                }
            }
        }
        Ok(())
    }
}

/// A text inside quotation marks; control characters are blanks.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '"' | '\\' => write!(f, "\\{character}"),
            control if control.is_control() => f.write_char(' '),
            other => f.write_char(other),
        })
    }
}
