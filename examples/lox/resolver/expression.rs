//! The names in expressions.

use super::{ClassKind, Resolver};
use crate::ast::{Expr, Name};

impl Resolver<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Nil | Expr::Bool(_) | Expr::Number(_) | Expr::String(_) => {}
            Expr::Variable(name) => self.variable(name),
            Expr::Assign { name, value } => {
                self.expression(value);
                self.bind(name);
            }
            Expr::Chain { first, links } => {
                self.expression(first);
                links.iter().for_each(|link| self.expression(&link.right));
            }
            Expr::Logical { operands, .. } => self.expressions(operands),
            Expr::Unary { operand: inner, .. } | Expr::Grouping(inner) | Expr::Get { object: inner, .. } => {
                self.expression(inner);
            }
            Expr::Call { callee, arguments, .. } => {
                self.expression(callee);
                self.expressions(arguments);
            }
            Expr::Set { object, value, .. } => {
                self.expression(value);
                self.expression(object);
            }
            Expr::This(keyword) => self.this(keyword),
            Expr::Super { keyword, this, .. } => self.super_method(keyword, this),
        }
    }

    fn expressions(&mut self, expressions: &[Expr]) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    pub(super) fn variable(&mut self, name: &Name) {
        if self.scopes.in_own_initializer(name.symbol) {
            self.error(name, "Can't read local variable in its own initializer.");
        }
        self.bind(name);
    }

    fn this(&mut self, keyword: &Name) {
        if self.class.is_none() {
            self.error(keyword, "Can't use 'this' outside of a class.");
        } else {
            self.bind(keyword);
        }
    }

    fn super_method(&mut self, keyword: &Name, this: &Name) {
        match self.class {
            None => self.error(keyword, "Can't use 'super' outside of a class."),
            Some(ClassKind::Base) => self.error(keyword, "Can't use 'super' in a class with no superclass."),
            Some(ClassKind::Derived) => {
                self.bind(keyword);
                self.bind(this);
            }
        }
    }
}
