//! Trees in the notation of the html5lib tests: a line for each node, indented by its depth.

use std::io::{self, Write};

use gc_core::Gc;
use html5ever::{Attribute, Namespace, ns};

use super::element::Element;
use super::node::{Doctype, Instruction, Kind, Node};
use super::walk::{Edge, Walk};

/// Writes a node; of documents and fragments, what is in them.
///
/// # Errors
/// As `output`.
pub fn write_test_format(output: impl Write, node: &Gc<Node>) -> io::Result<()> {
    let mut lines = Lines { output, depth: 0 };
    let mut walk = Walk::with_templates(node);
    while let Some(edge) = walk.next() {
        match edge {
            Edge::Enter(inner) if is_shown(inner, node) => {
                lines.node(inner)?;
                lines.depth += 1;
            }
            Edge::Leave(inner) if is_shown(inner, node) => lines.depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

/// Whether there is a line for it: not for a document or fragment that is the root.
fn is_shown(node: &Gc<Node>, root: &Gc<Node>) -> bool {
    !matches!(node.kind(), Kind::Document(_) | Kind::Fragment(_)) || !Gc::ptr_eq(node, root)
}

struct Lines<W> {
    output: W,
    depth: usize,
}

impl<W: Write> Lines<W> {
    fn node(&mut self, node: &Node) -> io::Result<()> {
        self.indent(self.depth)?;
        let output = &mut self.output;
        match node.kind() {
            Kind::Document(_) => Ok(()),
            Kind::Fragment(_) => writeln!(output, "content"),
            Kind::Doctype(Doctype { name, public_id, system_id }) if public_id.is_empty() && system_id.is_empty() => {
                writeln!(output, "<!DOCTYPE {name}>")
            }
            Kind::Doctype(Doctype { name, public_id, system_id }) => {
                writeln!(output, "<!DOCTYPE {name} \"{public_id}\" \"{system_id}\">")
            }
            Kind::Text(text) => text.with(|text| writeln!(output, "\"{text}\"")),
            Kind::Comment(text) => text.with(|text| writeln!(output, "<!-- {text} -->")),
            Kind::Instruction(Instruction { target, data }) => data.with(|data| writeln!(output, "<?{target} {data}>")),
            Kind::Element(element) => {
                writeln!(output, "<{}{}>", element_prefix(&element.name().ns), element.name().local)?;
                self.attributes(element)
            }
        }
    }

    fn attributes(&mut self, element: &Element) -> io::Result<()> {
        let mut attributes = element.with_attributes(|attributes| attributes.iter().map(named).collect::<Vec<_>>());
        attributes.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
        for (name, value) in attributes {
            self.indent(self.depth + 1)?;
            writeln!(self.output, "{name}=\"{value}\"")?;
        }
        Ok(())
    }

    fn indent(&mut self, depth: usize) -> io::Result<()> {
        const BLANKS: [u8; 256] = [b' '; 256];
        write!(self.output, "| ")?;
        let mut left = 2 * depth;
        while left > 0 {
            let some = left.min(BLANKS.len());
            self.output.write_all(&BLANKS[..some])?;
            left -= some;
        }
        Ok(())
    }
}

fn named(attribute: &Attribute) -> (String, String) {
    let name = format!("{}{}", attribute_prefix(&attribute.name.ns), attribute.name.local);
    (name, attribute.value.to_string())
}

fn element_prefix(namespace: &Namespace) -> &'static str {
    match *namespace {
        ns!(svg) => "svg ",
        ns!(mathml) => "math ",
        _ => "",
    }
}

fn attribute_prefix(namespace: &Namespace) -> &'static str {
    match *namespace {
        ns!(xlink) => "xlink ",
        ns!(xml) => "xml ",
        ns!(xmlns) => "xmlns ",
        _ => "",
    }
}
