//! Writes two snapshots of one heap, between which objects die and others take their places, for DevTools to compare:
//! `before.heapsnapshot` and `after.heapsnapshot`, in the directory named. Prints how many objects are new, and how many were dropped.
//!
//! `cargo run -p gc-tests --features inspect --example two_snapshots -- DIRECTORY`

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::Path;

use gc_core::inspect::Snapshot;
use gc_core::{Gc, Trace};

#[derive(Trace, Default)]
struct Node {
    others: RefCell<Vec<Gc<Node>>>,
}

const NEW: usize = 7;
const DROPPED: usize = 10;

fn main() {
    let directory = std::env::args().nth(1).expect("a directory is named");
    let directory = Path::new(&directory);
    fs::create_dir_all(directory).expect("the directory can be made");
    let write = |name| {
        let file = File::create(directory.join(name)).expect("the file can be made");
        Snapshot::capture().write_heapsnapshot(file).expect("the file can be written");
    };
    let root = Gc::new(Node::default());
    root.others.borrow_mut().extend((0..500).map(|_| Gc::<Node>::default()));
    write("before.heapsnapshot");
    root.others.borrow_mut().truncate(500 - DROPPED);
    root.others.borrow_mut().extend((0..NEW).map(|_| Gc::<Node>::default()));
    write("after.heapsnapshot");
    println!("{NEW} {DROPPED}");
}
