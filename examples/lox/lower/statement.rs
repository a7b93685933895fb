//! Statements and declarations.

use std::rc::Rc;

use super::Lowering;
use crate::ast;
use crate::code::{Block, Class, Expr, Function, If, Stmt, While};

impl Lowering<'_> {
    pub(super) fn statements(&mut self, statements: Vec<ast::Stmt>) -> Box<[Stmt]> {
        statements.into_iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, statement: ast::Stmt) -> Stmt {
        self.deeper(|inside| inside.statement_here(statement))
    }

    fn statement_here(&mut self, statement: ast::Stmt) -> Stmt {
        match statement {
            ast::Stmt::Expression(expression) => Stmt::Expression(self.expression(expression)),
            ast::Stmt::Print(expression) => Stmt::Print(self.expression(expression)),
            ast::Stmt::Var { name, initializer } => {
                let value = Box::new(self.expression_or(initializer, Expr::Nil));
                Stmt::Define(self.declare(&name), value)
            }
            ast::Stmt::Block(statements) => self.block(statements),
            ast::Stmt::If { branches, otherwise } => self.conditional(branches, otherwise),
            ast::Stmt::While { condition, body } => {
                let condition = self.expression(condition);
                Stmt::While(Box::new(While { condition, body: self.statement(*body), increment: None }))
            }
            ast::Stmt::For(each) => self.for_loop(*each),
            ast::Stmt::Return { value, .. } => Stmt::Return(self.expression_or(value, Expr::Nil)),
            ast::Stmt::Function(function) => {
                let target = self.declare(&function.name);
                Stmt::Function(target, Rc::new(self.function(function)))
            }
            ast::Stmt::Class(class) => {
                let target = self.declare(&class.name);
                Stmt::Class(target, Box::new(self.class(class)))
            }
        }
    }

    fn expression_or(&mut self, expression: Option<ast::Expr>, default: Expr) -> Expr {
        expression.map_or(default, |expression| self.expression(expression))
    }

    fn block(&mut self, statements: Vec<ast::Stmt>) -> Stmt {
        let environment_size = self.count_captured(&statements);
        let statements = self.scope(environment_size, |inside| inside.statements(statements));
        Stmt::Block(Box::new(Block { environment_size, statements }))
    }

    fn conditional(&mut self, branches: Vec<(ast::Expr, ast::Stmt)>, otherwise: Option<Box<ast::Stmt>>) -> Stmt {
        let branches = branches
            .into_iter()
            .map(|(condition, branch)| (self.expression(condition), self.statement(branch)))
            .collect();
        let otherwise = otherwise.map(|statement| self.statement(*statement));
        Stmt::If(Box::new(If { branches, otherwise }))
    }

    /// The loop, in a block with its variable if it has one.
    fn for_loop(&mut self, each: ast::For) -> Stmt {
        let ast::For { initializer, condition, increment, body } = each;
        let environment_size = self.count_captured(initializer.as_slice());
        let statements = self.scope(environment_size, |inside| {
            let initializer = initializer.map(|statement| inside.statement(statement));
            let condition = inside.expression_or(condition, Expr::Bool(true));
            let body = inside.statement(body);
            let increment = increment.map(|expression| inside.expression(expression));
            let rounds = Stmt::While(Box::new(While { condition, body, increment }));
            initializer.into_iter().chain([rounds]).collect()
        });
        Stmt::Block(Box::new(Block { environment_size, statements }))
    }

    fn function(&mut self, function: ast::Function) -> Function {
        let ast::Function { name, this, parameters, body } = function;
        let this_captured = this.is_some_and(|this| self.resolution.is_captured(this));
        let environment_size =
            u32::from(this_captured) + self.count_captured_names(parameters.iter()) + self.count_captured(&body);
        let (captured_parameters, (body, depth)) = self.scope(environment_size, |inside| {
            inside.height = 0;
            let ids = this.into_iter().chain(parameters.iter().map(|parameter| parameter.id));
            (inside.parameters(ids), inside.separately(|inside| inside.statements(body)))
        });
        Function {
            name: Rc::clone(self.interner.name(name.symbol)),
            arity: parameters.len(),
            is_initializer: this.is_some() && name.symbol == self.init,
            environment_size,
            captured_parameters,
            body,
            depth,
        }
    }

    /// Declares `this` and the parameters. Arguments arrive on the stack; the result says which of them move to where.
    fn parameters(&mut self, ids: impl Iterator<Item = ast::NameId>) -> Box<[(u32, u32)]> {
        let mut moves = Vec::new();
        for id in ids {
            let from = self.height;
            self.declare_on_stack(id);
            if self.resolution.is_captured(id) {
                moves.push((from, self.declare_captured(id)));
            }
        }
        moves.into()
    }

    fn class(&mut self, class: ast::Class) -> Class {
        let ast::Class { name, superclass, methods } = class;
        let super_id = superclass.as_ref().map(|superclass| superclass.super_id);
        let captures_super = super_id.is_some_and(|id| self.resolution.is_captured(id));
        let superclass = superclass.map(|superclass| (self.read(&superclass.name), superclass.name.line));
        let methods = self.scope(captures_super.into(), |inside| {
            super_id.filter(|_| captures_super).map(|id| inside.declare_captured(id));
            methods.into_iter().map(|method| (method.name.symbol, Rc::new(inside.function(method)))).collect()
        });
        Class { name: Rc::clone(self.interner.name(name.symbol)), superclass, captures_super, methods }
    }
}
