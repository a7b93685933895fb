//! Garbage cycles, small and large.

use super::{Random, Sample, Size, is_due, time};
use crate::columns::Column;

pub(super) fn pairs<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        for count in 1..=size.operations {
            pair::<C>(count, None);
            if is_due::<C>(count) {
                C::collect();
            }
        }
        C::collect();
    }))
}

/// Makes a cycle of two nodes, with an edge to `other`, and lets go of it.
#[inline]
pub(super) fn pair<C: Column>(value: u64, other: Option<C::Node>) {
    let [first, second] = [C::node(value), C::node(value)];
    C::set_next(&first, Some(second.clone()));
    C::set_next(&second, Some(first.clone()));
    if other.is_some() {
        C::set_other(&first, other);
    }
}

pub(super) fn ring<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let first = C::node(0);
        let mut last = first.clone();
        for value in 1..size.operations {
            let node = C::node(value);
            C::set_next(&last, Some(node.clone()));
            last = node;
        }
        C::set_next(&last, Some(first));
        drop(last);
        C::collect();
    }))
}

pub(super) fn digraph<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let vertices: Vec<_> = (0..size.operations).map(C::vertex).collect();
        for (from, to) in digraph_edges(size.operations) {
            C::add_edge(&vertices[from], vertices[to].clone());
        }
        drop(vertices);
        C::collect();
    }))
}

/// Four random edges for each of `vertices`.
pub fn digraph_edges(vertices: u64) -> impl Iterator<Item = (usize, usize)> {
    let mut random = Random::new(2);
    (0..4 * vertices).map(move |edge| ((edge / 4) as usize, random.below(vertices) as usize))
}
