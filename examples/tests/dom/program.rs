//! Running the program the way a user does.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::{fs, thread};

use crate::executable::example;

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| example("dom", "dom"));

/// What one run did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

impl Run {
    /// The number behind a word in the table of `--stats`.
    pub(crate) fn figure(&self, label: &str) -> usize {
        let line = self.stderr.lines().find_map(|line| line.split_once(label));
        let (_, rest) = line.unwrap_or_else(|| panic!("no line for {label} in {}", self.stderr));
        rest.trim().parse().expect("a number")
    }
}

pub(crate) fn dom() -> Command {
    Command::new(&*EXECUTABLE)
}

pub(crate) fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    dom().args(arguments).stdin(Stdio::null()).output().expect("the program starts").into()
}

pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = dom();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    thread::scope(|scope| {
        // A program that complains need not read.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("the program ends").into()
    })
}

/// Writes a page to a file of its own and returns where it is.
pub(crate) fn page(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the directory for test files can be written to");
    path
}
