//! Pools that are broken by hand, and found to be by the next check.

use super::*;
use crate::pool::STEP;
use crate::verify::flaws::{Flaw, assert_each_is_found};

const CLASS: usize = 6;

fn layout() -> Layout {
    Layout::from_size_align(CLASS * STEP, STEP).expect("a layout")
}

/// Checks a pool that has two full blocks and one slot more, some of which are given back, after a change.
fn check_changed(given_back: usize, change: impl FnOnce(&Pool, NonNull<Block>)) {
    let pool = Pool::new();
    let mut held = vec![pool.allocate(layout())];
    let first = Block::of(held[0]);
    while pool.reserve.blocks() < 3 {
        held.push(pool.allocate(layout()));
    }
    for given in held.drain(..given_back) {
        // SAFETY: allocated above, freed once.
        unsafe { pool.deallocate(given, layout()) };
    }
    let verify = || pool.verify(held.iter().map(|&memory| (memory, layout())));
    verify();
    change(&pool, first);
    verify();
}

fn state<'a>(block: NonNull<Block>) -> &'a Block {
    // SAFETY: the block is not given back.
    unsafe { block.as_ref() }
}

/// So few that the first block has little room then, and so many that it has much.
const FEW: usize = 3;
const MANY: usize = 300;

const FLAWS: &[Flaw] = &[
    ("K2", || check_changed(FEW, |pool, _| _ = pool.allocate(layout()))),
    ("K3", || check_changed(0, |_, first| state(first).watch_end())),
    ("K3", || check_changed(FEW, |_, first| state(first).watch_nothing())),
    ("L1", || check_changed(FEW, |_, first| state(first).newer.set(Some(first)))),
    ("P1", || check_changed(FEW, |pool, _| pool.current[CLASS + 1].set(pool.current[CLASS].replace(Block::EMPTY)))),
    ("P2", || check_changed(FEW, |pool, first| pool.current[CLASS].set(first))),
    ("P2", || {
        check_changed(FEW, |pool, first| {
            // SAFETY: it is in the list.
            unsafe { pool.scarce[CLASS].remove(first) };
        })
    }),
    ("P2", || {
        check_changed(MANY, |pool, first| {
            // SAFETY: it is in the list.
            unsafe { pool.roomy[CLASS].remove(first) };
            // SAFETY: it is in none.
            unsafe { pool.scarce[CLASS].push(first) };
        })
    }),
    ("P3", || {
        check_changed(FEW, |_, first| {
            let slot = state(first).pop().expect("a free slot");
            for _ in 0..2 {
                // SAFETY: none the second time; the process is to end.
                unsafe { state(first).push(slot) };
            }
        })
    }),
    ("P4", || {
        check_changed(MANY, |pool, _| {
            let empty = pool.reserve.take(CLASS);
            state(empty).watch_end();
            // SAFETY: it is in no list.
            unsafe { pool.roomy[CLASS].push(empty) };
        })
    }),
    ("R1", || check_changed(FEW, |pool, _| pool.reserve.break_order())),
];

#[test]
fn each_flaw_of_a_pool_is_found() {
    assert_each_is_found("pool::verify::tests::each_flaw_of_a_pool_is_found", FLAWS);
}
