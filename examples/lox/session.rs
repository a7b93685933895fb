//! From source text to effect: the phases one after the other, and what their errors mean for the exit code.

use std::fmt::Display;
use std::io::{self, Write};

use crate::code::Program;
use crate::interpreter::Interpreter;
use crate::lower::lower;
use crate::output::Output;
use crate::parser::parse;
use crate::report::{Diagnostics, Failure};
use crate::resolver::resolve;
use crate::scanner::scan;
use crate::symbol::Interner;

/// How a run ended; the codes are those of `sysexits.h`, as in the book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// All went well.
    Success = 0,
    /// The command line made no sense.
    Usage = 64,
    /// The program has compile errors.
    CompileError = 65,
    /// The program could not be read.
    NoInput = 66,
    /// The program stopped with a run-time error.
    RuntimeError = 70,
    /// There is no thread to run it on.
    NoThread = 71,
    /// The output could not be written.
    OutputError = 74,
}

/// An interpreter and what it has run so far.
pub(crate) struct Session {
    interpreter: Interpreter,
}

impl Session {
    /// A session in which nothing was run yet.
    pub(crate) fn new(output: Output, levels: u32) -> Self {
        Self { interpreter: Interpreter::new(output, levels) }
    }

    /// Runs a source text and reports its errors on standard error. The output is written when this returns.
    pub(crate) fn run(&mut self, source: &str) -> Exit {
        let program = match compile(source, &mut self.interpreter.interner) {
            Ok(program) => program,
            Err(errors) => {
                self.report(&errors);
                return Exit::CompileError;
            }
        };
        let result = self.interpreter.run(&program);
        let flushed = self.flush();
        match result.and(flushed) {
            Ok(()) => Exit::Success,
            Err(failure) => {
                self.report(&failure);
                exit_code(&failure)
            }
        }
    }

    /// Asks for the next line.
    pub(crate) fn prompt(&mut self, text: &str) -> Result<(), Failure> {
        self.interpreter.output.prompt(text).map_err(Into::into)
    }

    /// Writes an error to standard error, behind all output so far.
    pub(crate) fn report(&mut self, error: &impl Display) {
        // Whatever keeps this output back shows when the next output is written.
        let _ = self.flush();
        write_error(error);
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.interpreter.output.flush().map_err(Into::into)
    }
}

/// Writes to standard error. There is nowhere to say that it failed.
pub(crate) fn write_error(error: &impl Display) {
    let _ = write!(io::stderr(), "{error}");
}

fn exit_code(failure: &Failure) -> Exit {
    match failure {
        Failure::Runtime { .. } => Exit::RuntimeError,
        Failure::Output(_) => Exit::OutputError,
    }
}

/// The resolved tree of a source text, or its errors. Names are resolved only if the syntax is right.
fn compile(source: &str, interner: &mut Interner) -> Result<Program, Diagnostics> {
    let mut errors = Diagnostics::default();
    let tokens = scan(source, &mut errors);
    let program = parse(&tokens, interner, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let resolution = resolve(&program, interner, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(lower(program, &resolution, interner))
}
