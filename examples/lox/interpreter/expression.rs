//! Expressions.

use super::{Evaluated, Interpreter, Tested};
use crate::ast::Logical as LogicalOperator;
use crate::code::{Binary, Captured, Chain, Expr, Logical, Negate};
use crate::environment::Frame;
use crate::value::Value;

impl Interpreter {
    /// The value of an expression. Each kind has a function of its own that is not inlined here, so that this is a jump
    /// and not a stack frame as large as all kinds need together.
    pub(super) fn evaluate(&mut self, expression: &Expr, frame: Frame<'_>) -> Evaluated {
        match expression {
            Expr::Nil => Ok(Value::Nil),
            Expr::Bool(value) => Ok((*value).into()),
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::String(string) => Ok(Value::String(string.clone())),
            Expr::Local(slot) => Ok(self.local(*slot, frame).clone()),
            Expr::Captured(captured) => Ok(captured_value(*captured, frame)),
            Expr::Global(global) => self.global(*global),
            Expr::Assign(assign) => self.assign(assign, frame),
            Expr::Append(append) => self.append(append, frame),
            Expr::Binary(binary) => self.binary(binary, frame),
            Expr::Chain(chain) => self.chain(chain, frame),
            Expr::Logical(logical) => self.logical(logical, frame),
            Expr::Not(operand) => self.not(operand, frame),
            Expr::Negate(negate) => self.negate(negate, frame),
            Expr::Call(call) => self.call(call, frame),
            Expr::Invoke(invoke) => self.invoke(invoke, frame),
            Expr::Get(get) => self.get(get, frame),
            Expr::Set(set) => self.set(set, frame),
            Expr::Super(method) => self.super_method(method, frame),
            Expr::SuperInvoke(invoke) => self.super_invoke(invoke, frame),
        }
    }

    /// [`evaluate`](Self::evaluate), without a call where there is nothing to compute.
    #[inline(always)]
    pub(super) fn operand(&mut self, expression: &Expr, frame: Frame<'_>) -> Evaluated {
        match expression {
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::Local(slot) => match self.local(*slot, frame) {
                Value::Number(number) => Ok(Value::Number(*number)),
                value => Ok(value.clone()),
            },
            _ => self.evaluate(expression, frame),
        }
    }

    /// Whether a condition holds.
    pub(super) fn test(&mut self, condition: &Expr, frame: Frame<'_>) -> Tested {
        match condition {
            Expr::Binary(binary) => {
                let left = self.operand(&binary.left, frame)?;
                let right = self.operand(&binary.right, frame)?;
                self.test_binary(binary.operator, left, right, binary.line)
            }
            _ => Ok(self.evaluate(condition, frame)?.is_truthy()),
        }
    }

    #[inline(never)]
    fn not(&mut self, operand: &Expr, frame: Frame<'_>) -> Evaluated {
        Ok((!self.test(operand, frame)?).into())
    }

    #[inline(never)]
    fn negate(&mut self, negate: &Negate, frame: Frame<'_>) -> Evaluated {
        match self.operand(&negate.operand, frame)? {
            Value::Number(number) => Ok((-number.get()).into()),
            _ => Err(self.fail(negate.line, "Operand must be a number.")),
        }
    }

    #[inline(never)]
    fn binary(&mut self, binary: &Binary, frame: Frame<'_>) -> Evaluated {
        let left = self.operand(&binary.left, frame)?;
        let right = self.operand(&binary.right, frame)?;
        self.apply(binary.operator, left, right, binary.line)
    }

    #[inline(never)]
    fn chain(&mut self, chain: &Chain, frame: Frame<'_>) -> Evaluated {
        let first = self.operand(&chain.first, frame)?;
        chain.links.iter().try_fold(first, |left, link| {
            let right = self.operand(&link.right, frame)?;
            self.apply(link.operator, left, right, link.line)
        })
    }

    #[inline(never)]
    fn logical(&mut self, logical: &Logical, frame: Frame<'_>) -> Evaluated {
        let decisive = logical.operator == LogicalOperator::Or;
        for operand in &logical.operands {
            let value = self.evaluate(operand, frame)?;
            if value.is_truthy() == decisive {
                return Ok(value);
            }
        }
        self.evaluate(&logical.last, frame)
    }
}

#[inline(never)]
fn captured_value(captured: Captured, frame: Frame<'_>) -> Value {
    frame.captured(captured)
}
