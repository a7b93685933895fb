//! Calls: arguments go on the stack, where the callee finds them as its first locals.

use super::{Done, Evaluated, Flow, Interpreter};
use crate::code::{self, Arguments, Call};
use crate::environment::{Environment, Frame};
use crate::heap::Gc;
use crate::object::{Class, Function, Instance, Native};
use crate::value::Value;

/// How many levels a call adds to those of the function's body.
const CALL_LEVELS: u32 = 2;

impl Interpreter {
    #[inline(never)]
    pub(super) fn call(&mut self, call: &Call, frame: Frame<'_>) -> Evaluated {
        let callee = self.evaluate(&call.callee, frame)?;
        self.call_value(&callee, &call.arguments, frame)
    }

    /// Evaluates the arguments, then calls any value with them.
    #[inline]
    pub(super) fn call_value(&mut self, callee: &Value, arguments: &Arguments, frame: Frame<'_>) -> Evaluated {
        match callee {
            Value::Function(function) => {
                let base = self.stack.len();
                self.push_arguments(arguments, frame)?;
                self.call_function(function, base, arguments)
            }
            Value::BoundMethod(bound) => {
                self.call_method(&bound.method, Value::Instance(bound.receiver.clone()), arguments, frame)
            }
            Value::Class(class) => self.instantiate(class, arguments, frame),
            Value::Native(native) => self.call_native(native, arguments, frame),
            _ => {
                self.push_arguments(arguments, frame)?;
                Err(self.fail(arguments.line, "Can only call functions and classes."))
            }
        }
    }

    /// Evaluates the arguments, then calls a method of `receiver` with them.
    pub(super) fn call_method(
        &mut self,
        method: &Function,
        receiver: Value,
        arguments: &Arguments,
        frame: Frame<'_>,
    ) -> Evaluated {
        let base = self.stack.len();
        self.stack.push(receiver);
        self.push_arguments(arguments, frame)?;
        self.call_function(method, base, arguments)
    }

    #[inline(never)]
    fn instantiate(&mut self, class: &Gc<Class>, arguments: &Arguments, frame: Frame<'_>) -> Evaluated {
        let instance = Value::Instance(Gc::new(Instance::new(class.clone())));
        if let Some(initializer) = &class.initializer {
            return self.call_method(initializer, instance, arguments, frame);
        }
        let base = self.stack.len();
        self.push_arguments(arguments, frame)?;
        self.stack.truncate(base);
        self.check_arity(0, arguments)?;
        Ok(instance)
    }

    #[inline(never)]
    fn call_native(&mut self, native: &Native, arguments: &Arguments, frame: Frame<'_>) -> Evaluated {
        let base = self.stack.len();
        self.push_arguments(arguments, frame)?;
        self.check_arity(native.arity, arguments)?;
        let result = (native.function)(&self.stack[base..]);
        self.stack.truncate(base);
        Ok(result)
    }

    #[inline]
    fn push_arguments(&mut self, arguments: &Arguments, frame: Frame<'_>) -> Done {
        for argument in &arguments.values {
            let value = self.operand(argument, frame)?;
            self.stack.push(value);
        }
        Ok(())
    }

    /// Runs a function whose receiver, if it has one, and arguments are on the stack from `base` on, and takes them off.
    fn call_function(&mut self, function: &Function, base: usize, arguments: &Arguments) -> Evaluated {
        let code = &*function.code;
        self.check_arity(code.arity, arguments)?;
        self.enter(code, arguments.line)?;
        let flow = if code.environment_size == 0 {
            self.statements(&code.body, Frame { base, environment: function.environment.as_ref() })?
        } else {
            let environment = self.function_environment(function, code, base);
            self.statements(&code.body, Frame { base, environment: Some(&environment) })?
        };
        self.levels_left += code.depth + CALL_LEVELS;
        Ok(self.leave(code, base, flow))
    }

    /// Takes the levels that a call needs.
    fn enter(&mut self, code: &code::Function, line: u32) -> Done {
        match self.levels_left.checked_sub(code.depth + CALL_LEVELS) {
            Some(levels) => self.levels_left = levels,
            None => return Err(self.fail(line, "Stack overflow.")),
        }
        Ok(())
    }

    /// The environment of a function with captured variables, filled with those that are parameters.
    #[inline(never)]
    fn function_environment(&self, function: &Function, code: &code::Function, base: usize) -> Gc<Environment> {
        let environment = Environment::new(function.environment.as_ref(), code.environment_size);
        for &(from, to) in &code.captured_parameters {
            environment.define(to, self.stack[base + from as usize].clone());
        }
        environment
    }

    /// Clears the stack of a call and returns its result.
    fn leave(&mut self, code: &code::Function, base: usize, flow: Flow) -> Value {
        if code.is_initializer {
            self.stack.truncate(base + 1);
            return self.stack.pop().expect("`this` is below the parameters");
        }
        self.stack.truncate(base);
        match flow {
            Flow::Return(value) => value,
            Flow::Next => Value::Nil,
        }
    }

    fn check_arity(&mut self, arity: usize, arguments: &Arguments) -> Done {
        let count = arguments.values.len();
        if count == arity {
            return Ok(());
        }
        Err(self.fail(arguments.line, format!("Expected {arity} arguments but got {count}.")))
    }
}
