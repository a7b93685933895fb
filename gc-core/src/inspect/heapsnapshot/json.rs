//! Texts as JSON has them.

use std::fmt::{self, Display, Write};

/// A text in quotation marks. Whatever is not plain in a JSON text is escaped; all else stays as it is.
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
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            // Never in the middle of a character: these bytes are characters.
            if matches!(byte, b'"' | b'\\' | 0..=0x1f) {
                self.0.write_str(&text[plain..at])?;
                self.escaped(byte)?;
                plain = at + 1;
            }
        }
        self.0.write_str(&text[plain..])
    }
}

impl Escaping<'_, '_> {
    fn escaped(&mut self, byte: u8) -> fmt::Result {
        match byte {
            b'"' | b'\\' => write!(self.0, "\\{}", char::from(byte)),
            _ => write!(self.0, "\\u{byte:04x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_is_escaped() {
        assert_eq!(
            Quoted("a\"b\\c\n\0\u{1f}é😀</script>").to_string(),
            "\"a\\\"b\\\\c\\u000a\\u0000\\u001fé😀</script>\""
        );
        assert_eq!(Quoted("").to_string(), "\"\"");
        assert_eq!(Quoted(format_args!("{}[{}]", "children", 3)).to_string(), "\"children[3]\"");
    }
}
