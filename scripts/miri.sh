#!/usr/bin/env bash
# Runs gc-core's unit tests and small suites under Miri, which finds undefined behaviour that no sanitizer sees: references that
# alias, pointers without provenance. Arguments are passed on to `cargo miri test`, in place of the choice of tests.
#
# Where no nightly toolchain has Miri (`rustup +nightly component add miri rust-src`), says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! cargo +nightly miri --version >/dev/null 2>&1; then
    echo "scripts/miri.sh: SKIPPED: no nightly toolchain here has Miri; nothing was run" >&2
    exit 77
fi

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/miri"
# A value is found from the header of its box (G1), which Tree Borrows allows. Leaks are for LeakSanitizer to find: some tests leak on
# purpose.
export MIRIFLAGS="${MIRIFLAGS:+$MIRIFLAGS }-Zmiri-tree-borrows -Zmiri-ignore-leaks"
if [ $# -gt 0 ]; then
    exec cargo +nightly miri test "$@"
fi
cargo +nightly miri test -p gc-core --lib
cargo +nightly miri test -p gc-tests --test cycles --test finalizers --test rare_ends --test unsized_values --test weak \
    -- --skip million --skip thousands
