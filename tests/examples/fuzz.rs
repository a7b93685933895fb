//! Runs random programs: `fuzz PROGRAMS SEED`. Prints the rate; of a program that goes wrong, a small one like it. With
//! `PROGRAMS` 0, prints the program of the seed.

use std::process::ExitCode;
use std::time::Instant;

use gc_tests::fuzz::{self, program};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let (programs, seed): (u64, u64) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(1));
    if programs == 0 {
        println!("{}", program::as_test(&fuzz::random(seed)));
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    if let Some(finding) = fuzz::search(seed..seed + programs) {
        println!("{}", fuzz::explain(&finding));
        return ExitCode::FAILURE;
    }
    let rate = programs as f64 / started.elapsed().as_secs_f64();
    println!("{programs} programs from seed {seed} on, {rate:.0} a second: nothing found");
    ExitCode::SUCCESS
}
