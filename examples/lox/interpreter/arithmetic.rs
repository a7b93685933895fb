//! Operators on values.

use std::mem;

use super::{Evaluated, Interpreter, Tested};
use crate::ast::Binary as Operator;
use crate::object::LoxString;
use crate::value::Value;

/// The result of a binary operator on two numbers.
#[inline(always)]
fn apply_to_numbers(operator: Operator, left: f64, right: f64) -> Value {
    match operator {
        Operator::Add => (left + right).into(),
        Operator::Subtract => (left - right).into(),
        Operator::Multiply => (left * right).into(),
        Operator::Divide => (left / right).into(),
        _ => holds(operator, left, right).into(),
    }
}

/// Whether the result of a binary operator on two numbers is true, which every number is.
#[inline(always)]
fn holds(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => true,
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
    }
}

/// Applies `function` to both operands if they are numbers, and otherwise returns them.
#[inline(always)]
fn on_numbers<T>(left: Value, right: Value, function: impl FnOnce(f64, f64) -> T) -> Result<T, (Value, Value)> {
    if let (&Value::Number(a), &Value::Number(b)) = (&left, &right) {
        // A number owns nothing. Dropping one would be a call, which would find that out.
        mem::forget((left, right));
        return Ok(function(a.get(), b.get()));
    }
    Err((left, right))
}

impl Interpreter {
    /// The result of a binary operator.
    #[inline(always)]
    pub(super) fn apply(&mut self, operator: Operator, left: Value, right: Value, line: u32) -> Evaluated {
        match on_numbers(left, right, |left, right| apply_to_numbers(operator, left, right)) {
            Ok(value) => Ok(value),
            Err((left, right)) => self.apply_to_objects(operator, left, right, line),
        }
    }

    /// Whether the result of a binary operator is true.
    #[inline(always)]
    pub(super) fn test_binary(&mut self, operator: Operator, left: Value, right: Value, line: u32) -> Tested {
        match on_numbers(left, right, |left, right| holds(operator, left, right)) {
            Ok(holds) => Ok(holds),
            Err((left, right)) => Ok(self.apply_to_objects(operator, left, right, line)?.is_truthy()),
        }
    }

    /// The result of a binary operator whose operands are not two numbers.
    #[inline(never)]
    fn apply_to_objects(&mut self, operator: Operator, left: Value, right: Value, line: u32) -> Evaluated {
        match (operator, left, right) {
            (Operator::Equal, left, right) => Ok((left == right).into()),
            (Operator::NotEqual, left, right) => Ok((left != right).into()),
            (Operator::Add, Value::String(left), Value::String(right)) => {
                Ok(Value::String(LoxString::concatenate(left, &right)))
            }
            (Operator::Add, ..) => Err(self.fail(line, "Operands must be two numbers or two strings.")),
            _ => Err(self.fail(line, "Operands must be numbers.")),
        }
    }
}
