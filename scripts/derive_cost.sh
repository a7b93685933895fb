#!/usr/bin/env bash
# What `#[derive(Trace)]` costs the compiler, against `#[derive(Debug)]` on the same types: two crates of 500 types of
# 8 fields, a third without a derive as the floor. Only these crates are rebuilt, from nothing, one after the other, and
# the medians compared. Fails if a ratio is above the limit.
#
# scripts/derive_cost.sh [RUNS [LIMIT]]     (15 runs, limit 1.5)
#
# Set COST_DIR to keep the crates and what was built, COST_PROFILE for another profile than dev.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=${1:-15} limit=${2:-1.5} types=500 profile=${COST_PROFILE:-dev}
if [[ -n ${COST_DIR:-} ]]; then
    work=$COST_DIR
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
kinds=(plain debug trace)

# One type in five is an enum; one in ten is generic. Every kind of field comes as often as any other.
write_types() {
    awk -v types="$types" -v derive="$1" '
        function type_of(n) { return (n % 10 == 9) ? "Type" n "<u32>" : "Type" n }
        function other(step) { return type_of((i * 7 + step) % types) }
        function field(k, generic) {
            k = (k + i) % 16
            if (generic && k % 4 == 0) return k % 8 == 0 ? "T" : "Vec<T>"
            if (k == 0) return "u32"
            if (k == 1) return "String"
            if (k == 2) return "Vec<u8>"
            if (k == 3) return "Option<Gc<" other(1) ">>"
            if (k == 4) return "RefCell<Vec<Gc<" other(2) ">>>"
            if (k == 5) return "HashMap<String, u64>"
            if (k == 6) return "Option<String>"
            if (k == 7) return "bool"
            if (k == 8) return "f64"
            if (k == 9) return "Vec<Gc<" other(3) ">>"
            if (k == 10) return "RefCell<Option<Gc<" other(4) ">>>"
            if (k == 11) return "HashMap<String, Gc<" other(5) ">>"
            if (k == 12) return "usize"
            if (k == 13) return "(u32, String)"
            if (k == 14) return "Box<[u64]>"
            return "Gc<" other(6) ">"
        }
        BEGIN {
            print "#![allow(dead_code)]"
            print "use std::cell::RefCell;\nuse std::collections::HashMap;\n\nuse gc_core::Gc;"
            if (derive == "Trace") print "use gc_core::Trace;"
            for (i = 0; i < types; i++) {
                generic = i % 10 == 9
                if (derive != "") print "\n#[derive(" derive ")]"
                head = "Type" i (generic ? "<T>" : "")
                if (i % 5 == 4) {
                    print "pub enum " head " {\n    Empty,"
                    printf "    Pair(%s, %s),\n", field(0, generic), field(1, generic)
                    printf "    Triple(%s, %s, %s),\n", field(2, generic), field(3, generic), field(4, generic)
                    printf "    Named { a: %s, b: %s, c: %s },\n", field(5, generic), field(6, generic), field(7, generic)
                } else {
                    print "pub struct " head " {"
                    for (k = 0; k < 8; k++) printf "    pub field_%d: %s,\n", k, field(k, generic)
                }
                print "}"
            }
        }'
}

write_crate() {
    mkdir -p "$work/$1/src"
    write_types "$2" >"$work/$1/src/lib.rs"
    cat >"$work/$1/Cargo.toml" <<TOML
[package]
name = "cost-$1"
edition = "2024"

[dependencies]
gc-core = { path = "$PWD/gc-core" }
TOML
}

write_crate plain ""
write_crate debug Debug
write_crate trace Trace
printf '[workspace]\nresolver = "3"\nmembers = ["plain", "debug", "trace"]\n' >"$work/Cargo.toml"
cp Cargo.lock "$work/Cargo.lock"

export CARGO_TARGET_DIR=$work/target
unset RUSTFLAGS CARGO_INCREMENTAL

# run COMMAND KIND: the milliseconds it takes to do it from nothing, for this crate alone.
run() {
    cargo clean -q --profile "$profile" --manifest-path "$work/Cargo.toml" -p "cost-$2" 2>/dev/null
    local from=${EPOCHREALTIME/[.,]/}
    cargo "$1" -q --offline --profile "$profile" --manifest-path "$work/Cargo.toml" -p "cost-$2"
    echo $(((${EPOCHREALTIME/[.,]/} - from) / 1000))
}

median() {
    sort -n "$1" | awk '{ at[NR] = $1 } END { print (at[int((NR + 1) / 2)] + at[int(NR / 2) + 1]) / 2 }'
}

echo "$(rustc --version), profile $profile, $types types of 8 fields, median of $runs runs"
failed=0
for command in build check; do
    for kind in "${kinds[@]}"; do
        run "$command" "$kind" >/dev/null
        : >"$work/$command-$kind"
    done
    for ((i = 0; i < runs; i++)); do
        for kind in "${kinds[@]}"; do run "$command" "$kind" >>"$work/$command-$kind"; done
    done
    read -r plain debug trace < <(for kind in "${kinds[@]}"; do median "$work/$command-$kind"; done | paste -sd' ')
    awk -v command="$command" -v plain="$plain" -v debug="$debug" -v trace="$trace" -v limit="$limit" 'BEGIN {
        printf "cargo %-5s  no derive %d ms, Debug %d ms, Trace %d ms: ratio %.2f\n",
            command, plain, debug, trace, trace / debug
        exit trace > limit * debug
    }' || failed=1
done
if ((failed)); then
    echo "scripts/derive_cost.sh: above the limit of $limit" >&2
    exit 1
fi
