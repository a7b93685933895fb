//! An interpreter for Lox, the language of Robert Nystrom's *Crafting Interpreters*: closures, classes, inheritance.
//! Every value of a running program larger than a number, and every environment, is a box on the `gc-core` heap. Nothing
//! here frees an object or breaks a cycle; dropping the last `Gc` does the one, the collector the other.
//!
//! `lox FILE` runs a program, `lox` alone reads lines at a prompt, and `--gc-stats` shows afterwards what the heap did.
//!
//! The way of a program: `scanner` → `parser` → `ast` → `resolver` → `lower` → `code` → `interpreter`.

#![forbid(unsafe_code)]

mod ast;
mod code;
mod environment;
mod heap;
mod interpreter;
mod lower;
mod native;
mod number;
mod object;
mod options;
mod output;
mod parser;
mod repl;
mod report;
mod resolver;
mod scanner;
mod session;
mod source;
mod stack;
mod stats;
mod symbol;
mod token;
mod value;

use std::process::ExitCode;

use options::{Options, USAGE};
use output::Output;
use session::{Exit, Session, write_error};

fn main() -> ExitCode {
    let exit = match Options::parse(std::env::args_os().skip(1)) {
        Some(options) => start(options),
        None => {
            write_error(&USAGE);
            Exit::Usage
        }
    };
    ExitCode::from(exit as u8)
}

/// Does what the options say, on a thread of its own: the heap is the thread's, and programs may recurse.
fn start(options: Options) -> Exit {
    stack::with_large_stack(move |levels| run(&options, levels)).unwrap_or_else(|error| {
        write_error(&format_args!("Could not start the interpreter's thread: {error}.\n"));
        Exit::NoThread
    })
}

fn run(options: &Options, levels: u32) -> Exit {
    let exit = match &options.script {
        None => repl::run(&mut Session::new(Output::new(), levels)),
        Some(path) => match source::read(path) {
            Ok(text) => Session::new(Output::new(), levels).run(&text),
            Err(error) => {
                write_error(&error);
                return Exit::NoInput;
            }
        },
    };
    // The interpreter is gone here, and with it all it referred to.
    if options.gc_stats {
        write_error(&stats::collect_and_summarize());
    }
    exit
}
