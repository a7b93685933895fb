#!/usr/bin/env bash
# Measures which lines and branches of gc-core the tests run: the unit tests, the suite and the doc tests, with all features.
# Prints a table, and the lines and branches that nothing runs, and fails if fewer than 95 % of the lines of code are run. tests/COVERAGE.md
# says why each line on the list is there; one that is on the list and not in the file, or the other way round, is pointed out.
#
# scripts/coverage.sh [LIMIT]     (95)
#
# Needs llvm-profdata and llvm-cov, of the toolchain (`rustup component add llvm-tools`) or of Debian (`apt-get install
# llvm-19`). Where there are none that read what this compiler writes, says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

limit=${1:-95}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Branches, and doc tests as programs that can be looked into, are not stable.
export RUSTC_BOOTSTRAP=1
flags="-C instrument-coverage -Z coverage-options=branch"
unset LLVM_PROFILE_FILE

# can_read PROFDATA COV: whether these tools understand what the compiler of this toolchain writes.
can_read() {
    [ -x "$1" ] && [ -x "$2" ] || return 1
    if [ ! -e "$scratch/probe" ]; then
        # shellcheck disable=SC2086
        echo 'fn main() { if std::env::args().count() > 5 { print!("many") } }' |
            rustc $flags --crate-name probe -o "$scratch/probe" - &&
            LLVM_PROFILE_FILE=$scratch/probe.profraw "$scratch/probe" || return 1
    fi
    "$1" merge -sparse "$scratch/probe.profraw" -o "$scratch/probe.profdata" 2>"$scratch/why" &&
        "$2" export -format=lcov "$scratch/probe" -instr-profile="$scratch/probe.profdata" 2>"$scratch/why" |
        grep -q '^BRDA:'
}

