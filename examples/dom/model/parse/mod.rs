//! Parsing, by html5ever.
//!
//! The way of a page: html5ever's tokenizer → `builder`, which announces what html5ever is about to search → html5ever's tree
//! builder → `sink`, which makes the tree.
//!
//! There is no limit to depth, and none of the searches that pages nested by the hundred thousand lead to takes time in
//! proportion to it (`search`). What html5ever still looks through from end to end is rarer: all open elements at each
//! `form` inside another one, at each `</form>`, `</option>` and `</template>`, at each `a` inside another one, and at each end tag of
//! an inline element that there is, but not here; all unclosed formatting elements at each that differs from them.
//!
//! Two rules of the standard html5ever 0.40 does not know, and nothing is done about it here: `search`, and the elements of MathML
//! and SVG in which HTML may be, are *special*, so that an end tag that meets them closes nothing around them; and
//! MathML's `annotation-xml` ends a *scope*.

mod builder;
pub(super) mod search;
mod selected;
mod sink;
#[cfg(test)]
mod tests;

use gc_core::gc::{self, PauseGuard};
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{TokenizerResult, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, expanded_name, local_name, ns};

use super::document::{Document, Page};
use super::links;
use builder::Builder;
use sink::Sink;

/// How much text is handed over at once. Texts of the tree share their piece's memory.
const PIECE: usize = 64 << 10;

/// The page that this text is, with scripts off.
pub fn parse_document(text: &str) -> Page {
    Parser::for_document().read_all(text)
}

/// What this text is inside an element, with scripts off.
pub fn parse_fragment(context: QualName, text: &str) -> Page {
    Parser::for_fragment(context).read_all(text)
}

/// The name of an element in the notation of the html5lib tests: `div`, `svg path`, `math mi`.
pub fn context(name: &str) -> QualName {
    let (namespace, local) = match name.split_once(' ') {
        Some(("svg", local)) => (ns!(svg), local),
        Some(("math", local)) => (ns!(mathml), local),
        _ => return QualName::new(None, ns!(html), LocalName::from(name.to_ascii_lowercase())),
    };
    QualName::new(None, namespace, LocalName::from(local))
}

/// A page being parsed.
///
/// No automatic collection runs meanwhile: all that is made is part of the page. A program that keeps a large page may call
/// [`gc::collect`] then: it makes the page's nodes old, so that automatic collections leave them alone.
pub struct Parser {
    tokenizer: Tokenizer<Builder>,
    is_fragment: bool,
    _pause: PauseGuard,
}

impl Parser {
    /// Begins a document.
    pub fn for_document() -> Self {
        let builder = TreeBuilder::new(Sink::new(Document::new()), options());
        Self::new(Builder::new(builder, false), TokenizerOpts::default(), false)
    }

    /// Begins what is inside an element of this name.
    pub fn for_fragment(context: QualName) -> Self {
        let is_in_select = context.expanded() == expanded_name!(html "select");
        let sink = Sink::new(Document::new());
        let context = sink.context(context);
        let builder = TreeBuilder::new_for_fragment(sink, context, None, options());
        let initial_state = Some(builder.tokenizer_state_for_context_elem(false));
        let builder = Builder::new(builder, is_in_select);
        Self::new(builder, TokenizerOpts { initial_state, ..Default::default() }, true)
    }

    fn new(builder: Builder, options: TokenizerOpts, is_fragment: bool) -> Self {
        // A byte order mark is the decoder's business; what still looks like one is a character.
        let options = TokenizerOpts { discard_bom: false, ..options };
        Self { tokenizer: Tokenizer::new(builder, options), is_fragment, _pause: gc::pause() }
    }

    /// Reads all of the text. Gives up if `is_other` says of an encoding, which the text names as its own, that the text was decoded
    /// by another.
    pub fn read(self, text: &str, mut is_other: impl FnMut(&str) -> bool) -> Option<Page> {
        let input = BufferQueue::default();
        for piece in pieces(text, PIECE) {
            input.push_back(StrTendril::from_slice(piece));
            loop {
                match self.tokenizer.feed(&input) {
                    TokenizerResult::Done => break,
                    TokenizerResult::EncodingIndicator(label) if is_other(&label) => return None,
                    TokenizerResult::EncodingIndicator(_) | TokenizerResult::Script(_) => {}
                }
            }
        }
        Some(self.finish())
    }

    fn read_all(self, text: &str) -> Page {
        self.read(text, |_| false).expect("no encoding is another one")
    }

    fn finish(self) -> Page {
        self.tokenizer.end();
        page(self.tokenizer.sink.into_sink(), self.is_fragment)
    }
}

/// What was built.
fn page(sink: Sink, is_fragment: bool) -> Page {
    sink.fill_selected_content();
    let document = sink.document().clone();
    let root = document.node().clone();
    if !is_fragment {
        return Page::new(document, root);
    }
    // html5ever builds a fragment inside an `html` element.
    let fragment = document.fragment();
    if let Some(html) = root.first_child() {
        sink.reparent_children(&html, &fragment);
        links::detach(&html);
    }
    Page::new(document, fragment)
}

fn options() -> TreeBuilderOpts {
    TreeBuilderOpts { scripting_enabled: false, ..Default::default() }
}

/// The text in pieces of about this size, which must not be less than a character's.
pub(super) fn pieces(mut text: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = text.split_at(text.floor_char_boundary(size));
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}
