//! What is in a cell or a lock is traced, and stays mutable.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::{Mutex, OnceLock, RwLock};

use gc_core::{Gc, Trace, gc};
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
struct InCell {
    edge: Cell<Option<Edge>>,
}

#[derive(Trace)]
struct InRefCell(RefCell<Vec<Edge>>, RefCell<Option<Box<Edge>>>);

#[derive(Trace)]
struct Once(OnceCell<Edge>, OnceLock<Edge>);

#[derive(Trace)]
struct Locked(Mutex<Option<Edge>>, RwLock<Vec<Edge>>);

#[derive(Trace)]
struct Generic<T>(Cell<Option<T>>, RefCell<T>);

fn main() {
    let node = Gc::new(InCell { edge: Cell::new(None) });
    assert_eq!(Gc::referents(&node).len(), 0);
    node.edge.set(Some(edge()));
    assert_eq!(Gc::referents(&node).len(), 1);
    assert!(reclaims(|edge| InCell { edge: Cell::new(Some(edge)) }));

    assert!(reclaims(|back| InRefCell(RefCell::new(vec![edge(), back]), RefCell::default())));
    assert!(reclaims(|back| InRefCell(RefCell::default(), RefCell::new(Some(Box::new(back))))));
    assert!(reclaims(|back| Once(OnceCell::from(back), OnceLock::new())));
    assert!(reclaims(|back| Once(OnceCell::new(), OnceLock::from(back))));
    assert!(reclaims(|back| Locked(Mutex::new(Some(back)), RwLock::default())));
    assert!(reclaims(|back| Locked(Mutex::default(), RwLock::new(vec![back]))));
    assert!(reclaims(|back| Generic(Cell::new(Some(back)), RefCell::new(edge()))));
    assert_eq!(edges(Generic(Cell::new(Some(edge())), RefCell::new(edge()))), 2);

    // A cell that is mutably borrowed keeps what it holds, and is looked at again.
    let ring = Gc::new(InRefCell(RefCell::default(), RefCell::default()));
    ring.0.borrow_mut().push(edge());
    let borrowed = ring.0.borrow_mut();
    gc::collect();
    drop(borrowed);
    assert_eq!(ring.0.borrow().len(), 1);
}
