//! Building what stays.

use std::time::Instant;

use super::{Sample, Size, finished};
use crate::columns::{Collections, Column};

/// With the collections that the column makes by itself; nothing where it makes none.
pub(super) fn automatic<C: Column>(size: Size) -> Option<Sample> {
    (C::COLLECTIONS != Collections::Explicit).then(|| build::<C>(size))
}

pub(super) fn manual<C: Column>(size: Size) -> Option<Sample> {
    C::disable().then(|| build::<C>(size))
}

/// Every second container has an edge to the one before.
fn build<C: Column>(size: Size) -> Sample {
    let mut all: Vec<C::List> = Vec::with_capacity(size.operations as usize);
    let start = Instant::now();
    for value in 0..size.operations {
        let next = if value % 2 == 1 { all.last().cloned() } else { None };
        all.push(C::list(value, next));
    }
    let sample = finished(start.elapsed(), size.operations);
    // The process ends now.
    std::mem::forget(all);
    sample
}
