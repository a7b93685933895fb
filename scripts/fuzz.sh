#!/usr/bin/env bash
# Runs random programs on the heap, in release mode, and compares with a model (`gc_tests::fuzz`). Prints the seed and the
# rate; of a program that goes wrong, a small one like it, as a Rust test.
#
# scripts/fuzz.sh [PROGRAMS [SEED]]     (100,000 programs, a seed by the clock)
#
# RUSTFLAGS="--cfg gc_stress" makes rare things common. Under AddressSanitizer:
#   FUZZ_PROGRAMS=20000 scripts/asan.sh -p gc-tests --test fuzz
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

programs=${1:-100000} seed=${2:-$(date +%s)000000}
cargo build --release --quiet -p gc-tests --example fuzz
run=("${CARGO_TARGET_DIR:-target}/release/examples/fuzz")

echo "scripts/fuzz.sh: $programs programs from seed $seed on"
status=0
"${run[@]}" "$programs" "$seed" || status=$?
if ((status > 1)); then
    echo "scripts/fuzz.sh: the process ended with $status; looking for the program that did it" >&2
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    FUZZ_LOUD=1 "${run[@]}" "$programs" "$seed" 2>"$log" || true
    last=$(grep -E '^[0-9]+$' "$log" | tail -n 1)
    echo "scripts/fuzz.sh: it is that of seed $last" >&2
    "${run[@]}" 0 "$last"
fi
exit "$status"
