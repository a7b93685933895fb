//! Reads an HTML page into a tree whose every node is a box on the `gc-core` heap, queries it, and writes it.
//!
//! `dom FILE` writes the page as HTML, `--select` only what a CSS selector matches, `--test-format` in the notation of the html5lib
//! tests. `--listen` gives elements listeners that hold them, which are cycles; `--stats` shows what the heap did with all that,
//! `--dot` writes its pointers for Graphviz.
//!
//! The rooms: `model` is the document object model, a library of its own; here are the command line and the order of things.

#![forbid(unsafe_code)]

mod clicks;
mod input;
mod options;
mod run;
mod stats;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use options::{Options, USAGE};

/// How a run ended; the codes are those of `sysexits.h`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// All went well.
    Success = 0,
    /// The command line made no sense.
    Usage = 64,
    /// The page could not be read.
    NoInput = 66,
    /// The output could not be written.
    OutputError = 74,
}

fn main() -> ExitCode {
    let exit = match Options::parse(std::env::args_os().skip(1)) {
        Ok(options) if options.help => {
            let _ = write!(io::stdout(), "{USAGE}");
            Exit::Success
        }
        Ok(options) => run::run(&options),
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
