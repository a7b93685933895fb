//! Compiles every file in `pass/` and `fail/`; runs the first, compares what the compiler says about the second.

#[test]
fn accepted_types_are_traced() {
    trybuild::TestCases::new().pass("pass/*.rs");
}

#[test]
fn mistakes_are_told_in_our_words() {
    trybuild::TestCases::new().compile_fail("fail/*/*.rs");
}
