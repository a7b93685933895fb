#!/usr/bin/env bash
# Runs tests with the heap checking its own invariants as it goes (`--cfg gc_verify`): gc-core's unit tests, among them those that
# break a heap by hand and see that this is found, and the suite. Arguments are passed on to `cargo test`, in place of the
# choice of tests: `scripts/verify.sh -p gc-tests --test corners`.
#
# scripts/verify.sh [--stress] [ARGUMENT...]
#
# With --stress rare things are common, too (`--cfg gc_stress`). `scripts/fuzz.sh --verify` does so with random programs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }--cfg gc_verify"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/verify"
# Some tests make millions of boxes.
export CARGO_PROFILE_DEV_OPT_LEVEL=1
# Those that look at how much is done, at the cost of large heaps, and those that are about types, say nothing new here.
suites=(closures cpython_finalization cycles finalizers freeze fuzz hooks on_drop panics rare_ends threads unsized_values weak weak_map
    weak_map_doors weak_value_map)
if [[ ${1:-} == --stress ]]; then
    shift
    RUSTFLAGS+=" --cfg gc_stress" CARGO_TARGET_DIR+=/stress
    suites=(cycles finalizers fuzz rare_ends weak_map)
fi

if [ $# -gt 0 ]; then
    exec cargo test "$@"
fi
cargo clippy -p gc-core --all-targets -- -D warnings
cargo test -p gc-core --lib
cargo test -p gc-tests "${suites[@]/#/--test=}" -- --skip large_frozen_heap --skip quarter_of_the --skip do_not_wait --skip does_not_wait
