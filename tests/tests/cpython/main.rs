//! Random programs on this heap and on CPython's, compared after each step: who is alive, which finalizers ran, what
//! each weak pointer says, which callbacks ran, what the collections returned, and the counts.
//!
//! `python3` is looked for in `PATH`; without one, of version 3.11 to 3.13, the tests pass and say so. Each test runs
//! 550 programs of about 60 steps; `GC_CPYTHON_PROGRAMS=100000` runs that many, `GC_CPYTHON_SEED=7` others.
//!
//! What the heaps do differently on purpose is in the expectations of `ours`, and nowhere else:
//! - CPython clears weak pointers to what it finds unreachable, and calls back, before finalizers run (DESIGN 2.4); here
//!   weak pointers to what a finalizer saves stay. `driver.py` makes them anew, and tells which; they must be those that
//!   the oracle names. A weak pointer whose owner is saved while its target is not calls back here.
//! - `gc.collect()` does not count what finalizers have let die by its count, and counts weak pointers that are garbage.
//! - An object that is saved when its count falls to zero is young again in CPython. A full collection is put in, on both
//!   sides, which makes it old again.
//! - Finalizers start no automatic collection here (E2), and full ones come by another reckoning of the old
//!   population: none comes by itself in these programs.
//!
//! Neither heap promises an order among the finalizers of one collection. Where the order differs between finalizers that
//! could notice, the rest of the program is not compared; that may happen in one program of eight, and is counted.

mod objects;
mod oracle;
mod ours;
mod program;
mod random;
mod theirs;

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use objects::Event;
use ours::{Outcome, Shown};
use program::{Kind, Program};
use random::Random;
use theirs::Python;

fn number_from(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().expect("a number"))
}

/// Whether what this version does differently is known; of 3.12 on, automatic collections wait for the end of the
/// operation that allocates.
fn is_comparable(kind: Kind, version: (u32, u32)) -> bool {
    let last = if kind == Kind::Automatic { 11 } else { 13 };
    version.0 == 3 && (11..=last).contains(&version.1)
}

/// Says so even if the test harness swallows the output of tests that pass.
fn skip(reason: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}; nothing was compared with CPython");
}

fn compare(kind: Kind) {
    let Some(mut python) = Python::start() else {
        return skip("no `python3` in PATH");
    };
    if !is_comparable(kind, python.version) {
        return skip(&format!("what {kind:?} programs do on `python3` {:?} is not known", python.version));
    }
    let seed = number_from("GC_CPYTHON_SEED", 1) as u64;
    let mut seen = Seen::default();
    for index in 0..number_from("GC_CPYTHON_PROGRAMS", 550) {
        let program = Program::random(kind, &mut Random::new(seed << 32 | index as u64));
        match check(&program, &mut python) {
            Ok(more) => seen.add(more),
            Err(_) => fail(program, &mut python),
        }
    }
    eprintln!("compared with Python {}.{}, {kind:?} programs: {seen:?}", python.version.0, python.version.1);
    assert!(seen.cut * 8 <= seen.programs, "too many programs end before something that is undefined");
}

/// What was compared.
#[derive(Debug, Default)]
struct Seen {
    programs: usize,
    steps: usize,
    /// Objects that collections returned, finalizers, callbacks.
    collected: usize,
    finalized: usize,
    called: usize,
    /// Weak pointers of objects that a finalizer saved from a collection.
    restored: usize,
    /// Programs not compared to their end.
    cut: usize,
}

impl Seen {
    fn add(&mut self, more: Self) {
        self.programs += more.programs;
        self.steps += more.steps;
        self.collected += more.collected;
        self.finalized += more.finalized;
        self.called += more.called;
        self.restored += more.restored;
        self.cut += more.cut;
    }

    fn note(&mut self, outcome: &Outcome) {
        self.steps += 1;
        self.collected += outcome.returned.unwrap_or(0);
        self.finalized += outcome.events.iter().filter(|it| matches!(it, Event::Finalized(_))).count();
        self.called += outcome.events.iter().filter(|it| matches!(it, Event::Called(_))).count();
        self.restored += outcome.restored.len();
    }
}

