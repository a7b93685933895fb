//! Makes a program that goes wrong small.

use super::program::{Op, Script};
use super::run;

/// A part of `program` that goes wrong too, though perhaps otherwise, and none of whose parts that were tried does.
pub fn shrink(program: &[Op]) -> Vec<Op> {
    let mut best = program.to_vec();
    loop {
        let before = best.clone();
        remove_runs(&mut best);
        simplify_each(&mut best);
        if best == before {
            return best;
        }
    }
}

/// Takes `smaller` if it goes wrong.
fn improve(best: &mut Vec<Op>, smaller: Vec<Op>) -> bool {
    let is_better = run(&smaller).is_some();
    if is_better {
        *best = smaller;
    }
    is_better
}

/// Leaves out as many operations as possible, many at once first.
fn remove_runs(best: &mut Vec<Op>) {
    let mut length = best.len() / 2;
    while length > 0 {
        let mut start = best.len().saturating_sub(length);
        loop {
            let mut smaller = best.clone();
            smaller.drain(start..(start + length).min(best.len()));
            improve(best, smaller);
            if start == 0 {
                break;
            }
            start = start.saturating_sub(length);
        }
        length /= 2;
    }
}

/// Replaces each operation by a simpler one, if that goes wrong too.
fn simplify_each(best: &mut Vec<Op>) {
    for index in 0..best.len() {
        while simpler(&best[index]).into_iter().any(|op| {
            let mut smaller = best.clone();
            smaller[index] = op;
            improve(best, smaller)
        }) {}
    }
}

/// What an operation could be replaced by.
fn simpler(op: &Op) -> Vec<Op> {
    let mut all = Vec::new();
    if let Some(script) = script_of(op) {
        let with = |ops: Vec<Op>| with_script(op, Script(ops.into()));
        for (at, inner) in script.0.iter().enumerate() {
            let mut fewer = script.0.to_vec();
            fewer.remove(at);
            all.push(with(fewer));
            for simple in simpler(inner) {
                let mut simpler = script.0.to_vec();
                simpler[at] = simple;
                all.push(with(simpler));
            }
        }
    }
    match op {
        Op::Alloc { kind, to, links, script } => {
            for at in 0..links.len() {
                if links[at].is_some() {
                    let mut links = *links;
                    links[at] = None;
                    all.push(Op::Alloc { kind: *kind, to: *to, links, script: script.clone() });
                }
            }
        }
        Op::DowngradeWith { root, weak, capture: Some(_), script } => {
            all.push(Op::DowngradeWith { root: *root, weak: *weak, capture: None, script: script.clone() });
        }
        Op::OnDrop { root, handle, capture: Some(_), script } => {
            all.push(Op::OnDrop { root: *root, handle: *handle, capture: None, script: script.clone() });
        }
        Op::MapInsert { map, key, value: Some(_) } => all.push(Op::MapInsert { map: *map, key: *key, value: None }),
        Op::Wrap { root, times: times @ 2.. } => {
            all.extend([times / 2, times - 1].map(|times| Op::Wrap { root: *root, times }));
        }
        _ => {}
    }
    all
}

fn script_of(op: &Op) -> Option<&Script> {
    match op {
        Op::Alloc { script, .. }
        | Op::NewCyclic { script, .. }
        | Op::DowngradeWith { script, .. }
        | Op::OnDrop { script, .. }
        | Op::HoldBorrow { script, .. }
        | Op::Hook { script, .. }
        | Op::MapWith { script, .. }
        | Op::GetMut { script, .. } => Some(script),
        _ => None,
    }
}

fn with_script(op: &Op, new: Script) -> Op {
    let mut op = op.clone();
    match &mut op {
        Op::Alloc { script, .. }
        | Op::NewCyclic { script, .. }
        | Op::DowngradeWith { script, .. }
        | Op::OnDrop { script, .. }
        | Op::HoldBorrow { script, .. }
        | Op::Hook { script, .. }
        | Op::MapWith { script, .. }
        | Op::GetMut { script, .. } => *script = new,
        _ => {}
    }
    op
}
