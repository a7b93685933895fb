//! The variables of a scope that functions inside it use, which therefore may outlive the scope.

use std::cell::RefCell;
use std::mem;
use std::ops::{Deref, DerefMut};

use crate::code::Captured;
use crate::heap::{Gc, Trace};
use crate::value::Value;

/// The captured variables of one scope, and the environment around it.
#[derive(Trace)]
pub(crate) struct Environment {
    parent: Option<Gc<Environment>>,
    slots: RefCell<Slots>,
}

/// The variables of an environment. Most have one, which then needs no memory of its own.
#[derive(Trace)]
enum Slots {
    One([Value; 1]),
    Many(Box<[Value]>),
}

impl Slots {
    /// `size` variables, all nil.
    fn new(size: u32) -> Self {
        match size {
            1 => Self::One([Value::Nil]),
            _ => Self::Many(vec![Value::Nil; size as usize].into()),
        }
    }
}

impl Deref for Slots {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        match self {
            Self::One(slot) => slot,
            Self::Many(slots) => slots,
        }
    }
}

impl DerefMut for Slots {
    fn deref_mut(&mut self) -> &mut [Value] {
        match self {
            Self::One(slot) => slot,
            Self::Many(slots) => slots,
        }
    }
}

impl Environment {
    /// An environment with `size` variables, all nil.
    pub(crate) fn new(parent: Option<&Gc<Self>>, size: u32) -> Gc<Self> {
        Gc::new(Self { parent: parent.cloned(), slots: RefCell::new(Slots::new(size)) })
    }

    /// Gives a variable of this scope its first value.
    pub(crate) fn define(&self, slot: u32, value: Value) {
        self.replace(slot, value);
    }

    /// Changes a variable of this scope and returns what it was.
    fn replace(&self, slot: u32, value: Value) -> Value {
        mem::replace(&mut self.slots.borrow_mut()[slot as usize], value)
    }
}

/// The base of a call on the stack, and the innermost environment around the code that runs.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// The stack position of slot 0.
    pub(crate) base: usize,
    /// The innermost environment; none if no scope around has captured variables.
    pub(crate) environment: Option<&'a Gc<Environment>>,
}

impl<'a> Frame<'a> {
    /// The value of a captured variable.
    pub(crate) fn captured(self, captured: Captured) -> Value {
        self.environment_of(captured).slots.borrow()[captured.slot as usize].clone()
    }

    /// Changes a captured variable and returns what it was.
    pub(crate) fn replace_captured(self, captured: Captured, value: Value) -> Value {
        self.environment_of(captured).replace(captured.slot, value)
    }

    /// The environment of the current scope, which has captured variables.
    pub(crate) fn innermost(self) -> &'a Gc<Environment> {
        self.environment.expect("a scope with captured variables has an environment")
    }

    fn environment_of(self, captured: Captured) -> &'a Environment {
        let mut environment = self.innermost();
        for _ in 0..captured.up {
            environment = environment.parent.as_ref().expect("a captured variable is as far up as its use says");
        }
        environment
    }
}
