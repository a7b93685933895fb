//! A document object model on [`Gc`](gc_core::Gc) and [`Weak`](gc_core::Weak).
//!
//! The tree owns itself downwards (see [`node`]); all other pointers are weak, so the last handle of a [`Document`] that
//! goes takes every node with it, by counting alone. What a program adds may close cycles: a listener that captures the node
//! it listens to. Those a collection finds. Nothing here recurses over the tree, so no page is too deep.
//!
//! ```
//! use gc_examples::dom::{Node, parse_document, select::Selector};
//!
//! let page = parse_document("<ul><li>one<li class=here>two</ul>");
//! let here = Selector::parse("ul > .here").unwrap().select(page.root());
//! assert_eq!(here.len(), 1);
//! Node::remove(&here[0]);
//! assert_eq!(page.to_html(), "<html><head></head><body><ul><li>one</li></ul></body></html>");
//!
//! drop((page, here));
//! assert_eq!(gc_core::gc::stats().live_objects, 0);
//! ```

pub mod decode;
pub mod document;
pub mod dot;
pub mod element;
pub mod events;
mod html;
mod links;
pub mod node;
pub mod parse;
pub mod select;
mod test_format;
pub mod tree;
pub mod walk;

pub use document::{Document, Page};
pub use element::Element;
pub use html::write_html;
pub use node::{Kind, Node};
pub use parse::{parse_document, parse_fragment};
pub use test_format::write_test_format;
