//! Runs the interpreter the way a user does, and reads what a program's comments promise.

mod executable;
pub(crate) mod expectation;
pub(crate) mod interpreter;
mod run;
