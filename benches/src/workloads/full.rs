//! Full collections of a live heap.

use std::time::{Duration, Instant};

use super::{Random, Sample, Size};
use crate::columns::{Collections, Column};
use crate::tokens;

/// The seed of the edges of the live heap.
pub const LIVE_EDGES_SEED: u64 = 3;

/// Nodes with two edges each to random older ones, and a handle to each.
pub(super) fn live_heap<C: Column>(nodes: u64) -> Vec<C::Node> {
    let mut random = Random::new(LIVE_EDGES_SEED);
    let mut handles: Vec<C::Node> = Vec::with_capacity(nodes as usize);
    for value in 0..nodes {
        let node = C::node(value);
        if value > 0 {
            C::set_next(&node, Some(handles[random.below(value) as usize].clone()));
            C::set_other(&node, Some(handles[random.below(value) as usize].clone()));
        }
        handles.push(node);
    }
    handles
}

pub(super) fn quiet<C: Column>(size: Size) -> Option<Sample> {
    collections::<C>(size, |_| {})
}

pub(super) fn ordered<C: Column>(size: Size) -> Option<Sample> {
    collections::<C>(size, touch::<C>)
}

pub(super) fn shuffled<C: Column>(size: Size) -> Option<Sample> {
    let order = shuffled_order(size.live);
    collections::<C>(size, |handles| {
        for &index in &order {
            super::discard(handles[index as usize].clone());
        }
    })
}

fn touch<C: Column>(handles: &[C::Node]) {
    for handle in handles {
        super::discard(handle.clone());
    }
}

fn shuffled_order(nodes: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    Random::new(4).shuffle(&mut order);
    order
}

/// Times collections alone, each after a call of `touch`. Nothing where there are none.
fn collections<C: Column>(size: Size, touch: impl Fn(&[C::Node])) -> Option<Sample> {
    if C::COLLECTIONS == Collections::Never {
        return None;
    }
    let handles = live_heap::<C>(size.live);
    C::collect();
    let start = Instant::now();
    let mut elapsed = Duration::ZERO;
    let mut done = 0;
    while done < size.operations && (done == 0 || size.limit.is_none_or(|limit| start.elapsed() < limit)) {
        touch(&handles);
        let start = Instant::now();
        C::collect();
        elapsed += start.elapsed();
        done += 1;
    }
    let leaked = tokens::alive() - size.live as i64;
    // The process ends now.
    std::mem::forget(handles);
    Some(Sample { value: elapsed.as_nanos() as f64 / done as f64, leaked })
}
