//! Numbers: how they are kept and how they are printed.

use std::fmt;

use crate::heap::Trace;
/// From here on a number is printed with an exponent.
const HUGE: f64 = 1e21;

/// Below this a number other than zero is printed with an exponent.
const TINY: f64 = 1e-7;

/// A number, kept as its bits: so all [values](crate::value::Value) consist of integers, and registers hold them.
#[derive(Clone, Copy, Trace)]
pub(crate) struct Number(u64);

impl Number {
    /// The number as a float.
    pub(crate) fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self(number.to_bits())
    }
}

/// Numbers compare as floats do: `NaN` differs from itself.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// The shortest decimal that reads back as the same number: an integer without a fraction, a minus before a negative zero. Very
/// large and very small numbers have an exponent, written as Java writes it (`1.0E21`).
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.get();
        if number.is_nan() {
            f.write_str("NaN")
        } else if number.is_infinite() {
            f.write_str(if number > 0.0 { "Infinity" } else { "-Infinity" })
        } else if number == 0.0 || (TINY..HUGE).contains(&number.abs()) {
            write!(f, "{number}")
        } else {
            write_scientific(number, f)
        }
    }
}

fn write_scientific(number: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => write!(f, "{mantissa}.0E{exponent}"),
        _ => f.write_str(&text),
    }
}
