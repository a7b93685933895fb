//! Random programs, against a model that knows what is reachable.

use std::cell::RefCell;
use std::collections::BTreeSet;

use gc_core::gc::{self, Generation, Thresholds};
use gc_core::{Gc, Leaf, Trace};

thread_local!(static DEAD: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) });

struct Number(usize);

impl Drop for Number {
    fn drop(&mut self) {
        DEAD.with_borrow_mut(|dead| assert!(dead.insert(self.0), "{} was dropped twice", self.0));
    }
}

#[derive(Trace)]
struct Item {
    edges: RefCell<Vec<Gc<Item>>>,
    number: Leaf<Number>,
}

/// A simple seeded generator (splitmix).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

/// The program under test, and what is known of its graph.
struct Program {
    random: Random,
    handles: Vec<Gc<Item>>,
    /// Where the edges of each box lead, by number. Those of the dead are not looked at.
    edges: Vec<Vec<usize>>,
    frozen: BTreeSet<usize>,
}

impl Program {
    fn new(seed: u64) -> Self {
        DEAD.take();
        Self { random: Random(seed), handles: Vec::new(), edges: Vec::new(), frozen: BTreeSet::new() }
    }

    fn step(&mut self) {
        match self.random.below(100) {
            0..25 => self.allocate(),
            25..50 => self.link(),
            50..60 => self.unlink(),
            60..80 => self.forget(),
            80..85 => self.touch(),
            85..94 => drop(gc::collect_generation(Generation::ALL[self.random.below(3)])),
            94..97 => self.freeze(),
            _ => self.unfreeze(),
        }
    }

    fn allocate(&mut self) {
        let number = self.edges.len();
        self.edges.push(Vec::new());
        self.handles.push(Gc::new(Item { edges: RefCell::default(), number: Leaf(Number(number)) }));
    }

    /// One of the handles.
    fn pick(&mut self) -> Option<Gc<Item>> {
        let handles = self.handles.len();
        (handles > 0).then(|| self.handles[self.random.below(handles)].clone())
    }

    fn link(&mut self) {
        let (Some(from), Some(to)) = (self.pick(), self.pick()) else { return };
        self.edges[from.number.0.0].push(to.number.0.0);
        from.edges.borrow_mut().push(to);
    }

    fn unlink(&mut self) {
        let Some(from) = self.pick() else { return };
        self.edges[from.number.0.0].pop();
        let last = from.edges.borrow_mut().pop();
        drop(last);
    }

    fn forget(&mut self) {
        let handles = self.handles.len();
        if handles > 0 {
            let index = self.random.below(handles);
            drop(self.handles.swap_remove(index));
        }
    }

    /// Takes a pointer out of the graph.
    fn touch(&mut self) {
        let target = self.pick().and_then(|from| from.edges.borrow().last().cloned());
        self.handles.extend(target);
    }

    fn freeze(&mut self) {
        gc::freeze();
        let alive = (0..self.edges.len()).filter(|&number| self.is_alive(number));
        self.frozen = alive.collect();
    }

    fn unfreeze(&mut self) {
        gc::unfreeze();
        self.frozen.clear();
    }

    fn is_alive(&self, number: usize) -> bool {
        DEAD.with_borrow(|dead| !dead.contains(&number))
    }

    fn alive(&self) -> BTreeSet<usize> {
        (0..self.edges.len()).filter(|&number| self.is_alive(number)).collect()
    }

    /// What the handles, and `others`, lead to.
    fn reachable(&self, others: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut queue: Vec<_> = self.handles.iter().map(|held| held.number.0.0).chain(others).collect();
        let mut reachable = BTreeSet::new();
        while let Some(number) = queue.pop() {
            if reachable.insert(number) {
                queue.extend(&self.edges[number]);
            }
        }
        reachable
    }

    fn frozen_alive(&self) -> Vec<usize> {
        self.frozen.iter().copied().filter(|&number| self.is_alive(number)).collect()
    }

    fn assert_nothing_was_freed_early(&self) {
        let alive = self.alive();
        let early: Vec<_> = self.reachable(self.frozen_alive()).difference(&alive).copied().collect();
        assert!(early.is_empty(), "{early:?} died early");
        assert_eq!(gc::frozen_len(), self.frozen_alive().len());
        assert_eq!(gc::stats().live_objects, alive.len());
    }

    fn assert_garbage_goes(&self) {
        gc::collect();
        assert_eq!(self.alive(), self.reachable(self.frozen_alive()));
    }
}

/// Runs programs of this many steps, with these seeds.
fn run(seeds: std::ops::Range<u64>, steps: usize, thresholds: Thresholds) {
    gc::set_thresholds(thresholds);
    for seed in seeds {
        let mut program = Program::new(seed);
        for step in 0..steps {
            program.step();
            program.assert_nothing_was_freed_early();
            if step % 50 == 49 {
                program.assert_garbage_goes();
                program.assert_nothing_was_freed_early();
            }
        }
        program.unfreeze();
        program.assert_garbage_goes();
        program.handles.clear();
        program.assert_garbage_goes();
        assert_eq!((gc::stats().live_objects, gc::stats().candidates), (0, 0));
    }
}

#[test]
fn programs_that_collect_when_they_like() {
    run(0..60, 400, Thresholds::default());
}

#[test]
fn programs_with_frequent_automatic_collections() {
    run(1_000..1_060, 400, Thresholds { young: 3, middle: 2, old: 2 });
}
