//! Statements.

use std::mem;
use std::rc::Rc;

use super::{Done, Evaluated, Executed, Flow, Interpreter, Stop};
use crate::code::{self, Block, Expr, If, Stmt, Target, While};
use crate::environment::{Environment, Frame};
use crate::heap::Gc;
use crate::object::Function;
use crate::value::Value;

impl Interpreter {
    /// Runs a statement; see [`evaluate`](Self::evaluate) for why the kinds are not inlined here.
    pub(super) fn execute(&mut self, statement: &Stmt, frame: Frame<'_>) -> Executed {
        match statement {
            Stmt::Expression(expression) => self.expression_statement(expression, frame),
            Stmt::Print(expression) => self.print(expression, frame),
            Stmt::Define(target, value) => self.define_variable(*target, value, frame),
            Stmt::Block(block) => self.block(block, frame),
            Stmt::If(conditional) => self.conditional(conditional, frame),
            Stmt::While(each) => self.rounds(each, frame),
            Stmt::Return(value) => self.result(value, frame).map(Flow::Return),
            Stmt::Function(target, code) => self.define_function(*target, code, frame),
            Stmt::Class(target, class) => self.define_class(*target, class, frame),
        }
    }

    #[inline(never)]
    fn expression_statement(&mut self, expression: &Expr, frame: Frame<'_>) -> Executed {
        self.perform(expression, frame)?;
        Ok(Flow::Next)
    }

    /// Evaluates an expression for its effect. A value that it stores is moved there, not copied.
    fn perform(&mut self, expression: &Expr, frame: Frame<'_>) -> Done {
        match expression {
            Expr::Assign(assign) => self.perform_assign(assign, frame),
            Expr::Append(append) => self.perform_append(append, frame),
            Expr::Set(set) => self.perform_set(set, frame),
            _ => self.evaluate(expression, frame).map(drop),
        }
    }

    /// The value of an expression whose call ends with it: a local variable gives it up.
    #[inline(never)]
    fn result(&mut self, expression: &Expr, frame: Frame<'_>) -> Evaluated {
        match expression {
            Expr::Local(slot) => Ok(mem::replace(self.local_mut(*slot, frame), Value::Nil)),
            _ => self.evaluate(expression, frame),
        }
    }

    #[inline(never)]
    fn print(&mut self, expression: &Expr, frame: Frame<'_>) -> Executed {
        let value = self.evaluate(expression, frame)?;
        if let Err(error) = self.output.print(&value) {
            self.failure = Some(error.into());
            return Err(Stop);
        }
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn define_variable(&mut self, target: Target, value: &Expr, frame: Frame<'_>) -> Executed {
        let value = self.evaluate(value, frame)?;
        self.define(target, value, frame);
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn define_function(&mut self, target: Target, code: &Rc<code::Function>, frame: Frame<'_>) -> Executed {
        let environment = frame.environment.cloned();
        let function = Gc::new(Function { code: code.clone(), environment });
        self.define(target, Value::Function(function), frame);
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn define_class(&mut self, target: Target, class: &code::Class, frame: Frame<'_>) -> Executed {
        let class = self.class(class, frame)?;
        self.define(target, class, frame);
        Ok(Flow::Next)
    }

    /// Gives a new variable its first value.
    fn define(&mut self, target: Target, value: Value, frame: Frame<'_>) {
        match target {
            Target::Local => self.stack.push(value),
            Target::Captured(slot) => frame.innermost().define(slot, value),
            Target::Global(symbol) => self.define_global(symbol, value),
        }
    }

    #[inline(never)]
    fn block(&mut self, block: &Block, frame: Frame<'_>) -> Executed {
        if block.environment_size == 0 {
            return self.scope(&block.statements, frame);
        }
        let environment = Environment::new(frame.environment, block.environment_size);
        self.scope(&block.statements, Frame { environment: Some(&environment), ..frame })
    }

    /// Runs statements and takes what they declared off the stack again.
    fn scope(&mut self, statements: &[Stmt], frame: Frame<'_>) -> Executed {
        let height = self.stack.len();
        let flow = self.statements(statements, frame)?;
        self.stack.truncate(height);
        Ok(flow)
    }

    /// Runs statements up to the first that returns.
    pub(super) fn statements(&mut self, statements: &[Stmt], frame: Frame<'_>) -> Executed {
        for statement in statements {
            if let Flow::Return(value) = self.execute(statement, frame)? {
                return Ok(Flow::Return(value));
            }
        }
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn conditional(&mut self, conditional: &If, frame: Frame<'_>) -> Executed {
        for (condition, branch) in &conditional.branches {
            if self.test(condition, frame)? {
                return self.execute(branch, frame);
            }
        }
        conditional.otherwise.as_ref().map_or(Ok(Flow::Next), |branch| self.execute(branch, frame))
    }

    #[inline(never)]
    fn rounds(&mut self, each: &While, frame: Frame<'_>) -> Executed {
        while self.test(&each.condition, frame)? {
            if let Flow::Return(value) = self.execute(&each.body, frame)? {
                return Ok(Flow::Return(value));
            }
            self.advance(each, frame)?;
        }
        Ok(Flow::Next)
    }

    fn advance(&mut self, each: &While, frame: Frame<'_>) -> Done {
        each.increment.as_ref().map_or(Ok(()), |increment| self.perform(increment, frame))
    }
}
