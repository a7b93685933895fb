//! Elements that a CSS selector matches.
//!
//! | selector | elements |
//! |---|---|
//! | `*`, `p` | all; of this name (in HTML whatever the case) |
//! | `#a`, `.a` | with this id; with this class |
//! | `[a]`, `[a=b]`, `[a~=b]`, `[a\|=b]`, `[a^=b]`, `[a$=b]`, `[a*=b]` | with this attribute; whose value is `b`, has the word `b`, is `b` or begins with `b-`, begins, ends with `b`, has `b` in it; `i` before `]`: in any case |
//! | `a b`, `a > b`, `a + b`, `a ~ b` | `b` inside, directly inside, directly behind, behind an `a` |
//! | `a, b` | both |
//!
//! Everything else is an error that says so.
//!
//! A tree is gone through once: on the way, it is known of each element which beginnings of the selector end there
//! ([`automaton`]). That takes time in proportion to the tree, however deep it is, and no recursion.

pub mod automaton;
mod compound;
mod parser;

use gc_core::Gc;
use html5ever::interface::QuirksMode;

use super::node::Node;
use automaton::Context;
pub use compound::Case;
use compound::Compound;
pub use parser::SelectorError;

/// How a compound selector follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combinator {
    /// It is the first of a selector.
    None,
    Descendant,
    Child,
    NextSibling,
    LaterSibling,
}

/// A list of selectors.
#[derive(Debug, Default)]
pub struct Selector {
    /// The compound selectors of all selectors in the list, one selector after the other. Bit *n* of the sets below is for
    /// the *n*th.
    compounds: Vec<Compound>,
    /// The first of each selector.
    firsts: u64,
    /// Those that must be inside the one before; and so on.
    descendants: u64,
    children: u64,
    next_siblings: u64,
    later_siblings: u64,
    /// The last of each selector.
    lasts: u64,
}

/// How many compound selectors a list may have.
const MOST: usize = u64::BITS as usize;

impl Selector {
    /// The list of selectors that is written so.
    ///
    /// # Errors
    /// If it is no selector, or one that is not supported.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parser::parse(text)
    }

    /// `None` if there are too many.
    fn new(parts: Vec<(Combinator, Compound)>) -> Option<Self> {
        let mut selector = Self::default();
        for (index, (combinator, compound)) in parts.into_iter().enumerate() {
            let bit = 1u64.checked_shl(u32::try_from(index).ok()?)?;
            *selector.following_by(combinator) |= bit;
            selector.lasts |= bit;
            if combinator != Combinator::None {
                selector.lasts &= !(bit >> 1);
            }
            selector.compounds.push(compound);
        }
        Some(selector)
    }

    fn following_by(&mut self, combinator: Combinator) -> &mut u64 {
        match combinator {
            Combinator::None => &mut self.firsts,
            Combinator::Descendant => &mut self.descendants,
            Combinator::Child => &mut self.children,
            Combinator::NextSibling => &mut self.next_siblings,
            Combinator::LaterSibling => &mut self.later_siblings,
        }
    }

    /// The elements below `root` that match, in the order of the page. What is around `root` does not count, nor do contents of
    /// `template`s.
    pub fn select(&self, root: &Gc<Node>) -> Vec<Gc<Node>> {
        let is_quirky = root.document().is_some_and(|document| document.quirks() == QuirksMode::Quirks);
        let case = if is_quirky { Case::Ignored } else { Case::Differs };
        let mut found = Vec::new();
        let mut here = Context::default();
        // The elements around, each with the context of what is behind it.
        let mut around: Vec<(Gc<Node>, Context)> = Vec::new();
        let mut next = root.first_child();
        loop {
            let Some(node) = next else {
                let Some((node, behind)) = around.pop() else { return found };
                here = behind;
                next = node.next_sibling();
                continue;
            };
            let Some(element) = node.as_element() else {
                next = node.next_sibling();
                continue;
            };
            let ended = element.with_attributes(|attributes| self.step(here, element.name(), attributes, case));
            if self.selects(ended) {
                found.push(node.clone());
            }
            next = node.first_child();
            if next.is_some() {
                around.push((node, here.behind(ended)));
                here = here.inside(ended);
            } else {
                next = node.next_sibling();
                here = here.behind(ended);
            }
        }
    }
}
