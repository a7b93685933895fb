//! Type names as people write them.

use std::fmt;

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

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_{}#".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

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
