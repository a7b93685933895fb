//! A global allocator that keeps books for each thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use gc_core::gc;

struct Books;

thread_local! {
    /// Bytes that this thread holds, and how many blocks of the pools it ever requested.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static BLOCKS: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Books = Books;

/// Nothing else in these tests is aligned to that, or to more.
const ALIGN_OF_A_BLOCK: usize = 4 * 1024;

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Books {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        BLOCKS.set(BLOCKS.get() + usize::from(layout.align() >= ALIGN_OF_A_BLOCK));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) };
    }
}

/// Bytes that this thread holds beside the pools'.
pub(crate) fn held() -> isize {
    HELD.get() - gc::stats().pool_bytes as isize
}

/// How many blocks the pools of this thread have requested from the global allocator so far.
pub(crate) fn blocks() -> usize {
    BLOCKS.get()
}
