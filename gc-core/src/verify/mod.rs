//! Checks of the numbered invariants at the boundaries of a collection, after the drop queue was emptied, and at the end of
//! the thread. Compiled under `--cfg gc_verify` alone.
//!
//! Each module that keeps invariants has its checks beside it, in a file `verify`; `heap/verify` runs all of them. Here is what they
//! share: how a broken invariant is told, and which boxes there are, which the heap itself does not know.
//!
//! | what is checked | by |
//! |---|---|
//! | H3, H4, H5, S1, T1, T2, V1, A1, A2 | `heap/verify`, box by box |
//! | H2, H3, E3, P3, S1 | `verify/boxes`, as boxes come and go |
//! | F1, F2 | `heap/verify`, figures against boxes |
//! | E1 | `heap/verify`, at the end of the thread |
//! | E4 | `heap/debug` |
//! | I2, Z3 | `heap/inspect`: the boxes that it finds are those that there are |
//! | C1, C2, C4, C5 | `candidates/verify` |
//! | B1, B2, O1, O2, M1, M2 | `watchers/verify` |
//! | D1 | `drop_queue/verify` |
//! | P1, P2, P3, P4, K1, K2, K3, L1, R1 | `pool/verify` |
//! | T3, T5, Y1, Y2 | `cycle/verify` |
//!
//! The others are kept by types (H1, N1, N2, G1, G2, Z1, Z2, W1, Q1 to Q3), by the shape of the code (C3, C6, D2, E2, G3, H6, I1, I3 to I5,
//! M3, S2, S3, U1, U2, Y3 to Y6), or by the user (T4).

mod boxes;
#[cfg(test)]
pub(crate) mod flaws;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Write};

pub(crate) use boxes::{Boxes, Known, born, borrowed_mutably, boxes, buried, freed};

thread_local! {
    static MOMENT: Cell<&'static str> = const { Cell::new("between two collections") };
}

/// Says when what is checked from now on is checked.
pub(crate) fn at(moment: &'static str) {
    MOMENT.set(moment);
}

/// Ends the process, saying which invariant does not hold: a panic could be caught, and the heap is of no use any more.
#[cold]
pub(crate) fn fail(number: &str, what: fmt::Arguments<'_>) -> ! {
    // Not `eprintln!`, which libtest would keep to itself.
    let mut stderr = io::stderr();
    let _ = writeln!(stderr, "\ngc_verify: {number} does not hold ({}): {what}", MOMENT.get());
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        let _ = writeln!(stderr, "{backtrace}");
    }
    std::process::abort();
}

/// [`fail`]s unless an invariant holds.
macro_rules! require {
    ($holds:expr, $number:literal, $($what:tt)+) => {
        if !$holds {
            $crate::verify::fail($number, format_args!($($what)+));
        }
    };
}
pub(crate) use require;
