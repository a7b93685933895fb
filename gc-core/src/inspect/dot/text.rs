//! Texts as Graphviz has them, and not longer than a picture bears.

use std::fmt::{self, Display, Write};

use crate::inspect::names::is_hidden;

/// A text for inside quotation marks: what Graphviz would read as an end, an escape or an entity is itself, what cannot be seen is
/// written out, as `\n` or `\u{202e}`.
pub(super) struct Escaped<T>(pub(super) T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

/// Escapes what goes through.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            '"' => self.0.write_str("\\\""),
            '\\' => self.0.write_str("\\\\"),
            '&' => self.0.write_str("&amp;"),
            hidden if is_hidden(hidden) => hidden.escape_default().try_for_each(|part| match part {
                '\\' => self.0.write_str("\\\\"),
                other => self.0.write_char(other),
            }),
            seen => self.0.write_char(seen),
        })
    }
}

/// The text, without its middle if it is longer than `longest` characters.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let length = text.chars().count();
    if length <= longest {
        return text.to_owned();
    }
    let start = longest / 2;
    let end = length - (longest - start - 1);
    let kept = |(at, character)| if at < start { Some(character) } else { (at >= end).then_some(character) };
    let mut short: String = text.chars().take(start).collect();
    short.push('…');
    short.extend(text.chars().enumerate().skip(start).filter_map(kept));
    short
}

/// A number with its thousands apart.
pub(super) struct Grouped(pub(super) usize);

impl Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        digits.char_indices().try_for_each(|(at, digit)| {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_char(',')?;
            }
            f.write_char(digit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_label_or_is_an_escape_in_it() {
        assert_eq!(Escaped("a\"];b\\N\\").to_string(), "a\\\"];b\\\\N\\\\");
        assert_eq!(Escaped("<b>&lt;é😀").to_string(), "<b>&amp;lt;é😀");
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(Escaped("a\nb\0\u{202e}").to_string(), "a\\\\nb\\\\u{0}\\\\u{202e}");
    }

    #[test]
    fn a_long_text_loses_its_middle() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
        assert_eq!(shortened("ééééééééé", 4), "éé…é");
    }

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, 1_234_567].map(|number| Grouped(number).to_string());
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }
}
