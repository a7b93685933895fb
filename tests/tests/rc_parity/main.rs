//! `Gc` and `Weak` are `Rc` and `rc::Weak`: each item by its name and type, and what it does, on both.
//!
//! The table that these tests back is in the docs of `Gc`.

#![allow(unsafe_code, reason = "half of the surface is unsafe")]

mod auto_traits;
mod make_mut;
mod panicking;
mod raw;
mod same;
mod surface;
mod uninit;
mod unwrap;
mod walk;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::gc::{self, Generation, Thresholds};
use gc_core::{Finalize, Gc, Leaf, Trace, Weak};
use gc_tests::Counted;

/// Afterwards a collection runs inside of every allocation.
fn collect_always() {
    gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
}

/// The message of the panic that `action` ends in.
fn panic_of<R>(action: impl FnOnce() -> R) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).err().expect("a panic");
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a message")
}

/// What a finalizer of an [`Item`] does.
type Probe = fn(&Item);

thread_local! {
    static PROBE: Cell<Option<Probe>> = const { Cell::new(None) };
    static CLONING: Cell<Option<Probe>> = const { Cell::new(None) };
}

/// Has edges, a finalizer and a `Clone`, in which a test may do anything.
#[derive(Trace, Default)]
#[trace(finalize)]
struct Item {
    number: Cell<u32>,
    edges: RefCell<Vec<Gc<Item>>>,
    me: RefCell<Weak<Item>>,
    counted: Leaf<Counted>,
}

impl Finalize for Item {
    fn finalize(&self) {
        if let Some(probe) = PROBE.get() {
            probe(self);
        }
    }
}

impl Clone for Item {
    fn clone(&self) -> Self {
        if let Some(cloning) = CLONING.get() {
            cloning(self);
        }
        Self { number: self.number.clone(), edges: self.edges.clone(), ..Self::default() }
    }
}

/// An item with this number.
fn item(number: u32) -> Gc<Item> {
    Gc::new(Item { number: Cell::new(number), ..Item::default() })
}

/// An item that can upgrade to itself.
fn reflexive(number: u32) -> Gc<Item> {
    let item = item(number);
    *item.me.borrow_mut() = Gc::downgrade(&item);
    item
}

/// Draws an edge.
fn link(from: &Gc<Item>, to: &Gc<Item>) {
    from.edges.borrow_mut().push(to.clone());
}

/// Two items, each with an edge to the other, of which nothing else holds the second.
fn pair(first: u32, second: u32) -> Gc<Item> {
    let (one, other) = (reflexive(first), reflexive(second));
    link(&one, &other);
    link(&other, &one);
    one
}

/// Makes a candidate of what is held, unless no collection looks at it.
fn suspect<T: ?Sized>(held: &Gc<T>) {
    drop(held.clone());
}

/// `item`, after it survived a collection of `generation` as a candidate, and is one again.
fn aged(item: Gc<Item>, generation: Generation) -> Gc<Item> {
    suspect(&item);
    gc::collect_generation(generation);
    suspect(&item);
    item
}
