//! Expressions, from assignment down to literals.

use super::{MAX_ARGUMENTS, Parsed, Parser};
use crate::ast::{Binary, Expr, Link, Logical, Name, Unary};
use crate::token::{Token, TokenKind};

/// The precedence levels of the operators that make a [`Expr::Chain`], the loosest first.
const CHAIN_LEVELS: u8 = 4;

/// The level and operator that a token stands for.
fn binary_operator(kind: TokenKind) -> Option<(u8, Binary)> {
    Some(match kind {
        TokenKind::BangEqual => (0, Binary::NotEqual),
        TokenKind::EqualEqual => (0, Binary::Equal),
        TokenKind::Greater => (1, Binary::Greater),
        TokenKind::GreaterEqual => (1, Binary::GreaterEqual),
        TokenKind::Less => (1, Binary::Less),
        TokenKind::LessEqual => (1, Binary::LessEqual),
        TokenKind::Minus => (2, Binary::Subtract),
        TokenKind::Plus => (2, Binary::Add),
        TokenKind::Slash => (3, Binary::Divide),
        TokenKind::Star => (3, Binary::Multiply),
        _ => return None,
    })
}

impl<'src> Parser<'src, '_> {
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(Self::assignment)
    }

    fn assignment(&mut self) -> Parsed<Expr> {
        let target = self.or()?;
        if !self.check(TokenKind::Equal) {
            return Ok(target);
        }
        let equals = self.advance();
        let value = Box::new(self.nested(Self::assignment)?);
        match target {
            Expr::Variable(name) => Ok(Expr::Assign { name, value }),
            Expr::Get { object, name } => Ok(Expr::Set { object, name, value }),
            target => {
                self.error_at(&equals, "Invalid assignment target.");
                Ok(target)
            }
        }
    }

    fn or(&mut self) -> Parsed<Expr> {
        self.logical(TokenKind::Or, Logical::Or, Self::and)
    }

    fn and(&mut self) -> Parsed<Expr> {
        self.logical(TokenKind::And, Logical::And, |parser| parser.chain(0))
    }

    fn logical(
        &mut self,
        token: TokenKind,
        operator: Logical,
        operand: impl Fn(&mut Self) -> Parsed<Expr>,
    ) -> Parsed<Expr> {
        let first = operand(self)?;
        if !self.check(token) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.accept(token) {
            operands.push(operand(self)?);
        }
        Ok(Expr::Logical { operator, operands })
    }

    /// Operands of a higher level, joined by operators of this one.
    fn chain(&mut self, level: u8) -> Parsed<Expr> {
        if level == CHAIN_LEVELS {
            return self.unary();
        }
        let first = self.chain(level + 1)?;
        let mut links = Vec::new();
        while let Some((_, operator)) = binary_operator(self.peek().kind).filter(|&(found, _)| found == level) {
            let line = self.advance().line;
            links.push(Link { operator, line, right: self.chain(level + 1)? });
        }
        if links.is_empty() { Ok(first) } else { Ok(Expr::Chain { first: Box::new(first), links }) }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let operator = match self.peek().kind {
            TokenKind::Bang => Unary::Not,
            TokenKind::Minus => Unary::Negate,
            _ => return self.postfix(),
        };
        let line = self.advance().line;
        let operand = Box::new(self.nested(Self::unary)?);
        Ok(Expr::Unary { operator, line, operand })
    }

    /// A primary expression with any calls and property accesses behind it. Each of them wraps what stands before it, so
    /// each is one level of nesting.
    fn postfix(&mut self) -> Parsed<Expr> {
        let outside = self.nesting;
        let mut expression = self.primary()?;
        loop {
            expression = match self.peek().kind {
                TokenKind::LeftParen => self.call(expression)?,
                TokenKind::Dot => self.property(expression)?,
                _ => break,
            };
            self.descend()?;
        }
        self.nesting = outside;
        Ok(expression)
    }

    fn property(&mut self, object: Expr) -> Parsed<Expr> {
        self.advance();
        let name = self.identifier("Expect property name after '.'.")?;
        Ok(Expr::Get { object: Box::new(object), name })
    }

    fn call(&mut self, callee: Expr) -> Parsed<Expr> {
        self.advance();
        let arguments = self.arguments()?;
        let line = self.expect(TokenKind::RightParen, "Expect ')' after arguments.")?.line;
        Ok(Expr::Call { callee: Box::new(callee), arguments, line })
    }

    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let mut arguments = Vec::new();
        if self.check(TokenKind::RightParen) {
            return Ok(arguments);
        }
        loop {
            if arguments.len() >= MAX_ARGUMENTS {
                self.error("Can't have more than 255 arguments.");
            }
            arguments.push(self.expression()?);
            if !self.accept(TokenKind::Comma) {
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        let expression = match token.kind {
            TokenKind::False => Expr::Bool(false),
            TokenKind::True => Expr::Bool(true),
            TokenKind::Nil => Expr::Nil,
            TokenKind::Number => {
                Expr::Number(token.lexeme.parse().expect("digits with a dot between them are a number"))
            }
            TokenKind::String => Expr::String(token.lexeme[1..token.lexeme.len() - 1].into()),
            TokenKind::Identifier => Expr::Variable(self.name(&token)),
            TokenKind::This => Expr::This(self.name(&token)),
            TokenKind::Super => return self.super_method(),
            TokenKind::LeftParen => return self.grouping(),
            _ => return Err(self.error("Expect expression.")),
        };
        self.advance();
        Ok(expression)
    }

    fn super_method(&mut self) -> Parsed<Expr> {
        let token = self.advance();
        let keyword = self.name(&token);
        let this = self.implied_this(&token);
        self.expect(TokenKind::Dot, "Expect '.' after 'super'.")?;
        let method = self.identifier("Expect superclass method name.")?;
        Ok(Expr::Super { keyword, this, method })
    }

    /// The `this` that a `super` stands for besides itself.
    fn implied_this(&mut self, keyword: &Token<'src>) -> Name {
        Name { symbol: self.this, line: keyword.line, id: self.name_id() }
    }

    fn grouping(&mut self) -> Parsed<Expr> {
        self.advance();
        let inner = self.expression()?;
        self.expect(TokenKind::RightParen, "Expect ')' after expression.")?;
        Ok(Expr::Grouping(Box::new(inner)))
    }
}
