//! Writing JSON as it comes.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

/// An object whose keys are being written.
pub(super) struct Keys<'w, W> {
    output: &'w mut W,
    separator: &'static str,
}

impl<'w, W: Write> Keys<'w, W> {
    pub(super) fn new(output: &'w mut W) -> Self {
        Self { output, separator: "{\n" }
    }

    fn key(&mut self, name: &str) -> io::Result<()> {
        write!(self.output, "{}\"{name}\":", self.separator)?;
        self.separator = ",\n";
        Ok(())
    }

    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.key(name)?;
        write!(self.output, "{}", Quoted(text))
    }

    /// A list of numbers, or of quoted texts.
    pub(super) fn list(&mut self, name: &str, items: impl IntoIterator<Item = impl Display>) -> io::Result<()> {
        self.key(name)?;
        write!(self.output, "[")?;
        for (place, item) in items.into_iter().enumerate() {
            let separator = if place > 0 { "," } else { "" };
            write!(self.output, "{separator}{item}")?;
        }
        write!(self.output, "]")
    }

    pub(super) fn object(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Keys<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.key(name)?;
        let mut keys = Keys::new(self.output);
        fill(&mut keys)?;
        keys.end()
    }

    pub(super) fn end(self) -> io::Result<()> {
        write!(self.output, "}}")
    }
}

/// A text in quotation marks. What could end an element of HTML, or a line of JavaScript, is escaped besides what has to be.
pub(super) struct Quoted<T>(pub(super) T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        write!(Escaping(f), "{}", self.0)?;
        f.write_char('"')
    }
}

/// Escapes what goes through.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            '"' | '\\' | '<' | '>' | '&' | '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{2028}' | '\u{2029}' => {
                write!(self.0, "\\u{:04x}", u32::from(character))
            }
            plain => self.0.write_char(plain),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_text_or_the_element_around_it() {
        let hostile = "</script><!--\"\\\n\u{2028}é😀";
        let written = Quoted(hostile).to_string();
        assert_eq!(written, "\"\\u003c/script\\u003e\\u003c!--\\u0022\\u005c\\u000a\\u2028é😀\"");
    }

    #[test]
    fn an_object_has_its_keys_in_order() {
        let mut text = Vec::new();
        let mut keys = Keys::new(&mut text);
        keys.text("a", "b").expect("a vector takes all");
        keys.list("c", [1, 2]).expect("a vector takes all");
        keys.object("d", |keys| keys.list("e", [0; 0])).expect("a vector takes all");
        keys.end().expect("a vector takes all");
        assert_eq!(String::from_utf8(text).expect("a text"), "{\n\"a\":\"b\",\n\"c\":[1,2],\n\"d\":{\n\"e\":[]}}");
    }
}
