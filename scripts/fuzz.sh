#!/usr/bin/env bash
# Runs random programs on the heap, in release mode, and compares with a model (`gc_tests::fuzz`). Prints the seed and the
# rate; of a program that goes wrong, a small one like it, as a Rust test.
#
# scripts/fuzz.sh [--verify] [--stress] [PROGRAMS [SEED]]     (100,000 programs, a seed by the clock)
#
# With --verify the heap checks its own invariants as it goes (`--cfg gc_verify`), and ends the process if one does not hold;
# --stress makes rare things common (`--cfg gc_stress`). Under AddressSanitizer:
#   FUZZ_PROGRAMS=20000 scripts/asan.sh -p gc-tests --test fuzz
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

switches=()
while [[ ${1:-} == --* ]]; do
    case $1 in
        --verify | --stress) switches+=("${1#--}") ;;
        *) echo "scripts/fuzz.sh: unknown option $1" >&2 && exit 2 ;;
    esac
    shift
done
programs=${1:-100000} seed=${2:-$(date +%s)000000}
target=${CARGO_TARGET_DIR:-target}
# Each set of switches is built beside the others, not in their place.
for switch in "${switches[@]}"; do
    RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }--cfg gc_$switch"
    target=$target/$switch
done
[ ${#switches[@]} -eq 0 ] || export RUSTFLAGS CARGO_TARGET_DIR=$target
cargo build --release --quiet -p gc-tests --example fuzz
run=("$target/release/examples/fuzz")

echo "scripts/fuzz.sh: $programs programs from seed $seed on${switches:+, with ${switches[*]}}"
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
