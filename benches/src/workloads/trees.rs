//! Binary trees that are built and dropped, one after the other.

use super::{Sample, Size, discard, time};
use crate::columns::{Collections, Column};

pub(super) fn plain<C: Column>(size: Size) -> Option<Sample> {
    fn tree<C: Column>(depth: u32) -> C::Tree {
        C::tree(u64::from(depth), (depth > 0).then(|| (tree::<C>(depth - 1), tree::<C>(depth - 1))))
    }
    Some(in_turn::<C, _>(size, false, tree::<C>))
}

pub(super) fn strong<C: Column>(size: Size) -> Option<Sample> {
    fn tree<C: Column>(depth: u32) -> C::StrongTree {
        C::strong_tree((depth > 0).then(|| (tree::<C>(depth - 1), tree::<C>(depth - 1))))
    }
    Some(in_turn::<C, _>(size, C::COLLECTIONS == Collections::Explicit, tree::<C>))
}

pub(super) fn weak<C: Column>(size: Size) -> Option<Sample> {
    fn tree<C: Column>(depth: u32) -> C::WeakTree {
        C::weak_tree((depth > 0).then(|| (tree::<C>(depth - 1), tree::<C>(depth - 1))))
    }
    C::WEAK.then(|| in_turn::<C, _>(size, false, tree::<C>))
}

/// Builds and drops trees of `size.live` nodes; collects after each, if need be, and at the end.
fn in_turn<C: Column, T>(size: Size, collect: bool, tree: fn(u32) -> T) -> Sample {
    time(size.operations, || {
        for _ in 0..size.operations / size.live {
            discard(tree(size.live.ilog2()));
            if collect {
                C::collect();
            }
        }
        C::collect();
    })
}
