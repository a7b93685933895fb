#!/usr/bin/env bash
# Plants the bugs of tests/mutants, one after the other, and checks that the tests notice each. Works on a copy of the tree, as it is
# in the checkout, in a temporary folder, with a target folder of its own; the checkout is only read.
#
# scripts/mutants.sh [--check] [PATTERN...]     (all patches, or those whose names contain a pattern)
#
# Above the difference, a patch says what it breaks and which commands are to notice, the first of them that fails ends it:
#
#     Breaks: one sentence.
#     Test: cargo test -p gc-tests --test cycles
#
# A patch without a `Test:` line is given the unit tests, the fuzzer, the corners and the panics. All commands must pass before any patch is
# applied. CAUGHT says by which test. SURVIVED is a hole in the suite: write the test that is missing. With --check
# nothing is built: each patch must say both and apply. Exits with 1 unless all of that is so.
#
# MUTANTS_TARGET=DIR     the target folder, kept for the next time
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What a patch without a `Test:` line must not survive.
DEFAULT=("cargo test -p gc-core --lib" "cargo test -p gc-tests --test fuzz --test corners --test panics")
# A mutant that takes longer than this, in seconds, is taken for one that does not end.
LIMIT=300

fail() {
    echo "scripts/mutants.sh: $*" >&2
    exit 1
}

check_only=
if [ "${1:-}" = --check ]; then
    check_only=yes
    shift
fi

patches=()
for patch in tests/mutants/*.patch; do
    wanted=$([ $# -gt 0 ] || echo yes)
    for pattern in "$@"; do
        [[ $patch != *"$pattern"* ]] || wanted=yes
    done
    [ -z "$wanted" ] || patches+=("$patch")
done
[ ${#patches[@]} -gt 0 ] || fail "no patch is called that"

# tests_of PATCH: its commands, one a line.
tests_of() {
    sed -n '/^diff /q; s/^Test: *//p' "$1" | grep . || printf '%s\n' "${DEFAULT[@]}"
}

stale=0
for patch in "${patches[@]}"; do
    if ! grep -q -m 1 '^Breaks: .' "$patch"; then
        echo "$patch does not say what it breaks" >&2
        stale=1
    fi
    if ! git apply --check "$patch"; then
        echo "$patch does not apply" >&2
        stale=1
    fi
done
[ "$stale" -eq 0 ] || fail "patches are stale"
if [ -n "$check_only" ]; then
    echo "scripts/mutants.sh: ${#patches[@]} patches apply"
    exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
mkdir "$tree"
# Tracked or not, but what git ignores; without what was deleted.
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] && [ ! -L "$file" ] || printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -xf - -C "$tree"
# Without it, `git apply` would look for the repository above, and do nothing there.
git -C "$tree" init --quiet
export CARGO_TARGET_DIR="${MUTANTS_TARGET:-$scratch/target}"

# run COMMAND...: in the copy; the output goes to $scratch/output.
run() {
    (cd "$tree" && timeout "$LIMIT" "$@") </dev/null >"$scratch/output" 2>&1
}

# run_tests COMMAND: 0 if it passes, 1 if a test notices, 2 if it cannot be built.
run_tests() {
    local words
    read -ra words <<<"$1"
    [ "${words[*]:0:2}" = "cargo test" ] || fail "not a \`cargo test\`: $1"
    run cargo test --no-run "${words[@]:2}" || return 2
    run "${words[@]}" || return 1
}

# witness STATUS: what the output says about who noticed.
witness() {
    local tests
    tests=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$scratch/output" | head -n 3 | paste -sd ' ')
    if [ -z "$tests" ]; then
        tests=$(sed -n "s/^thread '\([^']*\)'.* panicked at.*/\1/p; s/^thread '\([^']*\)'.* has overflowed.*/\1 (stack overflow)/p; \
            s/.*process didn't exit successfully.*(\(signal[^)]*\)).*/\1/p" "$scratch/output" | tail -n 2 | paste -sd ' ')
    fi
    echo "${tests:-a test that did not end within $LIMIT s}"
}

for patch in "${patches[@]}"; do tests_of "$patch"; done | sort -u >"$scratch/commands"
while IFS= read -r command; do
    run_tests "$command" || {
        cat "$scratch/output" >&2
        fail "without any patch, this does not pass: $command"
    }
done <"$scratch/commands"
echo "$(wc -l <"$scratch/commands") commands pass without a patch"

survived=0
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    git -C "$tree" apply "$PWD/$patch"
    verdict=
    while IFS= read -r command; do
        status=0
        run_tests "$command" || status=$?
        case $status in
            1) verdict="CAUGHT    $name: $(witness) ($command)" ;;
            2) verdict="UNBUILT   $name: it does not compile, see below" ;;
        esac
        [ -z "$verdict" ] || break
    done < <(tests_of "$patch")
    git -C "$tree" apply --reverse "$PWD/$patch"
    echo "${verdict:-SURVIVED  $name: $(sed -n 's/^Breaks: //p' "$patch")}"
    case $verdict in
        CAUGHT*) ;;
        UNBUILT*) tail -n 40 "$scratch/output" && survived=$((survived + 1)) ;;
        *) survived=$((survived + 1)) ;;
    esac
done
echo "${#patches[@]} bugs planted, $((${#patches[@]} - survived)) caught"
[ "$survived" -eq 0 ]
