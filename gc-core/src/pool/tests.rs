use super::*;

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).unwrap()
}

/// Fills every byte, so that overlapping slots are noticed.
fn stamp(memory: NonNull<u8>, size: usize, byte: u8) {
    // SAFETY: the slot belongs to the test.
    unsafe { memory.as_ptr().write_bytes(byte, size) };
}

fn is_stamped(memory: NonNull<u8>, size: usize, byte: u8) -> bool {
    // SAFETY: the slot belongs to the test, and was stamped.
    let bytes = unsafe { std::slice::from_raw_parts(memory.as_ptr(), size) };
    bytes.iter().all(|&stamped| stamped == byte)
}

#[test]
fn slots_do_not_overlap_and_blocks_go_back() {
    let pool = Pool::new();
    let sizes = [24, 32, 40, 48, 64, 200, 512];
    let mut held = Vec::new();
    for round in 0..20_000_usize {
        let size = sizes[round % sizes.len()];
        let memory = pool.allocate(layout(size));
        stamp(memory, size, round as u8);
        held.push((memory, size, round as u8));
    }
    assert!(held.iter().all(|&(memory, size, byte)| is_stamped(memory, size, byte)));
    #[cfg(gc_verify)]
    pool.verify(held.iter().map(|&(memory, size, _)| (memory, layout(size))));
    let peak = pool.held_bytes();
    for (memory, size, _) in held {
        // SAFETY: allocated above, freed once.
        unsafe { pool.deallocate(memory, layout(size)) };
    }
    assert!(cfg!(gc_system_alloc) || pool.held_bytes() <= sizes.len() * block::BYTES);
    assert!(cfg!(gc_system_alloc) || peak > pool.held_bytes());
    pool.retire();
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn a_retired_pool_keeps_no_empty_block() {
    let pool = Pool::new();
    let early = pool.allocate(layout(32));
    pool.retire();
    let late = pool.allocate(layout(32));
    for memory in [early, late] {
        // SAFETY: allocated above, freed once.
        unsafe { pool.deallocate(memory, layout(32)) };
    }
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn a_block_that_is_full_when_the_pool_retires_goes_back_once_it_is_empty() {
    let pool = Pool::new();
    let mut held = vec![pool.allocate(layout(32))];
    if let Some(class) = class_of(layout(32)) {
        // SAFETY: P1.
        while !pool.current(class).is_some_and(|current| unsafe { current.as_ref() }.is_full()) {
            held.push(pool.allocate(layout(32)));
        }
    }
    pool.retire();
    free_all(&pool, held, 32);
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn random_order_reuses_every_slot() {
    let pool = Pool::new();
    let mut held: Vec<_> = (0..5_000).map(|_| pool.allocate(layout(48))).collect();
    let peak = pool.held_bytes();
    let mut random = 12_345_usize;
    for _ in 0..100_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = (random >> 33) % held.len();
        // SAFETY: the slot is held, and replaced at once.
        unsafe { pool.deallocate(held[index], layout(48)) };
        held[index] = pool.allocate(layout(48));
    }
    assert_eq!(pool.held_bytes(), peak);
    for memory in held {
        // SAFETY: held, freed once.
        unsafe { pool.deallocate(memory, layout(48)) };
    }
    pool.retire();
}

#[test]
fn over_aligned_and_large_layouts_are_served() {
    let pool = Pool::new();
    for (size, align) in [(4096, 4096), (64, 32), (1 << 20, 8), (48, 16)] {
        let layout = Layout::from_size_align(size, align).unwrap();
        let memory = pool.allocate(layout);
        assert_eq!(memory.as_ptr().addr() % align, 0);
        stamp(memory, size, 7);
        // SAFETY: allocated above, freed once.
        unsafe { pool.deallocate(memory, layout) };
    }
    pool.retire();
}

fn allocate_all(pool: &Pool, count: usize, size: usize) -> Vec<NonNull<u8>> {
    (0..count).map(|_| pool.allocate(layout(size))).collect()
}

fn free_all(pool: &Pool, memory: impl IntoIterator<Item = NonNull<u8>>, size: usize) {
    // SAFETY: the memory was allocated for this layout, and is freed once.
    memory.into_iter().for_each(|memory| unsafe { pool.deallocate(memory, layout(size)) });
}

/// P2 and P4, as far as the lists show.
fn check_lists(pool: &Pool) {
    for class in 1..CLASSES {
        let blocks = |list: &List| {
            // SAFETY: blocks in a list are allocated (L1).
            std::iter::successors(list.newest(), |block| unsafe { block.as_ref() }.older.get())
                .map(|block| unsafe { block.as_ref() })
                .collect::<Vec<_>>()
        };
        let (scarce, roomy) = (blocks(&pool.scarce[class]), blocks(&pool.roomy[class]));
        assert!(scarce.iter().all(|block| block.class() == class && !block.is_roomy() && !block.is_full()));
        assert!(roomy.iter().all(|block| block.class() == class && block.is_roomy()));
        assert!(roomy.len() < 2 || roomy.iter().all(|block| !block.is_empty()));
    }
}

#[test]
fn lists_are_in_order_whatever_is_freed() {
    let pool = Pool::new();
    let sizes = [32, 64, 504];
    let mut held: Vec<(NonNull<u8>, usize)> = Vec::new();
    let mut random = 1_usize;
    for step in 0..60_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let grows = step / 10_000 % 2 == 0;
        if (random >> 40) % 8 < if grows { 6 } else { 2 } || held.is_empty() {
            let size = sizes[(random >> 33) % sizes.len()];
            held.push((pool.allocate(layout(size)), size));
        } else {
            let (memory, size) = held.swap_remove((random >> 33) % held.len());
            free_all(&pool, [memory], size);
        }
        if step % 100 == 0 {
            check_lists(&pool);
            #[cfg(gc_verify)]
            pool.verify(held.iter().map(|&(memory, size)| (memory, layout(size))));
        }
        if step % 5_000 == 0 {
            pool.trim();
        }
    }
    pool.retire();
    check_lists(&pool);
    held.into_iter().for_each(|(memory, size)| free_all(&pool, [memory], size));
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn an_unused_empty_block_goes_back_with_the_second_trim() {
    let pool = Pool::new();
    free_all(&pool, allocate_all(&pool, 2, 40), 40);
    pool.trim();
    assert!(cfg!(gc_system_alloc) || pool.held_bytes() > 0);
    // It was asleep, and is used again.
    free_all(&pool, allocate_all(&pool, 3, 40), 40);
    pool.trim();
    assert!(cfg!(gc_system_alloc) || pool.held_bytes() > 0);
    pool.trim();
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn a_block_of_the_reserve_serves_any_size() {
    let pool = Pool::new();
    let sizes = [32, 48, 512];
    for round in 0..10 {
        for size in sizes {
            let memory = allocate_all(&pool, 2_000, size);
            memory.iter().for_each(|&memory| stamp(memory, size, round));
            assert!(memory.iter().all(|&memory| is_stamped(memory, size, round)));
            free_all(&pool, memory, size);
            #[cfg(gc_verify)]
            pool.verify(std::iter::empty());
        }
    }
    assert!(pool.held_bytes() <= (64 + sizes.len()) * block::BYTES);
    pool.trim();
    pool.retire();
    assert_eq!(pool.held_bytes(), 0);
}

#[test]
fn a_retired_pool_with_a_reserve_is_used_and_trimmed_on() {
    let pool = Pool::new();
    for _ in 0..10 {
        free_all(&pool, allocate_all(&pool, 2_000, 40), 40);
    }
    pool.trim();
    pool.retire();
    for _ in 0..3 {
        pool.trim();
        free_all(&pool, allocate_all(&pool, 2_000, 40), 40);
        assert_eq!(pool.held_bytes(), 0);
    }
}
