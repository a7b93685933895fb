//! A directed graph that is what it looks like: nodes that own one another, in circles where they please.
//!
//! No arena and no indices to keep valid. Tables that an algorithm needs beside the graph are `WeakMap`s keyed by node,
//! which keep nothing alive. Strongly connected components are Tarjan's, shortest paths Dijkstra's; a test compares both
//! with `petgraph`.
//!
//! ```sh
//! cargo run --example digraph
//! ```

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gc_core::weak::WeakMap;
use gc_core::{Gc, Trace, gc};

#[derive(Trace)]
struct Node {
    name: String,
    edges: RefCell<Vec<(u64, Gc<Node>)>>,
}

impl Node {
    fn new(name: impl Into<String>) -> Gc<Self> {
        Gc::new(Self { name: name.into(), edges: RefCell::default() })
    }

    fn connect(&self, length: u64, to: &Gc<Self>) {
        self.edges.borrow_mut().push((length, to.clone()));
    }

    /// The target of the edge with this number.
    fn target(&self, edge: usize) -> Option<Gc<Self>> {
        self.edges.borrow().get(edge).map(|(_, target)| target.clone())
    }
}

/// The strongly connected components, each after those that it leads to. Without recursion, for any depth.
fn components(nodes: &[Gc<Node>]) -> Vec<Vec<Gc<Node>>> {
    let mut tarjan = Tarjan::default();
    nodes.iter().for_each(|node| tarjan.explore(node));
    tarjan.found
}

#[derive(Default)]
struct Tarjan {
    /// When a node was discovered: the least that it leads to. `usize::MAX` once its component is found.
    low: WeakMap<Node, usize>,
    discovered: usize,
    open: Vec<Gc<Node>>,
    found: Vec<Vec<Gc<Node>>>,
}

impl Tarjan {
    fn explore(&mut self, start: &Gc<Node>) {
        // A node, its own number, and which of its edges is next.
        let mut path: Vec<_> = self.discover(start).into_iter().collect();
        while let Some((node, number, edge)) = path.last_mut() {
            if let Some(target) = node.target(*edge) {
                *edge += 1;
                match self.low.get(&target) {
                    Some(low) => self.lower(node, low),
                    None => path.extend(self.discover(&target)),
                }
            } else {
                let (node, number) = (node.clone(), *number);
                path.pop();
                let low = self.low.get(&node).unwrap_or(number);
                if low == number {
                    self.close(&node);
                } else if let Some((parent, ..)) = path.last() {
                    self.lower(parent, low);
                }
            }
        }
    }

    fn discover(&mut self, node: &Gc<Node>) -> Option<(Gc<Node>, usize, usize)> {
        if self.low.contains_key(node) {
            return None;
        }
        let number = self.discovered;
        self.discovered += 1;
        self.low.insert(node, number);
        self.open.push(node.clone());
        Some((node.clone(), number, 0))
    }

    fn lower(&self, node: &Gc<Node>, low: usize) {
        let least = self.low.get(node).map_or(low, |known| known.min(low));
        self.low.insert(node, least);
    }

    fn close(&mut self, root: &Gc<Node>) {
        let first = self.open.iter().rposition(|node| Gc::ptr_eq(node, root)).unwrap_or(0);
        let component = self.open.split_off(first);
        for node in &component {
            self.low.insert(node, usize::MAX);
        }
        self.found.push(component);
    }
}

/// How far it is to each node that `start` leads to.
fn distances(start: &Gc<Node>) -> WeakMap<Node, u64> {
    let known = WeakMap::new();
    // Nodes have no order, so the queue has numbers for them.
    let mut met = vec![start.clone()];
    let mut queue = BinaryHeap::from([Reverse((0, 0))]);
    while let Some(Reverse((distance, number))) = queue.pop() {
        let node = met[number].clone();
        if known.contains_key(&node) {
            continue;
        }
        known.insert(&node, distance);
        for (length, target) in node.edges.borrow().iter() {
            queue.push(Reverse((distance + length, met.len())));
            met.push(target.clone());
        }
    }
    known
}

fn main() {
    let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(Node::new);
    for (from, length, to) in
        [(&a, 4, &b), (&b, 1, &c), (&c, 1, &a), (&a, 9, &d), (&c, 2, &d), (&d, 3, &e), (&e, 1, &d)]
    {
        from.connect(length, to);
    }
    for component in components(std::slice::from_ref(&a)) {
        let names: Vec<_> = component.iter().map(|node| &*node.name).collect();
        println!("component: {}", names.join(" "));
    }
    let distances = distances(&a);
    for node in [&a, &b, &c, &d, &e] {
        println!("from a to {}: {:?}", node.name, distances.get(node));
    }
    drop((a, b, c, d, e));
    println!("collected: {}; distances left: {}", gc::collect(), distances.len());
}

#[cfg(test)]
#[path = "tests/support/beside_petgraph.rs"]
mod beside_petgraph;
