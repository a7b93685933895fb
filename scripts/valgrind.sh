#!/usr/bin/env bash
# Runs tests on the pool under valgrind's memcheck: use of blocks that went back, of slots that nobody wrote to, and blocks that never
# go back. `scripts/asan.sh` cannot see that, as it gives every box an allocation of its own; what goes on between the slots of
# one block is for `scripts/verify.sh`, which poisons free ones.
#
# scripts/valgrind.sh [TEST...]     (names of tests of gc-tests; those below, and gc-core's unit tests of the pool)
#
# Where there is no valgrind, says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v valgrind >/dev/null; then
    echo "scripts/valgrind.sh: SKIPPED: valgrind is not installed; nothing was run" >&2
    exit 77
fi

tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(cycles finalizers rare_ends unsized_values weak weak_map)

# program PACKAGE ARGUMENT...: where cargo puts the tests.
program() {
    cargo test --quiet -p "$@" --no-run --message-format=json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1
}

# One thread after the other: valgrind runs one at a time anyway.
memcheck() {
    echo "scripts/valgrind.sh: $*"
    valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=9 \
        "$@" --quiet --test-threads=1
}

memcheck "$(program gc-core --lib)" pool:: --skip random_order
for test in "${tests[@]}"; do
    # Chains of millions take too long.
    memcheck "$(program gc-tests --test "$test")" --skip million --skip thousands
done
