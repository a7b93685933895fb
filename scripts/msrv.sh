#!/usr/bin/env bash
# Checks that the workspace needs no later Rust than its manifest says (`rust-version`).
#
# With a toolchain of that version: everything is compiled by it. Without one, or besides: clippy's `incompatible_msrv` looks at
# each item of std that is used; what it does not know of (language features, dependencies) is not checked then, and this says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
[ -n "$version" ] || {
    echo "scripts/msrv.sh: no rust-version in Cargo.toml" >&2
    exit 1
}

# toolchain_of_version: prints the arguments of the cargo whose rustc has exactly this version, if there is one.
toolchain_of_version() {
    local toolchain
    for toolchain in "" $(rustup toolchain list 2>/dev/null | sed 's/^\([^ ]*\).*/+\1/'); do
        if rustc ${toolchain:+"$toolchain"} --version 2>/dev/null | grep -qE "^rustc ${version//./\\.}\.[0-9]+ "; then
            echo "cargo $toolchain"
            return
        fi
    done
}

lint() {
    echo "scripts/msrv.sh: cargo clippy, with incompatible_msrv"
    cargo clippy --quiet --workspace --all-features --lib --examples -- -A clippy::all -D clippy::incompatible_msrv
}

read -r -a cargo <<<"$(toolchain_of_version)"
if [ ${#cargo[@]} -gt 0 ]; then
    echo "scripts/msrv.sh: ${cargo[*]} check, $("${cargo[@]/cargo/rustc}" --version)"
    "${cargo[@]}" check --quiet --workspace --all-features --all-targets
else
    echo "scripts/msrv.sh: no toolchain of Rust $version is installed; only the lint is asked" >&2
fi
lint
