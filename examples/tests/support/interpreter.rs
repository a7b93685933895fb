//! The interpreter's executable, and running it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::{fs, thread};

use super::executable::example;

/// What one run of the interpreter did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained of.
    pub(crate) stderr: String,
    /// Its exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the interpreter writes UTF-8");
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

/// A command that runs the interpreter.
pub(crate) fn lox() -> Command {
    Command::new(&*EXECUTABLE)
}

/// Runs the interpreter with these arguments.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    lox().args(arguments).stdin(Stdio::null()).output().expect("the interpreter starts").into()
}

/// Runs a program given as text.
pub(crate) fn run_source(name: &str, source: impl AsRef<[u8]>) -> Run {
    run([script(name, source)])
}

/// Writes a program to a file of its own and returns where it is.
pub(crate) fn script(name: &str, source: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.lox"));
    fs::write(&path, source).expect("the directory for test files can be written to");
    path
}

/// Runs the interpreter with these arguments and this standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &'static [u8]) -> Run {
    let mut command = lox();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the interpreter starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let writer = thread::spawn(move || stdin.write_all(input));
    let output = child.wait_with_output().expect("the interpreter ends");
    writer.join().expect("the writer does not panic").expect("the interpreter reads its input");
    output.into()
}

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| example("lox", "lox"));
