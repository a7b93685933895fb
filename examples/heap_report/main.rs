//! Runs a Lox program, or builds documents that leak, and writes down what is alive on the heap then, and why.
//!
//! `heap_report PROGRAM.lox` writes three files: `heap.html`, a page to click through, which needs nothing but a browser;
//! `heap.heapsnapshot` for the memory panel of Chrome's DevTools; and `heap.dot` for Graphviz. With `--json` there is also
//! `heap.json`, what the page is made of.
//!
//! The rooms: `subject` is what is looked at, `files` captures the heap and writes the files, two of which are made by `data` and `page`.

#![forbid(unsafe_code)]

mod data;
mod document;
mod files;
mod interpreter_files;
mod options;
mod page;
mod progress;
mod subject;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

// The files of the interpreter name one another as `crate::value` and so on.
use interpreter_files::*;
use options::{Options, USAGE};

/// How a run ended; the codes are those of `sysexits.h`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// All went well.
    Success = 0,
    /// The command line made no sense.
    Usage = 64,
    /// The Lox program has compile errors.
    CompileError = 65,
    /// The Lox program could not be read.
    NoInput = 66,
    /// The Lox program stopped with a run-time error. What was alive then is written all the same.
    RuntimeError = 70,
    /// There is no thread to run on.
    NoThread = 71,
    /// A file could not be made.
    CannotCreate = 73,
    /// The output could not be written.
    OutputError = 74,
}

fn main() -> ExitCode {
    let exit = match Options::parse(std::env::args_os().skip(1)) {
        Ok(None) => {
            let _ = write!(io::stdout(), "{USAGE}");
            Exit::Success
        }
        Ok(Some(options)) => subject::report_on(options),
        Err(error) => {
            complain(&format_args!("{error}\n{USAGE}"));
            Exit::Usage
        }
    };
    ExitCode::from(exit as u8)
}

/// Writes to standard error. There is nowhere to say that it failed.
fn complain(text: &impl Display) {
    let _ = write!(io::stderr(), "{text}");
}
