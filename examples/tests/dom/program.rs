//! Running the program the way a user does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::executable::example;
pub(crate) use crate::run::Run;

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| example("dom", "dom"));

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
    Run::of(dom().args(arguments))
}

/// A program that complains need not read.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    Run::with_input(dom().args(arguments), input).0
}

/// Writes a page to a file of its own and returns where it is.
pub(crate) fn page(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the directory for test files can be written to");
    path
}
