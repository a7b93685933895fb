#!/usr/bin/env bash
# Counts the instructions of gc-core's operations under callgrind and compares them with benches/baseline.json. Compiles none
# of the peers. Arguments are passed on: `scripts/instructions.sh --update` writes the baseline anew, `--workload clone` looks
# at one row, `--tolerance 5` is more forgiving.
#
# Where there is no valgrind, says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v valgrind >/dev/null; then
    echo "scripts/instructions.sh: SKIPPED: valgrind is not installed; no instructions were counted" >&2
    exit 77
fi

cargo run --quiet --release --locked --no-default-features --manifest-path benches/Cargo.toml -- \
    --instructions --baseline benches/baseline.json "$@"
