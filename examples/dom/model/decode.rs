//! Bytes as text, by the rules of browsers.
//!
//! A byte order mark decides. Otherwise it is UTF-8, if it can be, or else windows-1252, in which every byte is a character; until
//! a `meta` element names another encoding: then the page is decoded again. What an encoding has no character for becomes
//! U+FFFD.

use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use super::document::Page;
use super::parse::Parser;

/// What a file contains.
pub struct Bytes {
    bytes: Vec<u8>,
    encoding: &'static Encoding,
    is_certain: bool,
}

impl Bytes {
    /// Bytes whose encoding is told by what is in them.
    pub fn new(bytes: Vec<u8>) -> Self {
        let marked = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
        let guessed = if std::str::from_utf8(&bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
        Self { bytes, encoding: marked.unwrap_or(guessed), is_certain: marked.is_some() }
    }

    /// Bytes that are UTF-8, if they can be, whatever is said in them.
    pub fn utf8(bytes: Vec<u8>) -> Self {
        let this = Self::new(bytes);
        Self { is_certain: this.is_certain || this.encoding == UTF_8, ..this }
    }

    /// How they are decoded.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The text, and whether there were bytes that mean nothing.
    pub fn text(&self) -> (Cow<'_, str>, bool) {
        self.encoding.decode_with_bom_removal(&self.bytes)
    }

    /// Parses the page that `begin` begins; whether there were bytes that mean nothing.
    pub fn parse(&mut self, begin: impl Fn() -> Parser) -> (Page, bool) {
        loop {
            let (text, is_malformed) = self.text();
            let mut said = None;
            let page = begin().read(&text, |label| {
                if self.is_certain || said.is_some() {
                    return false;
                }
                said = named(label);
                said.is_some_and(|said| self.reads_otherwise(said))
            });
            match (page, said) {
                (Some(page), _) => return (page, is_malformed),
                (None, said) => self.encoding = said.unwrap_or(self.encoding),
            }
            self.is_certain = true;
        }
    }

    /// Whether another encoding may give another text.
    fn reads_otherwise(&self, other: &'static Encoding) -> bool {
        other != self.encoding && !(other.is_ascii_compatible() && self.bytes.is_ascii())
    }
}

/// The encoding that a `meta` element means by this label. One that is no superset of ASCII cannot be meant, since the
/// element would not have been read; and nothing is thrown away for security, as browsers do with some old encodings.
fn named(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes()).filter(|&encoding| encoding != REPLACEMENT)?;
    Some(match encoding {
        encoding if encoding == UTF_16BE || encoding == UTF_16LE => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    })
}
