//! A page read, queried, changed and dropped.

use std::time::Instant;

use super::{Sample, Size, finished};
use crate::columns::Column;
use crate::dom;

pub(super) fn round<C: Column>(size: Size) -> Option<Sample> {
    let page = dom::page::of_bytes(size.live as usize);
    let start = Instant::now();
    for _ in 0..size.operations {
        // Both sides find the same.
        assert_eq!(C::dom(&page)?, dom::FOUND, "another number of elements was found");
    }
    Some(finished(start.elapsed(), size.operations))
}
