//! Reading selectors.

use std::fmt;

use super::compound::{Case, Compound, Condition, ElementName, IN_ANY_CASE, Relation, Test};
use super::{Combinator, MOST, Selector};

/// Why something is no selector, or is not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    /// How many characters are before the place.
    at: usize,
    reason: String,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.reason, self.at + 1)
    }
}

impl std::error::Error for SelectorError {}

type Parsed<T> = Result<T, SelectorError>;

pub(super) fn parse(text: &str) -> Parsed<Selector> {
    let mut parser = Parser { text, rest: text };
    let mut parts = Vec::new();
    let mut combinator = Combinator::None;
    parser.skip_blanks();
    loop {
        parts.push((combinator, parser.compound()?));
        match parser.combinator()? {
            Some(next) => combinator = next,
            None => break,
        }
    }
    Selector::new(parts).ok_or_else(|| SelectorError { at: 0, reason: format!("more than {MOST} compound selectors") })
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Parser<'_> {
    fn error<T>(&self, reason: impl Into<String>) -> Parsed<T> {
        let read = &self.text[..self.text.len() - self.rest.len()];
        Err(SelectorError { at: read.chars().count(), reason: reason.into() })
    }

    fn expected<T>(&self, what: &str) -> Parsed<T> {
        match self.rest.chars().next() {
            Some(found) => self.error(format!("expected {what}, found `{found}`")),
            None => self.error(format!("expected {what}, found the end")),
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Reads `token`, if it comes next.
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Whether there were any.
    fn skip_blanks(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0C']);
        self.rest.len() < before
    }

    /// What comes between two compound selectors; `None` at the end.
    fn combinator(&mut self) -> Parsed<Option<Combinator>> {
        let had_blanks = self.skip_blanks();
        let combinator = match self.peek() {
            None => return Ok(None),
            Some(',') => Combinator::None,
            Some('>') => Combinator::Child,
            Some('+') => Combinator::NextSibling,
            Some('~') => Combinator::LaterSibling,
            Some(_) if had_blanks => return Ok(Some(Combinator::Descendant)),
            Some('|') => return self.error("namespaces are not supported"),
            Some(_) => return self.expected("a combinator"),
        };
        self.rest = &self.rest[1..];
        self.skip_blanks();
        Ok(Some(combinator))
    }

    fn compound(&mut self) -> Parsed<Compound> {
        let mut compound = Compound::default();
        let start = self.rest.len();
        if !self.take("*") && self.is_at_name() {
            compound.name = Some(ElementName::new(&self.name()?));
        }
        loop {
            let condition = match self.peek() {
                Some('#') => Condition::Id(self.name_after("#")?),
                Some('.') => Condition::Class(self.name_after(".")?),
                Some('[') => self.attribute()?,
                Some(':') if self.rest.starts_with("::") => return self.error("pseudo-elements are not supported"),
                Some(':') => return self.error("pseudo-classes are not supported"),
                _ => break,
            };
            compound.conditions.push(condition);
        }
        if self.rest.len() == start { self.expected("a selector") } else { Ok(compound) }
    }

    fn name_after(&mut self, mark: &str) -> Parsed<String> {
        self.take(mark);
        self.name()
    }

    /// `[name]` or `[name relation value case]`
    fn attribute(&mut self) -> Parsed<Condition> {
        self.take("[");
        self.skip_blanks();
        let name = ElementName::new(&self.name()?);
        self.skip_blanks();
        if self.take("]") {
            return Ok(Condition::Attribute { name, test: Test::Present });
        }
        let relation = self.relation()?;
        self.skip_blanks();
        let value = self.value()?;
        self.skip_blanks();
        let case = self.case(&name)?;
        self.skip_blanks();
        if self.take("]") {
            return Ok(Condition::Attribute { name, test: Test::Value { relation, value, case } });
        }
        self.expected("`]`")
    }

    fn relation(&mut self) -> Parsed<Relation> {
        let relations = [
            ("=", Relation::Equal),
            ("~=", Relation::HasWord),
            ("|=", Relation::BeginsWithPart),
            ("^=", Relation::Begins),
            ("$=", Relation::Ends),
            ("*=", Relation::Has),
        ];
        match relations.into_iter().find(|(token, _)| self.take(token)) {
            Some((_, relation)) => Ok(relation),
            None if self.rest.starts_with('|') => self.error("namespaces are not supported"),
            None => self.expected("`]` or a comparison"),
        }
    }

    fn value(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(mark @ ('"' | '\'')) => self.string(mark),
            _ if self.is_at_name() => self.name(),
            _ => self.expected("a name or a string"),
        }
    }

    fn case(&mut self, name: &ElementName) -> Parsed<Case> {
        if self.take("i") || self.take("I") {
            Ok(Case::Ignored)
        } else if self.take("s") || self.take("S") {
            Ok(Case::Differs)
        } else if IN_ANY_CASE.contains(&&*name.lower) {
            Ok(Case::IgnoredInHtml)
        } else {
            Ok(Case::Differs)
        }
    }

    fn string(&mut self, mark: char) -> Parsed<String> {
        self.rest = &self.rest[1..];
        let mut string = String::new();
        loop {
            match self.peek() {
                Some(end) if end == mark => {
                    self.rest = &self.rest[1..];
                    return Ok(string);
                }
                Some('\\') if self.rest.starts_with("\\\n") => self.rest = &self.rest[2..],
                Some('\\') => string.push(self.escape()?),
                None | Some('\n') => return self.error("a string without end"),
                Some(other) => self.push(&mut string, other),
            }
        }
    }

    fn push(&mut self, string: &mut String, next: char) {
        self.rest = &self.rest[next.len_utf8()..];
        string.push(next);
    }

    /// Whether a name begins here, as CSS has it: not with a digit, nor with a hyphen alone or before one.
    fn is_at_name(&self) -> bool {
        let mut next = self.rest.chars();
        match next.next() {
            Some('-') => next.next().is_some_and(|second| second == '-' || second == '\\' || begins_name(second)),
            Some('\\') => next.next().is_some_and(|second| second != '\n'),
            Some(first) => begins_name(first),
            None => false,
        }
    }

    fn name(&mut self) -> Parsed<String> {
        if !self.is_at_name() {
            return self.expected("a name");
        }
        let mut name = String::new();
        loop {
            match self.peek() {
                Some('\\') => name.push(self.escape()?),
                Some(next) if next == '-' || next.is_ascii_digit() || begins_name(next) => self.push(&mut name, next),
                _ => return Ok(name),
            }
        }
    }

    /// A backslash with what follows: up to six hexadecimal digits and a blank, or any other character.
    fn escape(&mut self) -> Parsed<char> {
        self.take("\\");
        let digits = self.rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits == 0 {
            return match self.peek() {
                Some(next) if next != '\n' => {
                    self.rest = &self.rest[next.len_utf8()..];
                    Ok(next)
                }
                _ => self.expected("a character behind the backslash"),
            };
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let _one_blank = self.take("\r\n") || [" ", "\t", "\n", "\r", "\x0C"].iter().any(|blank| self.take(blank));
        let number = u32::from_str_radix(number, 16).unwrap_or(0);
        Ok(char::from_u32(number).filter(|&found| found != '\0').unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

fn begins_name(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}
