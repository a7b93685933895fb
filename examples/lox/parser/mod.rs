//! Tokens to syntax tree, by recursive descent. After an error the parser skips to where the next statement seems to
//! begin, so one run reports every error that stands on its own.

mod expression;
mod statement;

use crate::ast::{Name, NameId, Program};
use crate::report::Diagnostics;
use crate::symbol::{Interner, Symbol};
use crate::token::{Token, TokenKind};

/// How deep constructs may nest. Everything that walks a tree recurses no deeper than a small multiple of this.
const MAX_NESTING: u32 = 2_000;

/// How many parameters a function, and how many arguments a call may have.
const MAX_ARGUMENTS: usize = 255;

/// Parses a whole source text. The program is complete only if `diagnostics` is still empty.
pub(crate) fn parse(tokens: &[Token<'_>], interner: &mut Interner, diagnostics: &mut Diagnostics) -> Program {
    let this = interner.intern("this");
    let mut parser =
        Parser { tokens, current: 0, interner, diagnostics, this, nesting: 0, name_count: 0, stopped: false };
    let statements = parser.program();
    Program { statements, name_count: parser.name_count }
}

/// Unwinds to the nearest statement, where the parser resumes; the error itself is already reported.
struct Unwind;

/// What a parsing function returns.
type Parsed<T> = Result<T, Unwind>;

/// The position in the tokens while parsing.
struct Parser<'src, 'a> {
    tokens: &'a [Token<'src>],
    current: usize,
    interner: &'a mut Interner,
    diagnostics: &'a mut Diagnostics,
    /// The symbol of `this`.
    this: Symbol,
    nesting: u32,
    name_count: u32,
    /// Set when nesting was too deep: there is no point in reading on, and what follows would only be noise.
    stopped: bool,
}

impl<'src> Parser<'src, '_> {
    fn peek(&self) -> Token<'src> {
        self.tokens[self.current]
    }

    fn previous(&self) -> Token<'src> {
        self.tokens[self.current - 1]
    }

    fn at_end(&self) -> bool {
        self.check(TokenKind::End)
    }

    fn check(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    fn advance(&mut self) -> Token<'src> {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.current += 1;
        }
        token
    }

    /// Consumes the next token if it is of this kind.
    fn accept(&mut self, kind: TokenKind) -> bool {
        let found = self.check(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Consumes a token of this kind, or fails with `message` at the token that stands there.
    fn expect(&mut self, kind: TokenKind, message: &str) -> Parsed<Token<'src>> {
        if self.check(kind) { Ok(self.advance()) } else { Err(self.error(message)) }
    }

    /// Reports an error at the next token. Return the result to give the statement up, drop it to go on.
    fn error(&mut self, message: &str) -> Unwind {
        self.error_at(&self.peek(), message)
    }

    fn error_at(&mut self, token: &Token<'_>, message: &str) -> Unwind {
        if !self.stopped {
            self.diagnostics.error_at(token, message);
        }
        Unwind
    }

    /// Skips to the next token that looks like the begin of a statement.
    fn synchronize(&mut self) {
        self.advance();
        while !self.at_end() && self.previous().kind != TokenKind::Semicolon && !self.peek().kind.begins_statement() {
            self.advance();
        }
    }

    /// Parses something that may contain itself, one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.descend()?;
        let result = parse(self);
        self.nesting -= 1;
        result
    }

    /// Goes one level deeper; whoever calls this subtracts from `nesting` again.
    fn descend(&mut self) -> Parsed<()> {
        if self.nesting == MAX_NESTING {
            let unwind = self.error("Too much nesting.");
            self.stopped = true;
            self.current = self.tokens.len() - 1;
            return Err(unwind);
        }
        self.nesting += 1;
        Ok(())
    }

    fn identifier(&mut self, message: &str) -> Parsed<Name> {
        let token = self.expect(TokenKind::Identifier, message)?;
        Ok(self.name(&token))
    }

    /// The occurrence of a name that `token` is.
    fn name(&mut self, token: &Token<'_>) -> Name {
        let symbol = self.interner.intern(token.lexeme);
        Name { symbol, line: token.line, id: self.name_id() }
    }

    fn name_id(&mut self) -> NameId {
        self.name_count += 1;
        NameId::new(self.name_count - 1)
    }
}
