//! The executables of the examples: where they are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, fs};

/// The executable of the example `name`, whose sources are in `source`, a file or a directory of this package. It is built with the
/// features of this test.
pub(crate) fn example(name: &str, source: &str) -> PathBuf {
    let test = env::current_exe().expect("a test knows its executable");
    let profile = test.parent().and_then(Path::parent).expect("tests are in `<profile>/deps`");
    let executable = profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if is_out_of_date(&executable, source) {
        build(name, profile);
    }
    executable
}

/// Whether the executable is missing or older than its sources: a test that is built alone does not build the example.
fn is_out_of_date(executable: &Path, source: &str) -> bool {
    let Some(built) = modified(executable) else { return true };
    let sources = [source, "../gc-core/src", "../gc-derive/src"];
    sources.iter().any(|source| is_newer(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source), built))
}

/// Whether a source file, or one in a directory, was changed after `built`.
fn is_newer(source: &Path, built: SystemTime) -> bool {
    match fs::read_dir(source) {
        Ok(entries) => entries.flatten().any(|entry| is_newer(&entry.path(), built)),
        Err(_) => {
            source.extension().is_some_and(|kind| SOURCES.iter().any(|each| kind == *each))
                && modified(source) > Some(built)
        }
    }
}

/// What sources are called.
const SOURCES: [&str; 4] = ["rs", "html", "css", "js"];

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// Builds the example into the directory of this profile, as `cargo test --workspace` would have done.
fn build(name: &str, profile: &Path) {
    let mut target = profile.parent().expect("the profile's directory is in the target directory");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--example", name, "--manifest-path"]);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    command.args(["--profile", profile_name(profile)]);
    if cfg!(feature = "inspect") {
        command.args(["--features", "inspect"]);
    }
    // With `--target`, there is a directory for the platform in between. Cargo puts this tag into target directories.
    if let Some(around) = target.parent().filter(|around| around.join("CACHEDIR.TAG").exists()) {
        command.arg("--target").arg(target.file_name().expect("the platform's directory has its name"));
        target = around;
    }
    let status = command.arg("--target-dir").arg(target).status().expect("cargo starts");
    assert!(status.success(), "could not build the example `{name}`");
}

fn profile_name(profile: &Path) -> &str {
    match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    }
}
