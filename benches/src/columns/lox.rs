//! The interpreter that is built once for each of some columns: each has a crate in `lox/`, which adds a `heap.rs` to it.

/// The Lox interpreter of `examples/lox` on a column's pointers.
#[derive(Clone, Copy)]
pub struct Lox {
    /// Runs a program and returns what it printed.
    pub run: fn(&str) -> String,
    /// Reclaims all garbage.
    pub collect: fn(),
    /// How many objects are alive.
    pub alive: fn() -> i64,
}

/// The interpreter that a crate made of `lox/interpreter.rs` has.
macro_rules! lox {
    ($interpreter:ident) => {
        $crate::columns::Lox { run: $interpreter::run, collect: $interpreter::collect, alive: $interpreter::alive }
    };
}
