//! Lox values. Everything larger than a number is a `Gc`.

use std::fmt;

use crate::heap::{Gc, Trace};
use crate::number::Number;
use crate::object::{BoundMethod, Class, Function, Instance, LoxString, Native};

/// A Lox value: a tag and at most one integer or pointer, so that functions take and return one in two registers.
#[derive(Clone, Trace)]
pub(crate) enum Value {
    /// `nil`
    Nil,
    /// `false`
    False,
    /// `true`
    True,
    /// A number.
    Number(Number),
    /// A string.
    String(Gc<LoxString>),
    /// A function with the variables around it.
    Function(Gc<Function>),
    /// A function of the interpreter.
    Native(Gc<Native>),
    /// A class.
    Class(Gc<Class>),
    /// An instance of a class.
    Instance(Gc<Instance>),
    /// A method with its instance.
    BoundMethod(Gc<BoundMethod>),
}

const _: () = assert!(size_of::<Value>() == 16);

impl Value {
    /// Whether a condition takes the value for true: all but `nil` and `false`.
    pub(crate) fn is_truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::False)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number.into())
    }
}

/// Lox's `==`: numbers and strings by content (`NaN` differs from itself), objects by identity.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) | (Self::False, Self::False) | (Self::True, Self::True) => true,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => Gc::ptr_eq(a, b) || a.as_str() == b.as_str(),
            (Self::Function(a), Self::Function(b)) => Gc::ptr_eq(a, b),
            (Self::Native(a), Self::Native(b)) => Gc::ptr_eq(a, b),
            (Self::Class(a), Self::Class(b)) => Gc::ptr_eq(a, b),
            (Self::Instance(a), Self::Instance(b)) => Gc::ptr_eq(a, b),
            (Self::BoundMethod(a), Self::BoundMethod(b)) => Gc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// What `print` writes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::False => f.write_str("false"),
            Self::True => f.write_str("true"),
            Self::Number(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value.as_str()),
            Self::Function(function) => write!(f, "<fn {}>", function.code.name),
            Self::Native(_) => f.write_str("<native fn>"),
            Self::Class(class) => f.write_str(&class.name),
            Self::Instance(instance) => write!(f, "{} instance", instance.class.name),
            Self::BoundMethod(bound) => write!(f, "<fn {}>", bound.method.code.name),
        }
    }
}
