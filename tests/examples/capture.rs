//! What a capture of a large heap takes: time, and memory from the global allocator at its peak, for each object. With its dominator
//! tree and components, and the files it is written to.
//!
//! `cargo run --release -p gc-tests --features inspect --example capture [OBJECTS]`

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use gc_core::inspect::{Snapshot, census};
use gc_core::{Gc, Trace, Weak, gc};

/// Counts what is asked for and given back.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    PEAK.fetch_max(NOW.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both are there for a while, at worst.
        grow(size);
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Trace, Default)]
struct Node {
    parent: RefCell<Weak<Node>>,
    next: RefCell<Option<Gc<Node>>>,
    children: RefCell<Vec<Gc<Node>>>,
}

/// A tree of eight children each, with weak parents and strong siblings.
fn tree(objects: usize) -> Gc<Node> {
    let nodes: Vec<Gc<Node>> = (0..objects).map(|_| Gc::default()).collect();
    for (index, node) in nodes.iter().enumerate().skip(1) {
        let parent = &nodes[(index - 1) / 8];
        *node.parent.borrow_mut() = Gc::downgrade(parent);
        if let Some(before) = parent.children.borrow().last() {
            *before.next.borrow_mut() = Some(node.clone());
        }
        parent.children.borrow_mut().push(node.clone());
    }
    nodes[0].clone()
}

/// A chain that is linked both ways, held at both ends: one object is `10^7` steps from the outside in a recursion.
fn chain(objects: usize) -> [Gc<Node>; 2] {
    let first = Gc::<Node>::default();
    let mut last = first.clone();
    for _ in 1..objects {
        let node = Gc::<Node>::default();
        node.children.borrow_mut().push(last.clone());
        *last.next.borrow_mut() = Some(node.clone());
        last = node;
    }
    [first, last]
}

/// One vector of all.
fn star(objects: usize) -> Gc<Node> {
    let center = Gc::<Node>::default();
    center.children.borrow_mut().extend((1..objects).map(|_| Gc::<Node>::default()));
    center
}

/// Counts the bytes of a file that nobody keeps.
struct Sink(usize);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What it takes to write a file, the dominator tree being there.
fn written(name: &str, snapshot: &Snapshot, write: impl FnOnce(&mut Sink) -> io::Result<()>) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let (mut sink, started) = (Sink(0), Instant::now());
    write(&mut sink).expect("a sink takes all");
    let (seconds, peak) = (started.elapsed().as_secs_f64(), PEAK.load(Relaxed) - before);
    let per_object = peak as f64 / snapshot.len() as f64;
    println!("  {name}: {} bytes in {seconds:.3} s, {per_object:.1} bytes of memory per object at the peak", sink.0);
}

fn measure<T>(name: &str, objects: usize, build: impl FnOnce(usize) -> T) {
    let graph = build(objects);
    gc::collect();
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let started = Instant::now();
    let snapshot = Snapshot::capture();
    let captured = started.elapsed();
    let roots = snapshot.dominators().roots().count();
    let dominated = started.elapsed();
    let peak = PEAK.load(Relaxed) - before;
    let kept = NOW.load(Relaxed) - before;
    written("heapsnapshot", &snapshot, |output| snapshot.write_heapsnapshot(output));
    written("dot", &snapshot, |output| snapshot.dot().write(output));
    let cycles = snapshot.components().cycles().count();
    let components = started.elapsed() - dominated;
    let counting = Instant::now();
    let counted = census().objects();
    let per_object = |bytes: usize| bytes as f64 / snapshot.len() as f64;
    println!(
        "{name}: {} objects, {} edges: captured in {:.3} s, with dominators in {:.3} s, {:.0} bytes per object at the peak, {:.0} kept; \
         components in {:.3} s; census in {:.3} s ({counted} objects, {roots} roots, {cycles} cycles)",
        snapshot.len(),
        snapshot.edge_count(),
        captured.as_secs_f64(),
        dominated.as_secs_f64(),
        per_object(peak),
        per_object(kept),
        components.as_secs_f64(),
        counting.elapsed().as_secs_f64(),
    );
    drop((snapshot, graph));
    gc::collect();
}

fn main() {
    let objects = std::env::args().nth(1).map_or(1_000_000, |count| count.parse().expect("a number of objects"));
    measure("tree", objects, tree);
    measure("chain", objects, chain);
    measure("star", objects, star);
}
