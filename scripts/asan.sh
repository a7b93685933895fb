#!/usr/bin/env bash
# Runs the test suite under AddressSanitizer and LeakSanitizer, with every box in an allocation of its own
# (`--cfg gc_system_alloc`). Arguments are passed on to `cargo test`.
#
# Uses a nightly toolchain, or else the default one with RUSTC_BOOTSTRAP=1. Where neither can build with the sanitizer,
# says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# can_sanitize RUSTC...: whether this compiler makes a program with the sanitizer, and the program runs.
can_sanitize() {
    echo 'fn main() {}' |
        "$@" -Zsanitizer=address --target "$host" --crate-name probe -o "$scratch/probe" - 2>"$scratch/why" &&
        "$scratch/probe" 2>"$scratch/why"
}

if can_sanitize rustc +nightly; then
    cargo=(cargo +nightly)
elif export RUSTC_BOOTSTRAP=1 && can_sanitize rustc; then
    cargo=(cargo)
else
    cat "$scratch/why" >&2
    echo "scripts/asan.sh: no toolchain here can build for $host with AddressSanitizer; nothing was run" >&2
    exit 77
fi
echo "scripts/asan.sh: ${cargo[*]}${RUSTC_BOOTSTRAP:+ with RUSTC_BOOTSTRAP=1}, $("${cargo[@]}" --version), for $host"
echo "scripts/asan.sh: left out: gc-ui-tests, which only run the compiler"

flags="-Zsanitizer=address --cfg gc_system_alloc"
export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$flags"
export RUSTDOCFLAGS="${RUSTDOCFLAGS:+$RUSTDOCFLAGS }$flags"
export ASAN_OPTIONS="detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
# Of several panics in one disposal the first goes on; the payloads of the others are forgotten, because dropping one
# could panic again. A payload is made below this function of std, so its leak is not an error.
echo 'leak:__rust_start_panic' >"$scratch/suppressions"
export LSAN_OPTIONS="suppressions=$scratch/suppressions:print_suppressions=0${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
export CARGO_TARGET_DIR="${ASAN_TARGET_DIR:-target/asan}"

# A target, even if it is the host, keeps the flags away from build scripts and procedural macros.
"${cargo[@]}" test --workspace --exclude gc-ui-tests --target "$host" --no-fail-fast "$@"
