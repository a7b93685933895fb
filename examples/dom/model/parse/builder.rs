//! Between html5ever's tokenizer and its tree builder.

use html5ever::local_name;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;

use super::sink::{Handle, Sink};

/// Tells the sink what the tree builder will search for, and hands the token on, unless it is to be ignored.
pub(super) struct Builder {
    inner: TreeBuilder<Handle, Sink>,
    /// Whether the page is what is inside a `select`.
    is_in_select: bool,
}

impl Builder {
    pub(super) fn new(inner: TreeBuilder<Handle, Sink>, is_in_select: bool) -> Self {
        Self { inner, is_in_select }
    }

    /// Whether the standard says that the tag is ignored, and html5ever does not.
    fn is_ignored(&self, tag: &Tag) -> bool {
        self.is_in_select
            && tag.kind == TagKind::StartTag
            && tag.name == local_name!("input")
            && !self.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// What was built so far; the tree builder lets go of its handles.
    pub(super) fn into_sink(self) -> Sink {
        self.inner.sink
    }
}

impl TokenSink for Builder {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if matches!(&token, Token::TagToken(tag) if self.is_ignored(tag)) {
            return TokenSinkResult::Continue;
        }
        self.inner.sink.search.begin(&token);
        let result = self.inner.process_token(token, line);
        self.inner.sink.search.end();
        result
    }

    fn end(&self) {
        self.inner.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
