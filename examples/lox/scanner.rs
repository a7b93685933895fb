//! Source text to tokens. Errors are reported and skipped, so that the parser sees the rest.

use crate::report::Diagnostics;
use crate::token::{Token, TokenKind};

/// All tokens of `source`, ending with one of kind `End`.
pub(crate) fn scan<'src>(source: &'src str, diagnostics: &mut Diagnostics) -> Vec<Token<'src>> {
    let mut scanner = Scanner { source, start: 0, current: 0, line: 1, tokens: Vec::new(), diagnostics };
    scanner.run();
    scanner.tokens
}

/// The position in the source while scanning. `start` and `current` are byte offsets on character boundaries.
struct Scanner<'src, 'a> {
    source: &'src str,
    start: usize,
    current: usize,
    line: u32,
    tokens: Vec<Token<'src>>,
    diagnostics: &'a mut Diagnostics,
}

impl Scanner<'_, '_> {
    fn run(&mut self) {
        while let Some(character) = self.advance() {
            self.token(character);
            self.start = self.current;
        }
        self.add(TokenKind::End);
    }

    /// Scans the token that starts with `character`, which was just consumed.
    fn token(&mut self, character: char) {
        match character {
            '(' => self.add(TokenKind::LeftParen),
            ')' => self.add(TokenKind::RightParen),
            '{' => self.add(TokenKind::LeftBrace),
            '}' => self.add(TokenKind::RightBrace),
            ',' => self.add(TokenKind::Comma),
            '.' => self.add(TokenKind::Dot),
            '-' => self.add(TokenKind::Minus),
            '+' => self.add(TokenKind::Plus),
            ';' => self.add(TokenKind::Semicolon),
            '*' => self.add(TokenKind::Star),
            '!' => self.add_either(TokenKind::BangEqual, TokenKind::Bang),
            '=' => self.add_either(TokenKind::EqualEqual, TokenKind::Equal),
            '<' => self.add_either(TokenKind::LessEqual, TokenKind::Less),
            '>' => self.add_either(TokenKind::GreaterEqual, TokenKind::Greater),
            '/' if self.peek() == Some(b'/') => self.comment(),
            '/' => self.add(TokenKind::Slash),
            ' ' | '\r' | '\t' => {}
            '\n' => self.line += 1,
            '"' => self.string(),
            '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            _ => self.diagnostics.error_on_line(self.line, "Unexpected character."),
        }
    }

    /// Adds `with_equal` if the next character is `=`, which it consumes, and otherwise `without`.
    fn add_either(&mut self, with_equal: TokenKind, without: TokenKind) {
        if self.peek() == Some(b'=') {
            self.current += 1;
            self.add(with_equal);
        } else {
            self.add(without);
        }
    }

    fn comment(&mut self) {
        let rest = &self.source[self.current..];
        self.current += rest.find('\n').unwrap_or(rest.len());
    }

    fn string(&mut self) {
        let rest = &self.source[self.current..];
        let length = rest.find('"').unwrap_or(rest.len());
        let lines = rest[..length].matches('\n').count();
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        self.current += length;
        if length == rest.len() {
            self.diagnostics.error_on_line(self.line, "Unterminated string.");
        } else {
            self.current += 1;
            self.add(TokenKind::String);
        }
    }

    fn number(&mut self) {
        self.skip_while(|byte| byte.is_ascii_digit());
        let fraction = self.source.as_bytes().get(self.current + 1).is_some_and(u8::is_ascii_digit);
        if self.peek() == Some(b'.') && fraction {
            self.current += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        self.add(TokenKind::Number);
    }

    fn word(&mut self) {
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.add(TokenKind::of_word(&self.source[self.start..self.current]));
    }

    /// Consumes ASCII characters as long as `accept` takes them.
    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&accept) {
            self.current += 1;
        }
    }

    fn advance(&mut self) -> Option<char> {
        let character = self.source[self.current..].chars().next()?;
        self.current += character.len_utf8();
        Some(character)
    }

    /// The first byte of the next character, which is the character itself if it is ASCII.
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.current).copied()
    }

    fn add(&mut self, kind: TokenKind) {
        let lexeme = &self.source[self.start..self.current];
        self.tokens.push(Token { kind, lexeme, line: self.line });
    }
}
