//! What is held when a peak is over.

use std::collections::HashSet;
use std::hint::black_box;

use gc_core::{Gc, Trace, gc};

use crate::process::{KB, MB, TELLS, alone, resident, say, times};

const PEAK: usize = 1_000_000;
const KEPT: usize = 1_000;

/// What is held by the pools, and what is needed of it.
fn held_and_needed() -> (usize, usize) {
    let stats = gc::stats();
    (stats.pool_bytes, stats.live_bytes)
}

/// Makes a million objects, keeps a thousand, and says what that takes.
fn after_a_peak<T: Trace + 'static>(what: &str, make: fn(u64) -> T, is_kept: impl Fn(usize) -> bool) -> Vec<Gc<T>> {
    let before = resident();
    let mut kept = Vec::with_capacity(KEPT);
    let all: Vec<_> = (0..PEAK as u64).map(|number| Gc::new(make(number))).collect();
    let peak = resident();
    kept.extend(all.into_iter().enumerate().filter(|&(number, _)| is_kept(number)).map(|(_, object)| object));
    assert_eq!(kept.len(), KEPT);
    let (held, needed) = held_and_needed();
    if let (Some(before), Some(peak), Some(now)) = (before, peak, resident()) {
        say(format_args!(
            "{what}: pools hold {held} bytes, {needed} needed ({:.2}); resident {} KB more at the peak, {} KB more now",
            held as f64 / needed as f64,
            (peak - before) / KB,
            now.saturating_sub(before) / KB,
        ));
    }
    kept
}

fn leaf(number: u64) -> u64 {
    number
}

fn container(number: u64) -> (u64, Option<Gc<u64>>) {
    (number, None)
}

fn assert_tight() {
    let (held, needed) = held_and_needed();
    assert!(held < 2 * needed, "pools hold {held} bytes, {needed} are needed");
}

fn is_early(number: usize) -> bool {
    number < KEPT
}

fn is_late(number: usize) -> bool {
    number >= PEAK - KEPT
}

fn is_in_between(number: usize) -> bool {
    (123_456..123_456 + KEPT).contains(&number)
}

fn is_every_thousandth(number: usize) -> bool {
    number.is_multiple_of(PEAK / KEPT)
}

alone! {
    fn a_thousand_leaves_made_early() {
        let _kept = after_a_peak("1,000 leaves of 1,000,000, the first", leaf, is_early);
        assert_tight();
    }

    fn a_thousand_leaves_made_late() {
        let _kept = after_a_peak("1,000 leaves of 1,000,000, the last", leaf, is_late);
        assert_tight();
    }

    fn a_thousand_leaves_made_in_between() {
        let _kept = after_a_peak("1,000 leaves of 1,000,000 in a row", leaf, is_in_between);
        assert_tight();
    }

    fn a_thousand_containers_made_early() {
        let _kept = after_a_peak("1,000 containers of 1,000,000, the first", container, is_early);
        assert_tight();
    }

    fn a_thousand_containers_made_late() {
        let _kept = after_a_peak("1,000 containers of 1,000,000, the last", container, is_late);
        assert_tight();
    }

    fn a_thousand_containers_made_in_between() {
        let _kept = after_a_peak("1,000 containers of 1,000,000 in a row", container, is_in_between);
        assert_tight();
    }

    /// The memory that is given back is not kept by the global allocator either, if nothing lies behind it.
    fn the_system_gets_it_back() {
        let before = resident();
        let kept = after_a_peak("1,000 leaves of 1,000,000, the first", leaf, is_early);
        drop(kept);
        assert_eq!(gc::stats().pool_bytes, 0);
        if let (Some(before), Some(now)) = (before, resident())
            && cfg!(all(target_os = "linux", target_env = "gnu"))
        {
            assert!(now < before + MB, "{} KB more than at first", (now - before) / KB);
        }
    }

    /// A block goes back only when it is empty: here fragmentation forbids more.
    fn a_thousand_leaves_far_from_each_other() {
        let block = {
            let _one = Gc::new(1_u64);
            gc::stats().pool_bytes
        };
        let kept = after_a_peak("1,000 leaves of 1,000,000, every thousandth", leaf, is_every_thousandth);
        if TELLS {
            let blocks: HashSet<_> = kept.iter().map(|leaf| Gc::as_ptr(leaf).addr() / block.next_power_of_two()).collect();
            say(format_args!("they lie in {} blocks of {block} bytes", blocks.len()));
            assert!(gc::stats().pool_bytes <= blocks.len() * block);
        }
        // Room between them is used again.
        let (held, _) = held_and_needed();
        let again: Vec<_> = (0..held as u64 / 64).map(Gc::new).collect();
        assert_eq!(gc::stats().pool_bytes, held);
        drop((again, kept));
    }

    fn cyclic_garbage() {
        struct Counted(usize);
        let kept = after_a_peak("1,000 containers of 1,000,000, the first", container, is_early);
        let mut made = Counted(0);
        for _ in 0..times(1_000_000) {
            drop(black_box(ring_of_two()));
            made.0 += 1;
        }
        gc::collect();
        let (held, needed) = held_and_needed();
        say(format_args!("after {} cycles more: pools hold {held} bytes, {needed} needed", made.0));
        assert!(held <= 4 * needed);
        drop(kept);
    }

    fn two_hundred_types() {
        let before = resident();
        let kept = types::make();
        let (held, needed) = held_and_needed();
        if let (Some(before), Some(now)) = (before, resident()) {
            let grown = now - before;
            say(format_args!("three objects of each of 200 types: pools hold {held} bytes; {needed} needed, {grown} resident"));
            assert!(held <= MB, "one block for each size below half a kilobyte, at most");
            assert!(grown < 2 * needed + 256 * KB);
        }
        drop(kept);
        gc::collect();
        gc::collect();
        assert_eq!(gc::stats().pool_bytes, 0);
    }
}

#[derive(Trace)]
struct Pair(std::cell::RefCell<Option<Gc<Pair>>>);

fn ring_of_two() -> Gc<Pair> {
    let first = Gc::new(Pair(Default::default()));
    let second = Gc::new(Pair(Some(first.clone()).into()));
    *first.0.borrow_mut() = Some(second);
    first
}

/// Two hundred types of 8 to 1,600 bytes.
mod types {
    use std::any::Any;

    use gc_core::Gc;

    fn three<const A: usize, const B: usize>(kept: &mut Vec<Box<dyn Any>>) {
        let make = |number| Gc::new([[number; A]; B]);
        kept.push(Box::new([1_u64, 2, 3].map(make)));
    }

    macro_rules! rows {
        ($kept:ident: $($a:literal)+) => {
            $(three::<$a, 1>(&mut $kept); three::<$a, 2>(&mut $kept); three::<$a, 3>(&mut $kept); three::<$a, 4>(&mut $kept);
            three::<$a, 5>(&mut $kept); three::<$a, 6>(&mut $kept); three::<$a, 7>(&mut $kept); three::<$a, 8>(&mut $kept);
            three::<$a, 9>(&mut $kept); three::<$a, 10>(&mut $kept);)+
        };
    }

    pub(super) fn make() -> Vec<Box<dyn Any>> {
        let mut kept = Vec::new();
        rows!(kept: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20);
        kept
    }
}
