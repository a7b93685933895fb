//! One run of a program, the way a user starts it.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// What one run did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// What the program printed.
    pub(crate) stdout: String,
    /// What it complained of.
    pub(crate) stderr: String,
    /// Its exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

impl Run {
    /// Runs `command` with nothing to read.
    pub(crate) fn of(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).output().expect("the program starts").into()
    }

    /// Runs `command` with this standard input, and says whether it was read.
    pub(crate) fn with_input(command: &mut Command, input: &[u8]) -> (Self, io::Result<()>) {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        thread::scope(|scope| {
            let writer = scope.spawn(move || stdin.write_all(input));
            let run = child.wait_with_output().expect("the program ends").into();
            (run, writer.join().expect("the writer does not panic"))
        })
    }
}
