//! Expressions.

use super::Lowering;
use crate::ast::{self, Name};
use crate::code::{
    Append, Arguments, Assign, Binary, Call, Chain, Expr, Get, Invoke, Link, Logical, Negate, Set, Site, Super,
    SuperInvoke, Variable,
};
use crate::heap::Gc;
use crate::object::LoxString;

impl Lowering<'_> {
    pub(super) fn expression(&mut self, expression: ast::Expr) -> Expr {
        self.deeper(|inside| inside.expression_here(expression))
    }

    fn expression_here(&mut self, expression: ast::Expr) -> Expr {
        match expression {
            ast::Expr::Nil => Expr::Nil,
            ast::Expr::Bool(value) => Expr::Bool(value),
            ast::Expr::Number(value) => Expr::Number(value.into()),
            ast::Expr::String(text) => Expr::String(Gc::leaf(LoxString::new(text.into()))),
            ast::Expr::Variable(name) | ast::Expr::This(name) => self.read(&name),
            ast::Expr::Assign { name, value } => self.assign(&name, *value),
            ast::Expr::Chain { first, links } => self.chain(*first, links),
            ast::Expr::Logical { operator, operands } => self.logical(operator, operands),
            ast::Expr::Unary { operator: ast::Unary::Not, operand, .. } => Expr::Not(self.boxed(*operand)),
            ast::Expr::Unary { operator: ast::Unary::Negate, operand, line } => {
                Expr::Negate(Box::new(Negate { operand: self.expression(*operand), line }))
            }
            ast::Expr::Grouping(inner) => self.expression_here(*inner),
            ast::Expr::Call { callee, arguments, line } => self.call(*callee, arguments, line),
            ast::Expr::Get { object, name } => {
                Expr::Get(Box::new(Get { object: self.expression(*object), site: site(&name) }))
            }
            ast::Expr::Set { object, name, value } => {
                let is_this = matches!(*object, ast::Expr::This(_));
                let (object, value) = (self.expression(*object), self.expression(*value));
                let local = match object {
                    Expr::Local(slot) if is_this || does_nothing(&value) => Some(slot),
                    _ => None,
                };
                Expr::Set(Box::new(Set { object, local, site: site(&name), value }))
            }
            ast::Expr::Super { keyword, this, method } => {
                Expr::Super(Box::new(self.super_method(keyword, this, method)))
            }
        }
    }

    fn boxed(&mut self, expression: ast::Expr) -> Box<Expr> {
        Box::new(self.expression(expression))
    }

    /// The value of a variable.
    pub(super) fn read(&self, name: &Name) -> Expr {
        match self.variable(name) {
            Variable::Local(slot) => Expr::Local(slot),
            Variable::Captured(captured) => Expr::Captured(captured),
            Variable::Global(global) => Expr::Global(global),
        }
    }

    fn assign(&mut self, name: &Name, value: ast::Expr) -> Expr {
        match addend(name, value) {
            Ok((read, link)) => {
                let ast::Link { line, right, .. } = link;
                Expr::Append(Box::new(Append { variable: self.variable(&read), value: self.expression(right), line }))
            }
            Err(value) => {
                Expr::Assign(Box::new(Assign { variable: self.variable(name), value: self.expression(value) }))
            }
        }
    }

    fn chain(&mut self, first: ast::Expr, links: Vec<ast::Link>) -> Expr {
        let first = self.expression(first);
        let mut links: Vec<Link> = links.into_iter().map(|link| self.link(link)).collect();
        if links.len() > 1 {
            return Expr::Chain(Box::new(Chain { first, links: links.into() }));
        }
        match links.pop() {
            Some(Link { operator, line, right }) => {
                Expr::Binary(Box::new(Binary { operator, line, left: first, right }))
            }
            None => first,
        }
    }

    fn link(&mut self, link: ast::Link) -> Link {
        Link { operator: link.operator, line: link.line, right: self.expression(link.right) }
    }

    fn logical(&mut self, operator: ast::Logical, operands: Vec<ast::Expr>) -> Expr {
        let mut operands: Vec<Expr> = operands.into_iter().map(|operand| self.expression(operand)).collect();
        let last = operands.pop().expect("a logical expression has operands");
        Expr::Logical(Box::new(Logical { operator, operands: operands.into(), last }))
    }

    /// A call. That of a property or of a superclass method needs no object for the bound method.
    fn call(&mut self, callee: ast::Expr, arguments: Vec<ast::Expr>, line: u32) -> Expr {
        match callee {
            ast::Expr::Get { object, name } => {
                let object = self.expression(*object);
                let arguments = self.arguments(arguments, line);
                Expr::Invoke(Box::new(Invoke { object, site: site(&name), arguments }))
            }
            ast::Expr::Super { keyword, this, method } => {
                let method = self.super_method(keyword, this, method);
                let arguments = self.arguments(arguments, line);
                Expr::SuperInvoke(Box::new(SuperInvoke { method, arguments }))
            }
            callee => {
                let callee = self.expression(callee);
                Expr::Call(Box::new(Call { callee, arguments: self.arguments(arguments, line) }))
            }
        }
    }

    fn arguments(&mut self, values: Vec<ast::Expr>, line: u32) -> Arguments {
        let values = values.into_iter().map(|value| self.expression(value)).collect();
        Arguments { values, line }
    }

    fn super_method(&self, keyword: Name, this: Name, method: Name) -> Super {
        Super { superclass: self.read(&keyword), this: self.read(&this), method: method.symbol, line: method.line }
    }
}

/// Whether evaluating the expression neither changes anything nor fails.
fn does_nothing(expression: &Expr) -> bool {
    use Expr::{Bool, Captured, Local, Nil, Number, String};
    matches!(expression, Nil | Bool(_) | Number(_) | String(_) | Local(_) | Captured(_))
}

fn site(name: &Name) -> Site {
    Site::new(name.symbol, name.line)
}

/// The two operands and the operator if `value` is `name + addend`, and otherwise `value` again.
fn addend(name: &Name, value: ast::Expr) -> Result<(Name, ast::Link), ast::Expr> {
    let ast::Expr::Chain { first, mut links } = value else { return Err(value) };
    match *first {
        ast::Expr::Variable(read) if read.symbol == name.symbol && links.len() == 1 => match links.remove(0) {
            link if link.operator == ast::Binary::Add => Ok((read, link)),
            link => Err(ast::Expr::Chain { first, links: vec![link] }),
        },
        _ => Err(ast::Expr::Chain { first, links }),
    }
}