/// What was compared; the first difference, if there is one.
fn check(program: &Program, python: &mut Python) -> Result<Seen, String> {
    let shown = catch_unwind(AssertUnwindSafe(|| ours::run(program))).map_err(|_| "this heap fails".to_owned())?;
    let mut seen = Seen { programs: 1, ..Seen::default() };
    let theirs = python.run(program.thresholds, &shown);
    for (ours, theirs) in shown.iter().zip(theirs) {
        if !ours.is_ordered && meddling(&ours.outcome, ours) != meddling(&theirs, ours) {
            seen.cut = 1;
            return Ok(seen);
        }
        let [ours_normal, theirs_normal] =
            [&ours.outcome, &theirs].map(|outcome| normal(outcome.clone(), ours, program.kind, &theirs));
        if ours_normal != theirs_normal {
            return Err(format!("after `{}`:\n ours    {ours_normal:?}\n CPython {theirs_normal:?}", ours.step));
        }
        seen.note(&ours.outcome);
    }
    seen.cut = usize::from(shown.len() < program.steps.len());
    Ok(seen)
}

/// The finalizers that could notice in which order they ran, in that order: which one has no say in either heap. In
/// CPython, one may also run inside another that takes the last pointer to its object.
fn meddling(outcome: &Outcome, shown: &Shown) -> Vec<Event> {
    let is_meddler = |event: &&Event| matches!(event, Event::Finalized(number) | Event::Done(number) if shown.meddlers.contains(number));
    outcome.events.iter().filter(is_meddler).copied().collect()
}

/// What of an outcome is defined, and in which order. Among callbacks for one object, the newest comes first; steps that
/// collect or free deeply define no other order.
fn normal(mut outcome: Outcome, shown: &Shown, kind: Kind, theirs: &Outcome) -> Outcome {
    if kind == Kind::Free {
        outcome.counts[0] = 0;
    }
    // CPython called back too early, or will not any more.
    outcome.events.retain(|event| !matches!(event, Event::Called(number) if theirs.restored.contains(number)));
    if !shown.is_ordered {
        let target = |event: &Event| match event {
            Event::Called(number) => shown.targets.get(number).map_or(0, |target| target + 1),
            _ => 0,
        };
        // Stable: callbacks for one target keep their order.
        let (called, mut others): (Vec<Event>, Vec<Event>) =
            outcome.events.iter().partition(|event| matches!(event, Event::Called(_)));
        others.retain(|event| !matches!(event, Event::Done(_)));
        others.sort_unstable();
        let mut by_target: BTreeMap<usize, Vec<Event>> = BTreeMap::new();
        called.iter().for_each(|event| by_target.entry(target(event)).or_default().push(*event));
        outcome.events = others.into_iter().chain(by_target.into_values().flatten()).collect();
    }
    outcome
}

/// Takes out steps as long as the program still fails, prints it and panics.
fn fail(mut program: Program, python: &mut Python) -> ! {
    loop {
        let before = program.steps.len();
        for index in (0..before).rev() {
            let mut shorter = program.clone();
            shorter.steps.remove(index);
            if check(&shorter, python).is_err() {
                program = shorter;
            }
        }
        if program.steps.len() == before {
            break;
        }
    }
    let difference = check(&program, python).err();
    panic!("a program of kind {:?}:\n{program}{}", program.kind, difference.unwrap_or_default());
}

#[test]
fn programs_agree_with_cpython() {
    compare(Kind::Counted);
}

#[test]
fn programs_whose_finalizers_allocate_agree_with_cpython() {
    compare(Kind::Free);
}

#[test]
fn programs_whose_finalizers_collect_agree_with_cpython() {
    compare(Kind::Nested);
}

#[test]
fn programs_with_automatic_collections_agree_with_cpython() {
    compare(Kind::Automatic);
}
