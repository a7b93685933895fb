//! Statements and declarations.

use super::{MAX_ARGUMENTS, Parsed, Parser};
use crate::ast::{Class, Expr, For, Function, Name, Stmt, Superclass};
use crate::token::TokenKind;

/// What a function is called in error messages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FunctionKind {
    Function,
    Method,
}

impl FunctionKind {
    fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Method => "method",
        }
    }
}

impl Parser<'_, '_> {
    pub(super) fn program(&mut self) -> Vec<Stmt> {
        let mut statements = Vec::new();
        while !self.at_end() {
            statements.extend(self.declaration());
        }
        statements
    }

    /// A declaration or statement; none if it has an error, from which the parser then has recovered.
    fn declaration(&mut self) -> Option<Stmt> {
        let result = match self.peek().kind {
            TokenKind::Class => self.class_declaration(),
            TokenKind::Fun => self.function_declaration(),
            TokenKind::Var => self.var_declaration(),
            _ => self.statement(),
        };
        if result.is_err() {
            self.synchronize();
        }
        result.ok()
    }

    fn class_declaration(&mut self) -> Parsed<Stmt> {
        self.advance();
        let name = self.identifier("Expect class name.")?;
        let superclass = self.superclass()?;
        self.expect(TokenKind::LeftBrace, "Expect '{' before class body.")?;
        let mut methods = Vec::new();
        while !self.check(TokenKind::RightBrace) && !self.at_end() {
            methods.push(self.function(FunctionKind::Method)?);
        }
        self.expect(TokenKind::RightBrace, "Expect '}' after class body.")?;
        Ok(Stmt::Class(Class { name, superclass, methods }))
    }

    fn superclass(&mut self) -> Parsed<Option<Superclass>> {
        if !self.accept(TokenKind::Less) {
            return Ok(None);
        }
        let name = self.identifier("Expect superclass name.")?;
        Ok(Some(Superclass { name, super_id: self.name_id() }))
    }

    fn function_declaration(&mut self) -> Parsed<Stmt> {
        self.advance();
        Ok(Stmt::Function(self.function(FunctionKind::Function)?))
    }

    fn function(&mut self, kind: FunctionKind) -> Parsed<Function> {
        let word = kind.word();
        let name = self.identifier(&format!("Expect {word} name."))?;
        self.expect(TokenKind::LeftParen, &format!("Expect '(' after {word} name."))?;
        let parameters = self.parameters()?;
        self.expect(TokenKind::LeftBrace, &format!("Expect '{{' before {word} body."))?;
        let body = self.nested(Self::block)?;
        let this = (kind == FunctionKind::Method).then(|| self.name_id());
        Ok(Function { name, this, parameters, body })
    }

    fn parameters(&mut self) -> Parsed<Vec<Name>> {
        let mut parameters = Vec::new();
        if !self.check(TokenKind::RightParen) {
            loop {
                if parameters.len() >= MAX_ARGUMENTS {
                    self.error("Can't have more than 255 parameters.");
                }
                parameters.push(self.identifier("Expect parameter name.")?);
                if !self.accept(TokenKind::Comma) {
                    break;
                }
            }
        }
        self.expect(TokenKind::RightParen, "Expect ')' after parameters.")?;
        Ok(parameters)
    }

    fn var_declaration(&mut self) -> Parsed<Stmt> {
        self.advance();
        let name = self.identifier("Expect variable name.")?;
        let initializer = if self.accept(TokenKind::Equal) { Some(self.expression()?) } else { None };
        self.expect(TokenKind::Semicolon, "Expect ';' after variable declaration.")?;
        Ok(Stmt::Var { name, initializer })
    }

    fn statement(&mut self) -> Parsed<Stmt> {
        self.nested(|parser| match parser.peek().kind {
            TokenKind::For => parser.for_statement(),
            TokenKind::If => parser.if_statement(),
            TokenKind::Print => parser.print_statement(),
            TokenKind::Return => parser.return_statement(),
            TokenKind::While => parser.while_statement(),
            TokenKind::LeftBrace => {
                parser.advance();
                Ok(Stmt::Block(parser.block()?))
            }
            _ => parser.expression_statement(),
        })
    }

    /// The statements up to the closing brace; the opening one was just consumed.
    fn block(&mut self) -> Parsed<Vec<Stmt>> {
        let mut statements = Vec::new();
        while !self.check(TokenKind::RightBrace) && !self.at_end() {
            statements.extend(self.declaration());
        }
        self.expect(TokenKind::RightBrace, "Expect '}' after block.")?;
        Ok(statements)
    }

    fn for_statement(&mut self) -> Parsed<Stmt> {
        self.advance();
        self.expect(TokenKind::LeftParen, "Expect '(' after 'for'.")?;
        let initializer = match self.peek().kind {
            TokenKind::Semicolon => {
                self.advance();
                None
            }
            TokenKind::Var => Some(self.var_declaration()?),
            _ => Some(self.expression_statement()?),
        };
        let condition = self.expression_unless(TokenKind::Semicolon)?;
        self.expect(TokenKind::Semicolon, "Expect ';' after loop condition.")?;
        let increment = self.expression_unless(TokenKind::RightParen)?;
        self.expect(TokenKind::RightParen, "Expect ')' after for clauses.")?;
        let body = self.statement()?;
        Ok(Stmt::For(Box::new(For { initializer, condition, increment, body })))
    }

    /// An expression, or none where the next token is of kind `end`.
    fn expression_unless(&mut self, end: TokenKind) -> Parsed<Option<Expr>> {
        if self.check(end) { Ok(None) } else { self.expression().map(Some) }
    }

    /// `if`, with each `else if` that follows it as a further branch.
    fn if_statement(&mut self) -> Parsed<Stmt> {
        let mut branches = Vec::new();
        while self.accept(TokenKind::If) {
            self.expect(TokenKind::LeftParen, "Expect '(' after 'if'.")?;
            let condition = self.expression()?;
            self.expect(TokenKind::RightParen, "Expect ')' after if condition.")?;
            branches.push((condition, self.statement()?));
            if !self.accept(TokenKind::Else) {
                return Ok(Stmt::If { branches, otherwise: None });
            }
        }
        let otherwise = Some(Box::new(self.statement()?));
        Ok(Stmt::If { branches, otherwise })
    }

    fn print_statement(&mut self) -> Parsed<Stmt> {
        self.advance();
        let value = self.expression()?;
        self.expect(TokenKind::Semicolon, "Expect ';' after value.")?;
        Ok(Stmt::Print(value))
    }

    fn return_statement(&mut self) -> Parsed<Stmt> {
        let line = self.advance().line;
        let value = self.expression_unless(TokenKind::Semicolon)?;
        self.expect(TokenKind::Semicolon, "Expect ';' after return value.")?;
        Ok(Stmt::Return { line, value })
    }

    fn while_statement(&mut self) -> Parsed<Stmt> {
        self.advance();
        self.expect(TokenKind::LeftParen, "Expect '(' after 'while'.")?;
        let condition = self.expression()?;
        self.expect(TokenKind::RightParen, "Expect ')' after condition.")?;
        let body = Box::new(self.statement()?);
        Ok(Stmt::While { condition, body })
    }

    fn expression_statement(&mut self) -> Parsed<Stmt> {
        let expression = self.expression()?;
        self.expect(TokenKind::Semicolon, "Expect ';' after expression.")?;
        Ok(Stmt::Expression(expression))
    }
}
