//! The interpreter's executable, and running it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::executable::example;
pub(crate) use super::run::Run;

/// A command that runs the interpreter.
pub(crate) fn lox() -> Command {
    Command::new(&*EXECUTABLE)
}

/// Runs the interpreter with these arguments.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    Run::of(lox().args(arguments))
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
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    let (run, read) = Run::with_input(lox().args(arguments), input);
    read.expect("the interpreter reads its input");
    run
}

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| example("lox", "lox"));
