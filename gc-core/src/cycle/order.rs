//! The order in which a pass visits very many boxes: that of their addresses, if they lie scattered.
//!
//! A pass looks at each box a few times. Boxes suspected in random order, and too many for the last cache, are as many misses of
//! it, and of the table of pages, each time; sorting their addresses, which lie side by side, takes less time than one round
//! of those. Fewer boxes are faster looked at than sorted.

use std::ptr::NonNull;

use crate::object::header::Header;

/// So many boxes do not fit into the last cache, or hardly.
const MANY: usize = if cfg!(test) { 100 } else { 150_000 };
/// One box in as many may lie far from the one before it.
const SCATTERED: usize = 8;
/// What a processor fetches ahead of itself: a page.
const PAGE: usize = 4096;

/// Puts `boxes` in the order of their addresses, if they are many, unless nearly all lie near the one before.
pub(super) fn by_address(boxes: &mut [NonNull<Header>]) {
    if boxes.len() < MANY {
        return;
    }
    let is_far = |pair: &[NonNull<Header>]| pair[0].addr().get().abs_diff(pair[1].addr().get()) > PAGE;
    let far = boxes.windows(2).filter(|pair| is_far(pair)).count();
    if far > boxes.len() / SCATTERED {
        boxes.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::*;

    fn at(address: usize) -> NonNull<Header> {
        NonNull::without_provenance(NonZero::new(8 * address).unwrap())
    }

    #[test]
    fn scattered_boxes_are_sorted() {
        let mut boxes: Vec<_> = (1..1000).map(|number| at(number * 7919 % 1009 * 1000)).collect();
        let mut sorted = boxes.clone();
        sorted.sort();
        assert_ne!(boxes, sorted);
        by_address(&mut boxes);
        assert_eq!(boxes, sorted);
    }

    #[test]
    fn few_boxes_are_left_as_they_are() {
        let mut boxes = [3000, 1000, 2000].map(at);
        by_address(&mut boxes);
        assert_eq!(boxes, [3000, 1000, 2000].map(at));
    }

    #[test]
    fn boxes_that_lie_together_are_left_as_they_are() {
        let runs = || [5000, 3000, 1000].into_iter().flat_map(|start| (start..start + 300).rev().map(at));
        let mut boxes: Vec<_> = runs().collect();
        by_address(&mut boxes);
        assert!(boxes.into_iter().eq(runs()));
    }
}
