//! Heaps to be written.

use std::cell::RefCell;

use gc_core::{Gc, Trace, Tracer, Weak};

#[derive(Trace, Default)]
pub(crate) struct Node {
    pub(crate) next: RefCell<Option<Gc<Node>>>,
    pub(crate) others: RefCell<Vec<Gc<Node>>>,
    pub(crate) seen: RefCell<Vec<Weak<Node>>>,
}

pub(crate) fn node() -> Gc<Node> {
    Gc::default()
}

/// A chain; the first one is returned.
pub(crate) fn chain(length: usize) -> Gc<Node> {
    let link = |next: Gc<Node>, _| {
        let node = node();
        *node.next.borrow_mut() = Some(next);
        node
    };
    (1..length).fold(node(), link)
}

/// A ring that nothing holds.
pub(crate) fn garbage(length: usize) {
    let first = chain(length);
    let mut last = first.clone();
    while let Some(next) = { last.next.borrow().clone() } {
        last = next;
    }
    *last.next.borrow_mut() = Some(first);
}

/// A text that does what it can to break out of wherever it is written.
pub(crate) const HOSTILE: &str = "\"];}\\\n\t\0\u{7f}</script><b>&lt;\\N\\\"é😀\u{2028}\u{202e}]}";

/// A type whose name is strange, too, with an edge of that name.
pub(crate) struct Strange<const FIRST: char, const SECOND: char>(pub(crate) Gc<Node>);

// SAFETY: the one edge is reported once, and there is no `Drop` (T1 to T4).
unsafe impl<const FIRST: char, const SECOND: char> Trace for Strange<FIRST, SECOND> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.field(HOSTILE, &self.0);
    }
}

trait Makes {
    fn make(&self) -> Box<dyn std::any::Any>;
}

impl Makes for Node {
    fn make(&self) -> Box<dyn std::any::Any> {
        #[derive(Trace)]
        struct Local;
        Box::new(Gc::new(Local))
    }
}

/// Something on the heap whose type has a name that begins with `<`: it is declared in a method of a trait.
pub(crate) fn declared_in_a_method() -> Box<dyn std::any::Any> {
    Node::default().make()
}

/// Numbers that look random (Marsaglia, "Xorshift RNGs", 2003).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Some nodes with edges of all kinds, and those of them that are held.
pub(crate) fn random(random: &mut Random) -> Vec<Gc<Node>> {
    let count = 1 + random.below(25);
    let nodes: Vec<_> = (0..count).map(|_| node()).collect();
    for _ in 0..random.below(3 * count) {
        let (from, to) = (&nodes[random.below(count)], &nodes[random.below(count)]);
        match random.below(6) {
            0 => from.seen.borrow_mut().push(Gc::downgrade(to)),
            1 => *from.next.borrow_mut() = Some(to.clone()),
            _ => from.others.borrow_mut().push(to.clone()),
        }
    }
    (0..random.below(4)).map(|_| nodes[random.below(count)].clone()).collect()
}
