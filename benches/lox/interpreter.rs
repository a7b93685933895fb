//! The interpreter of `examples/lox`, file by file, but for what makes it a program of its own. Its `heap` is the column's,
//! and its output is kept here to be looked at.
#![allow(dead_code, reason = "what only the program needs")]

#[path = "../../examples/lox/ast.rs"]
pub(crate) mod ast;
#[path = "../../examples/lox/code.rs"]
pub(crate) mod code;
#[path = "../../examples/lox/environment.rs"]
pub(crate) mod environment;
#[path = "../../examples/lox/interpreter/mod.rs"]
pub(crate) mod interpreter;
#[path = "../../examples/lox/lower/mod.rs"]
pub(crate) mod lower;
#[path = "../../examples/lox/native.rs"]
pub(crate) mod native;
#[path = "../../examples/lox/number.rs"]
pub(crate) mod number;
#[path = "../../examples/lox/object.rs"]
pub(crate) mod object;
#[path = "output.rs"]
pub(crate) mod output;
#[path = "../../examples/lox/parser/mod.rs"]
pub(crate) mod parser;
#[path = "../../examples/lox/report.rs"]
pub(crate) mod report;
#[path = "../../examples/lox/resolver/mod.rs"]
pub(crate) mod resolver;
#[path = "../../examples/lox/scanner.rs"]
pub(crate) mod scanner;
#[path = "../../examples/lox/session.rs"]
pub(crate) mod session;
#[path = "../../examples/lox/symbol.rs"]
pub(crate) mod symbol;
#[path = "../../examples/lox/token.rs"]
pub(crate) mod token;
#[path = "../../examples/lox/value.rs"]
pub(crate) mod value;

use output::Output;
use session::{Exit, Session};

/// How deep programs may nest: what the main thread's stack has room for.
const LEVELS: u32 = 2_000;

/// Runs a program to its end, drops all that the interpreter holds, and returns what the program printed.
///
/// # Panics
/// If the program fails; it has said why on standard error.
pub fn run(source: &str) -> String {
    let output = Output::new();
    let exit = Session::new(output.clone(), LEVELS).run(source);
    assert!(exit == Exit::Success, "the program fails");
    output.text()
}
