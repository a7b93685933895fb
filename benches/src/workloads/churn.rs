//! Garbage cycles made while much is alive.

use std::time::{Duration, Instant};

use super::cycles::pair;
use super::full::live_heap;
use super::{Random, Sample, Size, is_due};
use crate::columns::Column;
use crate::tokens;

/// How many of the live nodes are pointed to, where it is not each of them.
const FEW: u64 = 1_000;

pub(super) fn time<C: Column>(size: Size) -> Option<Sample> {
    Some(churn::<C, false>(size, size.live).0)
}

pub(super) fn time_few<C: Column>(size: Size) -> Option<Sample> {
    Some(churn::<C, false>(size, FEW).0)
}

/// The longest pause: as the column tells it, or else the longest time that it took to make a cycle.
pub(super) fn pause<C: Column>(size: Size) -> Option<Sample> {
    let (sample, longest) = churn::<C, true>(size, size.live);
    Some(Sample { value: longest.as_nanos() as f64, ..sample })
}

/// Makes cycles, each of which has an edge to one of `targets` nodes, spread evenly over a live heap. The duration is zero unless `TIMED`.
fn churn<C: Column, const TIMED: bool>(size: Size, targets: u64) -> (Sample, Duration) {
    let handles = live_heap::<C>(size.live);
    C::collect();
    if TIMED {
        C::watch_pauses();
    }
    let spread = size.live / targets;
    let mut random = Random::new(5);
    let mut longest = Duration::ZERO;
    let mut done = 0;
    let start = Instant::now();
    while done < size.operations {
        done += 1;
        let other = &handles[(random.below(targets) * spread) as usize];
        let before = TIMED.then(Instant::now);
        make::<C>(done, other);
        if let Some(before) = before {
            longest = longest.max(before.elapsed());
        }
        if done.is_multiple_of(1_000) && size.limit.is_some_and(|limit| start.elapsed() >= limit) {
            break;
        }
    }
    let longest = C::longest_pause().unwrap_or(longest);
    C::collect();
    let value = start.elapsed().as_nanos() as f64 / done as f64;
    let leaked = tokens::alive() - size.live as i64;
    // The process ends now.
    std::mem::forget(handles);
    (Sample { value, leaked }, longest)
}

#[inline]
fn make<C: Column>(count: u64, other: &C::Node) {
    pair::<C>(count, Some(other.clone()));
    if is_due::<C>(count) {
        C::collect();
    }
}
