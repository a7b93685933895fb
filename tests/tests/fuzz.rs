//! Random programs, judged by a model (`gc_tests::fuzz`). `scripts/fuzz.sh` runs more of them.

use gc_tests::fuzz;

/// `FUZZ_PROGRAMS` in the environment asks for another number of programs, `FUZZ_SEED` for others.
fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |number| number.parse().expect("a number"))
}

#[test]
fn random_programs_do_what_the_model_says() {
    let (programs, seed) = (number("FUZZ_PROGRAMS", 600), number("FUZZ_SEED", 1));
    if let Some(finding) = fuzz::search(seed..seed + programs) {
        panic!("{}", fuzz::explain(&finding));
    }
}

#[test]
fn any_bytes_are_a_program() {
    for byte in 0..=255 {
        assert_eq!(fuzz::run_bytes(&[byte; 64]), None, "{byte}");
    }
}
