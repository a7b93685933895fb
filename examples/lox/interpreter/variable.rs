//! Reading and changing variables.

use std::mem;

use super::{Done, Evaluated, Interpreter, Stop};
use crate::ast::Binary as Operator;
use crate::code::{Append, Assign, Global, Variable};
use crate::environment::Frame;
use crate::symbol::Symbol;
use crate::value::Value;

impl Interpreter {
    pub(super) fn local(&self, slot: u32, frame: Frame<'_>) -> &Value {
        &self.stack[frame.base + slot as usize]
    }

    pub(super) fn local_mut(&mut self, slot: u32, frame: Frame<'_>) -> &mut Value {
        &mut self.stack[frame.base + slot as usize]
    }

    #[inline(never)]
    pub(super) fn global(&mut self, global: Global) -> Evaluated {
        match &self.globals[global.symbol.index()] {
            Some(value) => Ok(value.clone()),
            None => Err(self.undefined(global)),
        }
    }

    pub(super) fn define_global(&mut self, symbol: Symbol, value: Value) {
        self.globals[symbol.index()] = Some(value);
    }

    #[cold]
    fn undefined(&mut self, global: Global) -> Stop {
        let message = format!("Undefined variable '{}'.", self.interner.name(global.symbol));
        self.fail(global.line, message)
    }

    #[inline(never)]
    pub(super) fn assign(&mut self, assign: &Assign, frame: Frame<'_>) -> Evaluated {
        let value = self.evaluate(&assign.value, frame)?;
        self.replace(assign.variable, value.clone(), frame)?;
        Ok(value)
    }

    #[inline(never)]
    pub(super) fn perform_assign(&mut self, assign: &Assign, frame: Frame<'_>) -> Done {
        let value = self.evaluate(&assign.value, frame)?;
        self.replace(assign.variable, value, frame).map(drop)
    }

    #[inline(never)]
    pub(super) fn append(&mut self, append: &Append, frame: Frame<'_>) -> Evaluated {
        let value = self.sum(append, frame)?;
        self.replace(append.variable, value.clone(), frame)?;
        Ok(value)
    }

    #[inline(never)]
    pub(super) fn perform_append(&mut self, append: &Append, frame: Frame<'_>) -> Done {
        let value = self.sum(append, frame)?;
        self.replace(append.variable, value, frame).map(drop)
    }

    /// The value of `name + value`, which `name` is to get. If that joins two strings and nobody holds the first but the
    /// variable, the variable gives it up first, so that it can be lengthened where it is.
    #[inline]
    fn sum(&mut self, append: &Append, frame: Frame<'_>) -> Evaluated {
        let left = self.read(append.variable, frame)?;
        let right = self.operand(&append.value, frame)?;
        if let (Value::String(_), Value::String(_)) = (&left, &right) {
            self.replace(append.variable, Value::Nil, frame)?;
        }
        self.apply(Operator::Add, left, right, append.line)
    }

    fn read(&mut self, variable: Variable, frame: Frame<'_>) -> Evaluated {
        match variable {
            Variable::Local(slot) => Ok(self.local(slot, frame).clone()),
            Variable::Captured(captured) => Ok(frame.captured(captured)),
            Variable::Global(global) => self.global(global),
        }
    }

    /// Changes a variable and returns what it was.
    fn replace(&mut self, variable: Variable, value: Value, frame: Frame<'_>) -> Evaluated {
        match variable {
            Variable::Local(slot) => Ok(mem::replace(self.local_mut(slot, frame), value)),
            Variable::Captured(captured) => Ok(frame.replace_captured(captured, value)),
            Variable::Global(global) => self.replace_global(global, value),
        }
    }

    fn replace_global(&mut self, global: Global, value: Value) -> Evaluated {
        match &mut self.globals[global.symbol.index()] {
            Some(current) => Ok(mem::replace(current, value)),
            None => Err(self.undefined(global)),
        }
    }
}
