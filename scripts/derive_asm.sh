#!/usr/bin/env bash
# Compares the machine code of derived `Trace` implementations with that of the same written by hand, field by field: each function is
# compiled twice in release mode, and its instructions are counted and compared, names of labels aside. Fails if there
# are more in the derived one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
cp Cargo.lock "$work/Cargo.lock"
cat >"$work/Cargo.toml" <<TOML
[workspace]

[package]
name = "asm"
edition = "2024"

[features]
derived = []

[dependencies]
gc-core = { path = "$PWD/gc-core" }

[profile.release]
codegen-units = 1
debug = false
TOML
cat >"$work/src/lib.rs" <<'RUST'
use std::cell::RefCell;

use gc_core::{Gc, Trace, Tracer};

#[cfg_attr(feature = "derived", derive(Trace))]
pub struct Node {
    pub name: String,
    pub next: Option<Gc<Node>>,
    pub size: u32,
    pub kids: RefCell<Vec<Gc<Node>>>,
    pub text: Vec<u8>,
    pub parent: Gc<Node>,
}

#[cfg_attr(feature = "derived", derive(Trace))]
pub enum Value {
    Nothing,
    Number(f64),
    Pair(Gc<Value>, Gc<Value>),
    List { items: Vec<Gc<Value>>, name: String },
}

#[cfg_attr(feature = "derived", derive(Trace))]
pub struct Plain {
    pub name: String,
    pub numbers: Vec<u32>,
    pub maybe: Option<Box<[u8]>>,
}

#[cfg(not(feature = "derived"))]
mod by_hand {
    use super::*;

    unsafe impl Trace for Node {
        #[inline]
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.name.trace(tracer);
            self.next.trace(tracer);
            self.size.trace(tracer);
            self.kids.trace(tracer);
            self.text.trace(tracer);
            self.parent.trace(tracer);
        }
    }

    unsafe impl Trace for Value {
        #[inline]
        fn trace(&self, tracer: &mut Tracer<'_>) {
            match self {
                Value::Nothing => {}
                Value::Number(number) => number.trace(tracer),
                Value::Pair(first, second) => {
                    first.trace(tracer);
                    second.trace(tracer);
                }
                Value::List { items, name } => {
                    items.trace(tracer);
                    name.trace(tracer);
                }
            }
        }
    }

    unsafe impl Trace for Plain {
        #[inline]
        fn trace(&self, _: &mut Tracer<'_>) {}

        #[inline]
        fn has_edges() -> bool {
            false
        }
    }
}

#[unsafe(no_mangle)]
pub fn trace_struct(value: &Node, tracer: &mut Tracer<'_>) {
    value.trace(tracer);
}

#[unsafe(no_mangle)]
pub fn trace_enum(value: &Value, tracer: &mut Tracer<'_>) {
    value.trace(tracer);
}

#[unsafe(no_mangle)]
pub fn trace_leaf(value: &Plain, tracer: &mut Tracer<'_>) {
    value.trace(tracer);
}
RUST

export CARGO_TARGET_DIR=$work/target
unset RUSTFLAGS

# emit NAME FEATURES...: the assembly of the crate, in $work/NAME.s.
emit() {
    cargo rustc -q --offline --release --manifest-path "$work/Cargo.toml" "${@:2}" -- --emit "asm=$work/$1.s"
}

# instructions NAME FUNCTION: those between its label and the end of its code, without the names of labels.
instructions() {
    awk -v name="$2:" '$1 == name { on = 1; next } on && /\.cfi_endproc/ { exit } on && /^\t[a-z]/' "$work/$1.s" |
        sed -E 's/\.L[A-Za-z0-9_.$]+/LABEL/g; s/_(ZN|R)[A-Za-z0-9_.$]+/SYMBOL/g'
}

emit by_hand
emit derived --features derived
failed=0
for function in trace_struct trace_enum trace_leaf; do
    for kind in by_hand derived; do instructions "$kind" "$function" >"$work/$kind.$function"; done
    hand=$(wc -l <"$work/by_hand.$function") derived=$(wc -l <"$work/derived.$function")
    same="not the same"
    if cmp -s "$work/by_hand.$function" "$work/derived.$function"; then same="the same"; fi
    echo "$function: $hand instructions by hand, $derived derived, $same"
    if ((hand == 0 || derived > hand)); then failed=1; fi
done
exit "$failed"
