#!/usr/bin/env bash
# Checks that gc-core compiles without a warning with no features, with the default ones, with each one alone, and with
# all. Arguments are passed on to `cargo check`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The names in the [features] table of a manifest.
features() {
    sed -n '/^\[features\]/,/^\[[^f]/s/^\([A-Za-z0-9_-]*\) *=.*/\1/p' "$1"
}

# As `clippy` and `test` are not asked here, whatever they have built stays as it is.
export CARGO_TARGET_DIR="${FEATURES_TARGET_DIR:-${CARGO_TARGET_DIR:-target}/features}"
export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }-D warnings"

check() {
    echo "scripts/features.sh: cargo check -p gc-core $*"
    cargo check --quiet -p gc-core "$@"
}

check --no-default-features "$@"
check "$@"
for feature in $(features gc-core/Cargo.toml); do
    check --no-default-features --features "$feature" "$@"
done
check --all-features "$@"
