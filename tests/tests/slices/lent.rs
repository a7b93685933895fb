//! Slices, while somebody looks at an entry of a weak table.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use gc_core::gc::{self, CollectEvent, Generation};
use gc_core::weak::WeakValueMap;
use gc_core::{Gc, Leaf, Trace};
use gc_tests::{Node, dropped, link, node};

/// Is what its number is, and does something when it is compared.
#[derive(Trace)]
struct Key {
    number: u32,
    edge: Option<Gc<Node>>,
    compared: Leaf<Rc<dyn Fn()>>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        (self.compared.0)();
        (other.compared.0)();
        self.number == other.number
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

fn full_collections() -> u64 {
    gc::stats().generations[2].collections
}

fn allocate_until(is_done: impl Fn() -> bool) {
    for _ in 0..1_000_000 {
        if is_done() {
            return;
        }
        drop(Gc::new(0));
    }
    panic!("it has not happened after a million allocations");
}

/// Lets go of a value whose entry leads to it, and looks that entry up after so many slices, until the collection is over;
/// `false` if it was over before.
fn check_entry_lent_after(slices: usize) -> bool {
    let (done, before) = (Rc::new(Cell::new(0)), dropped());
    let count = done.clone();
    let _guard = gc::on_collect(move |event| {
        if matches!(event, CollectEvent::Stop(report) if report.generation == Generation::Old) {
            count.set(count.get() + 1);
        }
    });
    let (value, between) = (node(), node());
    link(&between, &value);
    let table = WeakValueMap::new();
    table.insert(Key { number: 1, edge: Some(between.clone()), compared: Leaf(Rc::new(|| ())) }, &value);
    gc::collect();
    done.set(0);
    drop((value, between));
    allocate_until(|| done.get() == slices || dropped() > before);
    if dropped() > before {
        return false;
    }
    let full = full_collections();
    let compared = Leaf(Rc::new(move || allocate_until(|| full_collections() > full)) as Rc<dyn Fn()>);
    assert!(table.contains_key(&Key { number: 1, edge: None, compared }));
    assert_eq!((dropped(), full_collections()), (before, full + 1), "somebody looks at it");
    gc::collect();
    assert_eq!((dropped() - before, table.len()), (2, 0), "lent after {slices} slices");
    true
}

/// What the entry leads to is held as long as somebody looks at it, and garbage afterwards, though no pointer is dropped then.
#[test]
fn garbage_behind_an_entry_that_was_lent_in_whichever_slice_is_found_later() {
    gc::set_budget(1);
    let slices = (0..).take_while(|&slices| check_entry_lent_after(slices)).count();
    assert!(slices > 5, "it was reclaimed in {slices} slices");
}
