//! A lint level on a type holds for its derived `impl` as well.

#![deny(non_upper_case_globals, non_camel_case_types, unfulfilled_lint_expectations)]

use gc_core::Trace;
use gc_ui_tests::{Edge, reclaims};

#[derive(Trace)]
#[allow(non_upper_case_globals, reason = "as in the paper")]
struct Matrix<const n: usize>([Edge; n]);

#[derive(Trace)]
#[expect(non_camel_case_types)]
#[expect(non_upper_case_globals)]
enum either<const n: usize> {
    Left([Edge; n]),
}

fn main() {
    assert!(reclaims(|edge| Matrix([edge])));
    assert!(reclaims(|edge| either::Left([edge])));
}
