//! The functions that Lox programs find ready-made.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::heap::Gc;
use crate::object::Native;
use crate::value::Value;

/// The names of the native functions, with the functions.
pub(crate) fn functions() -> [(&'static str, Value); 1] {
    [("clock", native(0, clock))]
}

fn native(arity: usize, function: fn(&[Value]) -> Value) -> Value {
    Value::Native(Gc::leaf(Native { arity, function }))
}

/// `clock()`: the seconds since 1970, with their fraction.
fn clock(_: &[Value]) -> Value {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64().into()
}
