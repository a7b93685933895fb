//! How much memory it takes to write a file: a snapshot is not copied.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io;

use gc_core::inspect::Snapshot;
use gc_core::{Gc, gc};

use crate::heaps::{Node, node};

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// Counts what this thread holds.
struct Counting;

// SAFETY: all is done by `System`.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller says.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn count(bytes: isize) {
    let held = HELD.get() + bytes;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How many bytes `act` holds at its peak, beyond what was held before.
fn peak(act: impl FnOnce()) -> isize {
    let before = HELD.get();
    PEAK.set(before);
    act();
    PEAK.get() - before
}

/// One node that has all others, and each of them the next.
fn star(size: usize) -> Gc<Node> {
    let hub = node();
    let nodes: Vec<_> = (0..size).map(|_| node()).collect();
    for pair in nodes.windows(2) {
        *pair[0].next.borrow_mut() = Some(pair[1].clone());
    }
    *hub.others.borrow_mut() = nodes;
    hub
}

#[test]
fn a_file_is_written_as_it_goes() {
    let objects = 100_000;
    let _paused = gc::pause();
    let hub = star(objects);
    let snapshot = Snapshot::capture();
    let _ = snapshot.dominators();
    let taken = peak(|| snapshot.write_heapsnapshot(io::sink()).expect("a sink takes all"));
    // Four bytes for each object while ids are made, a buffer, and what lists of chance length take.
    assert!(taken < 4 * objects as isize + (128 << 10), "{taken} bytes for {objects} objects");
    let taken = peak(|| snapshot.dot().write(io::sink()).expect("a sink takes all"));
    // Eight for each while the largest are chosen; and the edges of the hub that are shown.
    assert!(taken < 8 * objects as isize + (128 << 10), "{taken} bytes for {objects} objects");
    drop(hub);
}

#[test]
fn a_deep_heap_is_written_without_a_deep_stack() {
    let write = || {
        let objects = 100_000;
        let _first = crate::heaps::chain(objects);
        let snapshot = Snapshot::capture();
        snapshot.write_heapsnapshot(io::sink()).expect("a sink takes all");
        snapshot.dot().limit(usize::MAX).write(io::sink()).expect("a sink takes all");
        let last = snapshot.objects().find(|object| object.edges().len() == 0).expect("the chain ends");
        snapshot.dot().near(last).write(io::sink()).expect("a sink takes all");
        assert_eq!(snapshot.distances()[last.index()], Some(objects as u32 - 1));
    };
    let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(write).expect("a thread starts");
    thread.join().expect("the stack is deep enough");
}
