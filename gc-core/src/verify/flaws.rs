//! How tests see that a check fires: what it finds ends the process.

use std::env;
use std::process::{self, Command};

use crate::gc::collect;

const BREAK: &str = "GC_VERIFY_BREAK";

/// The invariant that does not hold, and what breaks it.
pub(crate) type Flaw = (&'static str, fn());

/// Runs each flaw in a process of its own, which must end and name the invariant, at the latest when it collects.
/// To be called by `test`, and by nothing else.
pub(crate) fn assert_each_is_found(test: &str, flaws: &[Flaw]) {
    if let Ok(number) = env::var(BREAK) {
        let (_, break_it) = flaws[number.parse::<usize>().expect("a number")];
        break_it();
        collect();
        process::exit(0);
    }
    let this = env::current_exe().expect("the test");
    for (number, (invariant, _)) in flaws.iter().enumerate() {
        let mut child = Command::new(&this);
        child.args([test, "--exact", "--nocapture"]);
        let output = child.env(BREAK, number.to_string()).env("RUST_BACKTRACE", "0").output().expect("a child process");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "flaw {number} was not found, {invariant} should not hold");
        assert!(said.contains(&format!("gc_verify: {invariant} does not hold")), "flaw {number}, {invariant}: {said}");
    }
}
