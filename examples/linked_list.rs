//! A doubly linked list: strong links forward, weak links back.
//!
//! Nobody but its predecessor owns a node, so counting alone frees the list, however long it is: no collection, and no
//! recursion. A handle to a node removes it in constant time.
//!
//! ```sh
//! cargo run --example linked_list
//! ```

use std::cell::RefCell;
use std::iter;

use gc_core::{Gc, Trace, Weak, gc};

#[derive(Trace)]
struct Node<T> {
    value: T,
    next: RefCell<Option<Gc<Node<T>>>>,
    previous: RefCell<Weak<Node<T>>>,
}

#[derive(Trace)]
struct List<T> {
    first: Option<Gc<Node<T>>>,
    last: Weak<Node<T>>,
}

impl<T: Trace + 'static> List<T> {
    fn new() -> Self {
        Self { first: None, last: Weak::new() }
    }

    /// Appends a value; returns a handle to its node.
    fn push_back(&mut self, value: T) -> Gc<Node<T>> {
        let last = self.last.upgrade();
        let node = Gc::new(Node { value, next: RefCell::new(None), previous: RefCell::new(self.last.clone()) });
        self.last = Gc::downgrade(&node);
        match last {
            Some(last) => *last.next.borrow_mut() = Some(node.clone()),
            None => self.first = Some(node.clone()),
        }
        node
    }

    /// Takes a node of this list out of it. One that was taken out already is left as it is.
    fn remove(&mut self, node: &Gc<Node<T>>) {
        let previous = node.previous.take().upgrade();
        if previous.is_none() && !self.is_first(node) {
            return;
        }
        let next = node.next.take();
        let back = previous.as_ref().map(Gc::downgrade).unwrap_or_default();
        match &next {
            Some(next) => *next.previous.borrow_mut() = back,
            None => self.last = back,
        }
        match previous {
            Some(previous) => *previous.next.borrow_mut() = next,
            None => self.first = next,
        }
    }

    fn is_first(&self, node: &Gc<Node<T>>) -> bool {
        self.first.as_ref().is_some_and(|first| Gc::ptr_eq(first, node))
    }

    fn forward(&self) -> impl Iterator<Item = Gc<Node<T>>> {
        iter::successors(self.first.clone(), |node| node.next.borrow().clone())
    }

    fn backward(&self) -> impl Iterator<Item = Gc<Node<T>>> {
        iter::successors(self.last.upgrade(), |node| node.previous.borrow().upgrade())
    }
}

fn values(nodes: impl Iterator<Item = Gc<Node<&'static str>>>) -> String {
    nodes.map(|node| node.value).collect::<Vec<_>>().join(" ")
}

fn main() {
    let mut list = List::new();
    let [a, b, c] = ["a", "b", "c"].map(|value| list.push_back(value));
    println!("forward:  {}", values(list.forward()));
    println!("backward: {}", values(list.backward()));

    list.remove(&b);
    list.remove(&b);
    println!("without b: {}; and back: {}", values(list.forward()), values(list.backward()));
    list.remove(&a);
    list.remove(&c);
    assert!(list.first.is_none() && list.last.upgrade().is_none());
    drop((list, a, b, c));

    let mut long = List::new();
    for number in 0..100_000 {
        long.push_back(number);
    }
    println!("nodes alive: {}", gc::stats().live_objects);
    // From here on no collection can have freed anything: there is none.
    let collections = |stats: gc::Stats| stats.generations.iter().map(|of| of.collections).sum::<u64>();
    let before = collections(gc::stats());
    drop(long);
    let after = gc::stats();
    println!("nodes alive: {}; collections needed: {}", after.live_objects, collections(after) - before);
}

#[test]
fn a_list_reads_the_same_both_ways_whatever_was_removed() {
    for removed in 0..1_u32 << 5 {
        let mut list = List::new();
        let nodes: Vec<_> = (0..5).map(|number| list.push_back(number)).collect();
        let (gone, kept): (Vec<_>, Vec<_>) = nodes.iter().partition(|node| removed >> node.value & 1 == 1);
        gone.into_iter().for_each(|node| list.remove(node));
        let kept: Vec<_> = kept.into_iter().map(|node| node.value).collect();
        assert_eq!(list.forward().map(|node| node.value).collect::<Vec<_>>(), kept);
        assert!(list.backward().map(|node| node.value).eq(kept.iter().rev().copied()));
    }
    assert_eq!((gc::stats().live_objects, gc::collect()), (0, 0));
}
