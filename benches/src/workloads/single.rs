//! Single operations on a pointer.

use std::hint::black_box;

use super::{Random, Sample, Size, discard, time};
use crate::columns::Column;

pub(super) fn leaf<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        for value in 0..size.operations {
            discard(C::leaf(value));
        }
        C::collect();
    }))
}

pub(super) fn container<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        for value in 0..size.operations {
            discard(C::list(value, None));
        }
        C::collect();
    }))
}

pub(super) fn clone<C: Column>(size: Size) -> Option<Sample> {
    let pointer = C::list(1, None);
    Some(time(size.operations, || {
        for _ in 0..size.operations {
            discard(black_box(&pointer).clone());
        }
    }))
}

pub(super) fn clone_shuffled<C: Column>(size: Size) -> Option<Sample> {
    let mut pointers: Vec<_> = (0..size.live).map(|value| C::list(value, None)).collect();
    Random::new(1).shuffle(&mut pointers);
    Some(time(size.operations, || {
        for _ in 0..size.operations / size.live {
            for pointer in &pointers {
                discard(pointer.clone());
            }
        }
    }))
}

pub(super) fn drop_list<C: Column>(size: Size) -> Option<Sample> {
    let list = (0..size.operations).fold(None, |next, value| Some(C::list(value, next)));
    Some(time(size.operations, || {
        discard(list);
        C::collect();
    }))
}
