//! Reading through pointers.

use std::hint::black_box;

use super::{Sample, Size, time};
use crate::columns::Column;

pub(super) fn list<C: Column>(size: Size) -> Option<Sample> {
    let list = (0..size.live).fold(None, |next, value| Some(C::list(value, next)));
    Some(time(size.operations, || {
        for _ in 0..size.operations / size.live {
            black_box(sum_list::<C>(black_box(list.as_ref())));
        }
    }))
}

fn sum_list<C: Column>(mut list: Option<&C::List>) -> u64 {
    let mut sum = 0;
    while let Some(entry) = list {
        let (value, next) = C::list_parts(entry);
        sum += value;
        list = next;
    }
    sum
}

pub(super) fn tree<C: Column>(size: Size) -> Option<Sample> {
    let tree = full_tree::<C>(size.live.ilog2());
    Some(time(size.operations, || {
        for _ in 0..size.operations / size.live {
            black_box(sum_tree::<C>(black_box(&tree)));
        }
    }))
}

fn full_tree<C: Column>(depth: u32) -> C::Tree {
    C::tree(u64::from(depth), (depth > 0).then(|| (full_tree::<C>(depth - 1), full_tree::<C>(depth - 1))))
}

fn sum_tree<C: Column>(tree: &C::Tree) -> u64 {
    let (value, kids) = C::tree_parts(tree);
    value + kids.map_or(0, |(left, right)| sum_tree::<C>(left) + sum_tree::<C>(right))
}
