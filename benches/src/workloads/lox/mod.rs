//! Programs for the Lox interpreter, which is built once on each of some columns' pointers.

use std::time::Instant;

use super::{Sample, Size};
use crate::columns::Column;

/// Defines a workload for each program, which does something `rounds` times and prints a number: so much for each round.
macro_rules! programs {
    ($($name:ident: $result:literal;)*) => {
        $(pub(super) fn $name<C: Column>(size: Size) -> Option<Sample> {
            run::<C>(include_str!(concat!(stringify!($name), ".lox")), $result, size)
        })*
    };
}

programs! {
    fib: 6_765;
    closures: 17;
    trees: 1_023;
    methods: 12;
    strings: 1;
    cycles: 3;
}

/// Runs a program for `size.operations` rounds. To read it takes little, and is part of the time.
fn run<C: Column>(program: &str, result: u64, size: Size) -> Option<Sample> {
    let lox = C::LOX?;
    let source = format!("var rounds = {}; {program}", size.operations);
    let start = Instant::now();
    let output = (lox.run)(&source);
    (lox.collect)();
    let elapsed = start.elapsed();
    assert_eq!(output, format!("{}\n", result * size.operations), "the program prints a wrong result");
    Some(Sample { value: elapsed.as_nanos() as f64 / size.operations as f64, leaked: (lox.alive)() })
}
