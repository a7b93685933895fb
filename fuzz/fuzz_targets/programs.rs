//! Bytes are a program, which runs on the real heap and is judged by a model (`gc_tests::fuzz`).
#![no_main]

use gc_tests::fuzz::{program, run_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(failure) = run_bytes(bytes) {
        panic!("{failure}\n\n{}", program::as_test(&program::decode(bytes)));
    }
});
