//! A process of its own for each test, and what it has resident.

use std::process::Command;
use std::{env, fs};

use gc_core::gc;

/// Set in the process of one test.
const ALONE: &str = "GC_TESTS_ALONE";

/// Writes tests whose body runs in a process that does nothing else.
macro_rules! alone {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)+) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            $crate::process::run_alone(module_path!(), stringify!($name), || $body);
        }
    )+};
}
pub(crate) use alone;

pub(crate) fn run_alone(module: &str, test: &str, body: fn()) {
    if env::var_os(ALONE).is_some() {
        return body();
    }
    let (_, module) = module.split_once("::").expect("the tests are in modules of their crate");
    let test = format!("{module}::{test}");
    let this = env::current_exe().expect("a test knows its executable");
    let mut command = Command::new(this);
    command.args(["--exact", &test, "--nocapture"]).env(ALONE, "").env("RUST_BACKTRACE", "0");
    let output = command.output().expect("the test starts once more");
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().filter_map(|line| line.strip_prefix(FIGURES)).for_each(|line| println!("{test}: {line}"));
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// How a line with figures begins.
const FIGURES: &str = "= ";

pub(crate) fn say(figures: impl std::fmt::Display) {
    println!("{FIGURES}{figures}");
}

pub(crate) const KB: usize = 1024;
pub(crate) const MB: usize = 1024 * KB;

/// Whether what is resident tells something. Sanitizers keep freed memory for a while, and there are no pools then; blocks of
/// the pools are tiny under stress.
pub(crate) const TELLS: bool = !cfg!(gc_stress);

/// The anonymous memory that this process has resident, in bytes: counted page by page where the system does that, for what it
/// tells otherwise lags behind. `None`, said out loud, where it tells neither.
pub(crate) fn resident() -> Option<usize> {
    let resident = figure("smaps_rollup", "Anonymous:").or_else(|| figure("status", "RssAnon:"));
    if resident.is_none() {
        say("skipped: /proc/self does not tell what is resident, nothing was measured");
    }
    resident.filter(|_| TELLS)
}

fn figure(file: &str, key: &str) -> Option<usize> {
    let text = fs::read_to_string(format!("/proc/self/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * KB)
}

/// How often something is done: fewer times in debug mode, and under a sanitizer.
pub(crate) const fn times(in_release: usize) -> usize {
    in_release / if cfg!(debug_assertions) || !TELLS { 20 } else { 1 }
}

/// Calls `work` as often as that, with numbers from 0 on. In the second half the resident set grows by at most `slack`.
pub(crate) fn assert_flat(what: &str, count: usize, slack: usize, mut work: impl FnMut(usize)) {
    let part = count / 20;
    (0..10 * part).for_each(&mut work);
    let warm = resident();
    let mut highest = warm;
    for done in 10..20 {
        (done * part..(done + 1) * part).for_each(&mut work);
        highest = highest.max(resident());
    }
    let (Some(warm), Some(highest)) = (warm, highest) else { return };
    let grown = highest - warm;
    say(format_args!(
        "{count} {what}: {} KB resident after half of them, at most {} KB more later; pools hold {} KB",
        warm / KB,
        grown / KB,
        gc::stats().pool_bytes / KB,
    ));
    assert!(grown <= slack, "{grown} bytes more, {slack} allowed");
}
