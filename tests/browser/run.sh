#!/usr/bin/env bash
# Looks at what `heap_report` writes in a real Chromium: the `.heapsnapshot` in the memory panel of DevTools, whose figures have to be
# the crate's own, and the page, which is clicked through. Screenshots stay in the directory `browser` of the target directory.
#
# Needs node and npm, by which it installs playwright-core (package-lock.json has its hash), and Chromium: where it is missing,
# it is installed with apt-get, if that may be done. What cannot be had is said, and the exit code is 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
    echo "tests/browser/run.sh: SKIPPED: $*; nothing was looked at" >&2
    exit 77
}

# The first Chromium there is.
find_chromium() {
    type -P chromium || type -P chromium-browser
}

install_chromium() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "tests/browser/run.sh: installs chromium"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium; } >/dev/null 2>&1
}

command -v node >/dev/null || skip "node is not installed"
command -v npm >/dev/null || skip "npm is not installed"
find_chromium >/dev/null || install_chromium || skip "chromium is not installed, and cannot be"
CHROMIUM=$(find_chromium) || skip "chromium is not installed"
export CHROMIUM
npm ci --prefix tests/browser --no-audit --no-fund --loglevel=error || skip "npm cannot install playwright-core"

reports=${CARGO_TARGET_DIR:-target}/browser
rm -rf "$reports"

report() {
    local name=$1
    shift
    cargo run --quiet --release -p gc-examples --features inspect --example heap_report -- "$@" --json \
        --output "$reports/$name" >/dev/null
}

report document --document 3000
report program examples/lox/programs/cycles.lox
report large --document 300000
cargo run --quiet --release -p gc-tests --features inspect --example two_snapshots -- "$reports/two" >"$reports/two.txt"

node tests/browser/main.mjs "$reports"
