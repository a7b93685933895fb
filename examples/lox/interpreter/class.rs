//! Making classes, and the methods of superclasses.

use super::{Evaluated, Interpreter, Stop};
use crate::code::{self, Super, SuperInvoke};
use crate::environment::{Environment, Frame};
use crate::heap::Gc;
use crate::object::{BoundMethod, Class, Function, Instance, Methods};
use crate::value::Value;

impl Interpreter {
    #[inline(never)]
    pub(super) fn class(&mut self, class: &code::Class, frame: Frame<'_>) -> Evaluated {
        let superclass = self.superclass(class, frame)?;
        let mut methods = superclass.as_ref().map_or_else(Methods::default, |superclass| superclass.methods.clone());
        let around = superclass.filter(|_| class.captures_super).map(|superclass| around_methods(superclass, frame));
        let environment = around.as_ref().or(frame.environment);
        for (name, code) in &class.methods {
            let function = Function { code: code.clone(), environment: environment.cloned() };
            methods.insert(*name, Gc::new(function));
        }
        self.class_ids += 1;
        Ok(Value::Class(Gc::new(Class::new(class.name.clone(), self.class_ids, methods, self.init))))
    }

    fn superclass(&mut self, class: &code::Class, frame: Frame<'_>) -> Result<Option<Gc<Class>>, Stop> {
        let Some((superclass, line)) = &class.superclass else { return Ok(None) };
        match self.evaluate(superclass, frame)? {
            Value::Class(superclass) => Ok(Some(superclass)),
            _ => Err(self.fail(*line, "Superclass must be a class.")),
        }
    }

    #[inline(never)]
    pub(super) fn super_method(&mut self, access: &Super, frame: Frame<'_>) -> Evaluated {
        let (method, receiver) = self.find_super(access, frame)?;
        Ok(Value::BoundMethod(Gc::new(BoundMethod { receiver, method })))
    }

    #[inline(never)]
    pub(super) fn super_invoke(&mut self, invoke: &SuperInvoke, frame: Frame<'_>) -> Evaluated {
        let (method, receiver) = self.find_super(&invoke.method, frame)?;
        self.call_method(&method, Value::Instance(receiver), &invoke.arguments, frame)
    }

    /// A method of the superclass, with `this`.
    fn find_super(&mut self, access: &Super, frame: Frame<'_>) -> Result<(Gc<Function>, Gc<Instance>), Stop> {
        let superclass = self.evaluate(&access.superclass, frame)?;
        let this = self.evaluate(&access.this, frame)?;
        let (Value::Class(superclass), Value::Instance(receiver)) = (superclass, this) else {
            unreachable!("`super` is a class and `this` an instance");
        };
        match superclass.method(access.method) {
            Some(method) => Ok((method.clone(), receiver)),
            None => Err(self.undefined_property(access.method, access.line)),
        }
    }
}

/// The environment around the methods of a class, whose one variable is `super`.
fn around_methods(superclass: Gc<Class>, frame: Frame<'_>) -> Gc<Environment> {
    let environment = Environment::new(frame.environment, 1);
    environment.define(0, Value::Class(superclass));
    environment
}
