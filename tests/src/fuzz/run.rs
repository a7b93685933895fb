//! Runs programs, each on a thread and so on a heap of its own, and random ones until one goes wrong.

use std::panic;
use std::sync::{Once, mpsc};
use std::thread;

use super::program::{Op, as_test, decode};
use super::{heap, shrink};

/// A program that went wrong.
#[derive(Debug)]
pub struct Finding {
    /// The seed that made it.
    pub seed: u64,
    /// The program.
    pub program: Vec<Op>,
    /// How it went wrong.
    pub failure: String,
}

/// How `program` goes wrong, if it does.
pub fn run(program: &[Op]) -> Option<String> {
    const NAME: &str = "program";
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() == Some(NAME) {
                heap::note_panic(&panic.to_string());
            } else {
                before(panic);
            }
        }));
    });
    let program = program.to_vec();
    let (report, outcome) = mpsc::channel();
    let runner = thread::Builder::new().name(NAME.into()).spawn(move || {
        let failure = heap::run(&program);
        let has_failed = failure.is_some();
        let _ = report.send(failure);
        if has_failed {
            // Its heap is broken: the thread must not come to an end, which would collect once more.
            loop {
                thread::park();
            }
        }
    });
    let runner = runner.expect("a thread");
    match outcome.recv() {
        Ok(Some(failure)) => Some(failure),
        Ok(None) => runner.join().err().map(|_| "the thread panicked at its end".into()),
        Err(_) => Some("the fuzzer panicked".into()),
    }
}

/// As [`run`], of the program that `bytes` stand for.
pub fn run_bytes(bytes: &[u8]) -> Option<String> {
    run(&decode(bytes))
}

/// Runs a program.
///
/// # Panics
/// If it goes wrong.
pub fn check(program: &[Op]) {
    if let Some(failure) = run(program) {
        panic!("{failure}");
    }
}

/// The program of a seed.
pub fn random(seed: u64) -> Vec<Op> {
    // SplitMix64 (Steele, Lea, Flood, 2014).
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let words = 4 + next() % 60;
    let bytes: Vec<u8> = (0..words).flat_map(|_| next().to_le_bytes()).collect();
    decode(&bytes)
}

/// Runs the programs of these seeds until one goes wrong. With `FUZZ_LOUD` in the environment, says each seed before: the
/// last one is that of a program that ended the process.
pub fn search(seeds: impl IntoIterator<Item = u64>) -> Option<Finding> {
    let is_loud = std::env::var_os("FUZZ_LOUD").is_some();
    seeds.into_iter().find_map(|seed| {
        if is_loud {
            eprintln!("{seed}");
        }
        let program = random(seed);
        run(&program).map(|failure| Finding { seed, program, failure })
    })
}

/// What to tell of a finding: what went wrong, and a small program that goes wrong too, as a test.
pub fn explain(finding: &Finding) -> String {
    let small = shrink(&finding.program);
    let failure = run(&small).unwrap_or_default();
    format!("seed {}: {}\n\nshrunk ({failure}):\n\n{}", finding.seed, finding.failure, as_test(&small))
}
