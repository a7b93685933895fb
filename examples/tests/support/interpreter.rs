//! The interpreter's executable: where it is, and running it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::SystemTime;
use std::{env, fs, thread};

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

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = env::current_exe().expect("a test knows its executable");
    let profile = test.parent().and_then(Path::parent).expect("tests are in `<profile>/deps`");
    let executable = profile.join("examples").join(format!("lox{}", env::consts::EXE_SUFFIX));
    if is_out_of_date(&executable) {
        build(profile);
    }
    executable
});

/// Whether the executable is missing or older than its sources: a test that is built alone does not build the example.
fn is_out_of_date(executable: &Path) -> bool {
    let Some(built) = modified(executable) else { return true };
    let sources = ["lox", "../gc-core/src", "../gc-derive/src"];
    sources.iter().any(|source| is_newer(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source), built))
}

/// Whether a source file, or one in a directory, was changed after `built`.
fn is_newer(source: &Path, built: SystemTime) -> bool {
    match fs::read_dir(source) {
        Ok(entries) => entries.flatten().any(|entry| is_newer(&entry.path(), built)),
        Err(_) => source.extension().is_some_and(|kind| kind == "rs") && modified(source) > Some(built),
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// Builds the interpreter into the directory of this profile, as `cargo test --workspace` would have done.
fn build(profile: &Path) {
    let mut target = profile.parent().expect("the profile's directory is in the target directory");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--example", "lox", "--manifest-path"]);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    command.args(["--profile", profile_name(profile)]);
    // With `--target`, there is a directory for the platform in between. Cargo puts this tag into target directories.
    if let Some(around) = target.parent().filter(|around| around.join("CACHEDIR.TAG").exists()) {
        command.arg("--target").arg(target.file_name().expect("the platform's directory has its name"));
        target = around;
    }
    let status = command.arg("--target-dir").arg(target).status().expect("cargo starts");
    assert!(status.success(), "could not build the example `lox`");
}

fn profile_name(profile: &Path) -> &str {
    match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    }
}
