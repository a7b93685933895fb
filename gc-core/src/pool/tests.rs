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
