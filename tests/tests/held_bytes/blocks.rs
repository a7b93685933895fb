//! Blocks of the pools, which come from the global allocator and go back to it.

use gc_core::{Gc, gc};

use crate::books::blocks;

type Small = Gc<[u64; 5]>;

fn small(number: u64) -> Small {
    Gc::new([number; 5])
}

/// How many of these fit into a block, and bytes of that.
fn fill_a_block() -> (Vec<Small>, usize) {
    let mut held = vec![small(0)];
    let block = gc::stats().pool_bytes;
    while gc::stats().pool_bytes == block {
        held.push(small(1));
    }
    held.pop();
    (held, block)
}

/// There are no pools when every box is an allocation of its own.
macro_rules! tests {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)+) => {$(
        $(#[$attribute])*
        #[test]
        #[cfg_attr(gc_system_alloc, ignore = "there are no pools")]
        fn $name() $body
    )+};
}

tests! {
    fn a_loop_across_the_end_of_a_block_requests_nothing() {
        let (mut held, _) = fill_a_block();
        for depth in [1, 2, 3, 10, 100] {
            held.truncate(held.len() - depth / 2);
            (0..depth).for_each(|_| held.push(small(2)));
            held.truncate(held.len() - depth);
            let before = blocks();
            for _ in 0..1_000 {
                (0..depth).for_each(|_| held.push(small(2)));
                held.truncate(held.len() - depth);
            }
            assert!(blocks() <= before + 1, "{} blocks for {depth} objects", blocks() - before);
        }
    }

    fn a_loop_across_the_ends_of_blocks_of_two_sizes_requests_nothing() {
        let (held, _) = fill_a_block();
        let other: Vec<_> = (0..10_000).map(|number| Gc::new([number; 7])).collect();
        let before = blocks();
        for number in 0..10_000 {
            drop((small(number), Gc::new([number; 7]), small(number), Gc::new([number; 7])));
        }
        assert!(blocks() <= before + 2);
        drop((held, other));
    }

    fn few_objects_made_and_dropped_request_one_block() {
        let before = blocks();
        (0..100_000).for_each(|number| drop((small(number), small(number))));
        assert_eq!(blocks() - before, 1);
    }

    /// The first peaks teach the pool what the later ones need.
    fn peaks_that_follow_each_other_soon_request_nothing() {
        let peak = || drop((0..2_000).map(small).collect::<Vec<_>>());
        (0..5).for_each(|_| peak());
        let before = blocks();
        (0..100).for_each(|_| peak());
        assert_eq!(blocks(), before);
        assert!(gc::stats().pool_bytes <= 1 << 20);
    }

    fn peaks_with_full_collections_between_them_request_nothing() {
        let peak = || {
            drop((0..2_000).map(small).collect::<Vec<_>>());
            gc::collect();
        };
        (0..20).for_each(|_| peak());
        let before = blocks();
        (0..100).for_each(|_| peak());
        assert_eq!(blocks(), before);
    }

    fn what_later_peaks_did_not_need_goes_back() {
        (0..10).for_each(|_| drop((0..2_000).map(small).collect::<Vec<_>>()));
        assert!(gc::stats().pool_bytes > 0);
        gc::collect();
        gc::collect();
        assert_eq!(gc::stats().pool_bytes, 0);
    }

    fn what_is_kept_for_later_peaks_is_bounded() {
        (0..5).for_each(|_| drop((0..200_000).map(small).collect::<Vec<_>>()));
        assert!(gc::stats().pool_bytes <= 1 << 20, "{}", gc::stats().pool_bytes);
    }

    fn one_peak_leaves_nothing() {
        drop((0..100_000).map(small).collect::<Vec<_>>());
        assert_eq!(gc::stats().pool_bytes, 0);
    }

    fn one_peak_leaves_nothing_whatever_goes_first() {
        let orders: [fn(&mut [Small]); 4] = [
            |_| (),
            |peak| peak.reverse(),
            |peak| peak.rotate_left(33_333),
            |peak| (0..peak.len()).for_each(|index| peak.swap(index, index * 7_919 % peak.len())),
        ];
        for order in orders {
            let mut peak: Vec<_> = (0..100_000).map(small).collect();
            order(&mut peak);
            drop(peak);
            gc::collect();
            gc::collect();
            assert_eq!(gc::stats().pool_bytes, 0);
        }
    }

    /// The global allocator is asked for each, so that a program's own sees them.
    fn blocks_come_from_the_global_allocator() {
        let before = blocks();
        let (held, block) = fill_a_block();
        assert_eq!((blocks() - before) * block, gc::stats().pool_bytes);
        drop(held);
    }
}