# Sets `profdata` and `cov`.
find_tools() {
    local folder suffix
    for folder in "$(rustc --print sysroot)"/lib/rustlib/*/bin; do
        profdata=$folder/llvm-profdata cov=$folder/llvm-cov
        if can_read "$profdata" "$cov"; then return 0; fi
    done
    for suffix in $(compgen -c llvm-cov- | sed 's/llvm-cov//' | sort -t- -k2 -rn | uniq) ""; do
        profdata=$(command -v "llvm-profdata$suffix" || true) cov=$(command -v "llvm-cov$suffix" || true)
        if can_read "$profdata" "$cov"; then return 0; fi
    done
    return 1
}

if ! find_tools; then
    cat "$scratch/why" >&2 2>/dev/null || true
    echo "scripts/coverage.sh: SKIPPED: no llvm-cov here reads what $(rustc --version) writes; nothing was measured." \
        "\`apt-get install llvm-19\` or \`rustup component add llvm-tools\` would help" >&2
    exit 77
fi
echo "scripts/coverage.sh: $cov, $(rustc --version)"

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/coverage"
export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$flags"
mkdir -p "$CARGO_TARGET_DIR"
doc_tests=$(cd "$CARGO_TARGET_DIR" && pwd)/doc-tests
raw=$(cd "$CARGO_TARGET_DIR" && pwd)/raw
rm -rf "$raw" "$doc_tests"
mkdir -p "$raw" "$doc_tests"
export LLVM_PROFILE_FILE=$raw/%8m.profraw

what=(-p gc-core -p gc-tests --all-features)
cargo test "${what[@]}" --tests --no-run --message-format=json 2>"$scratch/build" >"$scratch/messages" || {
    cat "$scratch/build" >&2
    exit 1
}
sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$scratch/messages" >"$scratch/programs"
cargo test "${what[@]}" --tests --quiet >"$scratch/run" 2>&1 || {
    cat "$scratch/run" >&2
    exit 1
}
RUSTDOCFLAGS="$flags -Z unstable-options --persist-doctests $doc_tests" \
    cargo test -p gc-core --all-features --doc --quiet >"$scratch/run" 2>&1 || {
    cat "$scratch/run" >&2
    exit 1
}
find "$doc_tests" -type f -executable >>"$scratch/programs"

"$profdata" merge -sparse "$raw"/*.profraw -o "$scratch/all.profdata"
sed 's/^/-object=/' "$scratch/programs" >"$scratch/objects"
# shellcheck disable=SC2046
"$cov" export -format=lcov $(cat "$scratch/objects") -instr-profile="$scratch/all.profdata" >"$scratch/lcov" 2>"$scratch/why"
# Branches, one line for each way out: file, place, how often. In lcov's format those of generic functions cannot be told apart.
# shellcheck disable=SC2046
"$cov" export -skip-functions -skip-expansions $(cat "$scratch/objects") -instr-profile="$scratch/all.profdata" \
    2>"$scratch/why" | sed 's/{"branches":/\n&/g' | awk '
    match($0, /"filename":"[^"]*"/) {
        file = substr($0, RSTART + 12, RLENGTH - 13)
        count = split(substr($0, 15, RSTART - 18), branches, /\],\[/)
        for (i = 1; i <= count; i++) {
            split(branches[i], at, ",")
            place = "SF:" file " " at[1] " " at[1] ":" at[2] "-" at[3] ":" at[4]
            print place "+", at[5]
            print place "-", at[6]
        }
    }' >"$scratch/branches"

# The test modules at the ends of files, and files of tests, are not what is measured.
awk -v limit="$limit" -v explained=tests/COVERAGE.md '
    function skipped(file) { return file !~ /gc-core\/src\// || file ~ /\/tests\.rs$/ }
    function short(file) { sub(/.*gc-core\/src\//, "", file); return file }
    # The lines of a file, trimmed, and where its tests begin.
    function read(file,    line, number, last) {
        tests_from = 1e9
        while ((getline line < file) > 0) {
            number++
            if (last == "#[cfg(test)]" && line ~ /^mod tests/) tests_from = number - 1
            last = line
            gsub(/^[ \t]+|[ \t]+$/, "", line)
            text[number] = line
        }
        close(file)
    }
    function percent(part, all) { return all ? sprintf("%6.2f", 100 * part / all) : "     -" }
    function row(name, lines, run, branches, taken) {
        printf "%-40s %6d %6d %7s %9d %6d %7s\n", name, lines, run, percent(run, lines), branches, taken, percent(taken, branches)
    }
    BEGIN {
        # "## file", then the lines that nothing runs, indented by four.
        while ((getline line < explained) > 0) {
            if (line ~ /^## /) section = substr(line, 4)
            else if (line ~ /^    /) known[section, substr(line, 5)] = 1
        }
        printf "%-40s %6s %6s %7s %9s %6s %7s\n", "file", "lines", "run", "%", "branches", "taken", "%"
    }
    # The branches come first. A branch of a generic function is taken if it is in one of its instances.
    FILENAME ~ /branches$/ { if ((way = $1 " " $3) in times) times[way] += $4; else { times[way] = $4; line_of[way] = $2 } next }
    /^SF:/ {
        file = substr($0, 4); ignore = skipped(file); name = short(file)
        if (ignore) next
        read(file)
        for (way in times) {
            split(way, part, " ")
            if (part[1] != $0 || line_of[way] >= tests_from) continue
            branches++
            if (times[way] > 0) taken++
            else untaken[++misses_of_branches] = name ":" part[2] ": " text[line_of[way]]
        }
        next
    }
    ignore { next }
    /^DA:/ {
        split(substr($0, 4), at, ",")
        if (at[1] >= tests_from) next
        lines++
        if (at[2] > 0) { run++; next }
        missed[++misses] = name ":" at[1] ": " text[at[1]]
        was_missed[name, text[at[1]]] = 1
        # Braces say nothing.
        if (text[at[1]] !~ /^[][(){};,?]*$/ && !((name, text[at[1]]) in known)) unexplained[++unknown] = missed[misses]
    }
    /^end_of_record/ {
        row(name, lines, run, branches, taken)
        all_lines += lines; all_run += run; all_branches += branches; all_taken += taken
        lines = run = branches = taken = 0
    }
    END {
        row("all", all_lines, all_run, all_branches, all_taken)
        print "\nlines that nothing runs:"
        for (i = 1; i <= misses; i++) print "  " missed[i]
        print "\nbranches that are never taken (+ if the condition holds, - if it does not):"
        for (i = 1; i <= misses_of_branches; i++) print "  " untaken[i]
        if (unknown) print "\nof which " explained " does not say why:"
        for (i = 1; i <= unknown; i++) print "  " unexplained[i]
        for (key in known) if (!(key in was_missed)) {
            split(key, part, SUBSEP)
            print "\n" explained " lists a line of " part[1] " that is run, or is not there: " part[2]
        }
        if (all_run * 100 < limit * all_lines) { print "\nfewer than " limit " % of the lines are run"; exit 1 }
        exit unknown > 0
    }
' "$scratch/branches" "$scratch/lcov"
