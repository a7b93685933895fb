//! Trees as HTML.

use std::fmt;
use std::io::{self, Write};

use gc_core::Gc;
use html5ever::serialize::{HtmlSerializer, SerializeOpts, Serializer};
use html5ever::{expanded_name, local_name, ns};

use super::element::Element;
use super::node::{Doctype, Instruction, Kind, Node};
use super::parse::pieces;
use super::walk::{Edge, Walk};

/// How much text the serializer gets at once: it looks through all of it for each `&`.
const PIECE: usize = 512;

/// Writes a node as HTML; of documents and fragments, what is in them. Read again, it gives the same tree, if a page can.
///
/// # Errors
/// As `output`.
pub fn write_html(output: impl Write, node: &Gc<Node>) -> io::Result<()> {
    // Scripts do not run here, so `noscript` has elements in it.
    let options = SerializeOpts { scripting_enabled: false, ..Default::default() };
    let mut serializer = HtmlSerializer::new(output, options);
    let mut walk = Walk::with_templates(node);
    while let Some(edge) = walk.next() {
        match edge {
            Edge::Enter(node) => enter(&mut serializer, node)?,
            Edge::Leave(node) => {
                if let Some(element) = node.as_element() {
                    serializer.end_elem(element.name().clone())?;
                }
            }
        }
    }
    Ok(())
}

fn enter<W: Write>(serializer: &mut HtmlSerializer<W>, node: &Node) -> io::Result<()> {
    match node.kind() {
        Kind::Document(_) | Kind::Fragment(_) => Ok(()),
        Kind::Doctype(doctype) => write_doctype(&mut serializer.writer, doctype),
        Kind::Text(text) => text.with(|text| pieces(text, PIECE).try_for_each(|piece| serializer.write_text(piece))),
        Kind::Comment(text) => text.with(|text| serializer.write_comment(text)),
        Kind::Instruction(Instruction { target, data }) => {
            data.with(|data| serializer.write_processing_instruction(target, data))
        }
        Kind::Element(element) => start(serializer, element, node),
    }
}

/// With the identifiers, which decide how the page is shown; the standard's algorithm leaves them out.
fn write_doctype(output: &mut impl Write, doctype: &Doctype) -> io::Result<()> {
    let Doctype { name, public_id, system_id } = doctype;
    write!(output, "<!DOCTYPE {name}")?;
    match (public_id.is_empty(), system_id.is_empty()) {
        (true, true) => {}
        (true, false) => write!(output, " SYSTEM {}", Quoted(system_id))?,
        (false, true) => write!(output, " PUBLIC {}", Quoted(public_id))?,
        (false, false) => write!(output, " PUBLIC {} {}", Quoted(public_id), Quoted(system_id))?,
    }
    output.write_all(b">")
}

/// An identifier in the quotation marks that are not in it.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.0.contains('"') { '\'' } else { '"' };
        write!(f, "{mark}{}{mark}", self.0)
    }
}

fn start<W: Write>(serializer: &mut HtmlSerializer<W>, element: &Element, node: &Node) -> io::Result<()> {
    element.with_attributes(|attributes| {
        let pairs = attributes.iter().map(|attribute| (&attribute.name, &*attribute.value));
        serializer.start_elem(element.name().clone(), pairs)
    })?;
    // The parser drops a line break here, so one that is there must be doubled.
    if drops_line_break(element) && begins_with_line_break(node) {
        serializer.writer.write_all(b"\n")?;
    }
    Ok(())
}

fn drops_line_break(element: &Element) -> bool {
    matches!(
        element.name().expanded(),
        expanded_name!(html "pre") | expanded_name!(html "textarea") | expanded_name!(html "listing")
    )
}

fn begins_with_line_break(node: &Node) -> bool {
    let first = node.first_child();
    first.as_ref().and_then(|first| first.as_text()).is_some_and(|text| text.with(|text| text.starts_with('\n')))
}
