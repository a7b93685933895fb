//! What goes wrong, in the words of the book's interpreters: compile errors, collected, and run-time failures.

use std::fmt;
use std::io;

use crate::token::{Token, TokenKind};

/// The compile errors of one source text, in the order they were found.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<String>,
}

impl Diagnostics {
    /// Records an error that has a line but no token.
    pub(crate) fn error_on_line(&mut self, line: u32, message: &str) {
        self.errors.push(format!("[line {line}] Error: {message}"));
    }

    /// Records an error at `token`.
    pub(crate) fn error_at(&mut self, token: &Token<'_>, message: &str) {
        match token.kind {
            TokenKind::End => self.errors.push(format!("[line {}] Error at end: {message}", token.line)),
            _ => self.error_at_word(token.line, token.lexeme, message),
        }
    }

    /// Records an error at the identifier or keyword `word`.
    pub(crate) fn error_at_word(&mut self, line: u32, word: &str, message: &str) {
        self.errors.push(format!("[line {line}] Error at '{word}': {message}"));
    }

    /// Whether nothing went wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.errors.iter().try_for_each(|error| writeln!(f, "{error}"))
    }
}

/// Why a program stopped before its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program did something Lox does not allow.
    Runtime {
        /// What it did.
        message: String,
        /// Where it did.
        line: u32,
    },
    /// Its output could not be written.
    Output(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Runtime { message, line } => writeln!(f, "{message}\n[line {line}]"),
            // The reader went away, as in `lox FILE | head`: nobody is there to be told.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Self::Output(error) => writeln!(f, "Could not write the output: {error}."),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
