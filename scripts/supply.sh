#!/usr/bin/env bash
# Checks what a user of the crates gets: the licences are there, those of dependencies are ones that we accept (`deny.toml`), and the
# public items are those of the last release, but for what its version may change.
#
# Uses cargo-deny and cargo-semver-checks. Says which of them is missing; exits with 77 if anything was left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skipped=0
skip() {
    echo "scripts/supply.sh: SKIPPED: $*" >&2
    skipped=1
}

# Each crate that others depend on carries both licences.
for crate in gc-core gc-derive; do
    for licence in LICENSE-MIT LICENSE-APACHE; do
        cmp "$licence" "$crate/$licence"
    done
done
echo "scripts/supply.sh: both licences are in both crates"

if cargo deny --version >/dev/null 2>&1; then
    cargo deny --all-features check licenses bans sources
else
    skip "cargo-deny is not installed; the licences of dependencies were not checked"
fi

# The last release is the newest tag; before the first there is nothing to compare with.
release=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
if [ -z "$release" ]; then
    skip "there is no release (no tag v*) to compare public items with"
elif cargo semver-checks --version >/dev/null 2>&1; then
    cargo semver-checks --package gc-core --baseline-rev "$release" --only-explicit-features --features derive
else
    skip "cargo-semver-checks is not installed; public items were not compared with $release"
fi

[ "$skipped" -eq 0 ] || exit 77
