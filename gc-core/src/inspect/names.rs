//! Names as people write them, and as a line of text bears them.

use std::fmt::{self, Write};

/// A type's name without the modules in it: `Vec<Node>` for `alloc::vec::Vec<page::Node>`. Whatever the name is, this is a part
/// of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Short(pub(super) &'static str);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            if word == 0 {
                let (punctuation, after) = rest.split_at(first.len_utf8());
                f.write_str(punctuation)?;
                rest = after;
            } else if let Some(after) = rest[word..].strip_prefix("::") {
                rest = after;
            } else {
                let (name, after) = rest.split_at(word);
                f.write_str(name)?;
                rest = after;
            }
        }
        Ok(())
    }
}

/// A name for a line of text: what would break the line, cannot be seen, or turns others around is written out, as `\n` or
/// `\u{202e}`. A type can be called anything.
pub(super) struct Visible<T>(pub(super) T);

impl<T: fmt::Display> fmt::Display for Visible<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Revealing(f), "{}", self.0)
    }
}

/// Writes out what is hidden in what goes through.
struct Revealing<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Revealing<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            hidden if is_hidden(hidden) => write!(self.0, "{}", hidden.escape_default()),
            seen => self.0.write_char(seen),
        })
    }
}

/// Whether a character cannot be seen, or turns others around.
pub(super) fn is_hidden(character: char) -> bool {
    let turns =
        matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    // No XML, so no SVG, may contain the last two.
    character.is_control() || turns || matches!(character, '\u{fffe}' | '\u{ffff}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_{}#".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is_but_for_what_cannot_be_seen() {
        assert_eq!(Visible("Key<'_, '\"', '\\n'>").to_string(), "Key<'_, '\"', '\\n'>");
        assert_eq!(Visible("a\nb\0\u{202e}").to_string(), "a\\nb\\u{0}\\u{202e}");
    }

    #[test]
    fn modules_are_left_out_wherever_they_are() {
        for (name, short) in [
            ("page::Node", "Node"),
            ("alloc::vec::Vec<page::Node<'_, [u8; 3]>>", "Vec<Node<'_, [u8; 3]>>"),
            ("core::option::Option<(a::B, &c::D)>", "Option<(B, &D)>"),
            ("<a::B as c::D>::E", "<B as D>::E"),
            ("dyn core::any::Any + core::marker::Send", "dyn Any + Send"),
            ("page::run::{{closure}}", "{{closure}}"),
            ("fn(a::B) -> c::D", "fn(B) -> D"),
            ("", ""),
            ("::", "::"),
            ("a::", ""),
            ("\u{202e}<img src=x>::\"\u{0}", "\u{202e}<img src=x>::\"\u{0}"),
        ] {
            assert_eq!(Short(name).to_string(), short);
        }
    }
}
