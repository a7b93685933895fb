//! Random programs whose garbage nobody asks to be collected: it goes by slices, between which anything may happen, and what
//! is alive by plain reachability stays.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use gc_core::gc::{self, Thresholds};
use gc_core::weak::WeakMap;
use gc_core::{Finalize, Gc, Leaf, Trace, Weak};

/// Steps of a program, and how many programs run for each budget.
const STEPS: usize = 400;
const PROGRAMS: u64 = if cfg!(any(debug_assertions, gc_verify)) { 4 } else { 60 };
const ROOTS: usize = 12;

thread_local! {
    static DEAD: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    static RESCUED: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
}

struct Note(u32);

impl Drop for Note {
    fn drop(&mut self) {
        // At the end of the thread nobody looks any more.
        let _ = DEAD.try_with(|dead| dead.borrow_mut().push(self.0));
    }
}

/// A node, some of which save themselves once.
#[derive(Trace)]
#[trace(finalize)]
struct Node {
    edges: RefCell<Vec<Gc<Node>>>,
    map: WeakMap<Node, Gc<Node>>,
    me: Weak<Node>,
    note: Leaf<Note>,
}

impl Finalize for Node {
    fn finalize(&self) {
        if self.note.0.0.is_multiple_of(9) {
            let _ = RESCUED.try_with(|rescued| rescued.borrow_mut().extend(self.me.upgrade()));
        }
    }
}

fn node(id: u32) -> Gc<Node> {
    Gc::new_cyclic(|me| Node { edges: RefCell::default(), map: WeakMap::new(), me: me.clone(), note: Leaf(Note(id)) })
}

fn id(node: &Gc<Node>) -> u32 {
    node.note.0.0
}

/// SplitMix64 (Steele, Lea, Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// What refers to what, by number, the dead included.
#[derive(Default)]
struct Model {
    edges: HashMap<u32, Vec<u32>>,
    /// By owner of the table: key and value.
    entries: HashMap<u32, HashMap<u32, u32>>,
    dead: HashSet<u32>,
}

impl Model {
    fn reachable(&self, roots: impl Iterator<Item = u32>) -> HashSet<u32> {
        let mut queue: Vec<u32> = roots.collect();
        let mut reachable = HashSet::new();
        loop {
            while let Some(next) = queue.pop() {
                if reachable.insert(next) {
                    queue.extend(&self.edges[&next]);
                }
            }
            let tables = self.entries.iter().filter(|(owner, _)| reachable.contains(owner));
            let due = tables.flat_map(|(_, entries)| entries).filter(|(key, _)| reachable.contains(key));
            queue.extend(due.map(|(_, &value)| value).filter(|value| !reachable.contains(value)));
            if queue.is_empty() {
                return reachable;
            }
        }
    }
}

struct Program {
    random: Random,
    model: Model,
    roots: Vec<Option<Gc<Node>>>,
    weak: Vec<Weak<Node>>,
    next: u32,
}

impl Program {
    fn new(seed: u64) -> Self {
        let (random, model) = (Random(seed), Model::default());
        Self { random, model, roots: vec![None; ROOTS], weak: Vec::new(), next: 0 }
    }

    fn root(&mut self) -> Option<Gc<Node>> {
        let index = self.random.below(ROOTS);
        self.roots[index].clone()
    }

    /// A root, or what is a few edges away from it.
    fn walk(&mut self) -> Option<Gc<Node>> {
        let mut node = self.root()?;
        for _ in 0..self.random.below(4) {
            let edges = node.edges.borrow();
            let count = edges.len();
            if count == 0 {
                break;
            }
            let next = edges[self.random.below(count)].clone();
            drop(edges);
            node = next;
        }
        Some(node)
    }

    fn put(&mut self, node: Option<Gc<Node>>) {
        let index = self.random.below(ROOTS);
        self.roots[index] = node;
    }

    fn make(&mut self) -> Gc<Node> {
        let made = node(self.next);
        self.model.edges.insert(self.next, Vec::new());
        self.next += 1;
        made
    }

    fn link(&mut self, from: &Gc<Node>, to: &Gc<Node>) {
        from.edges.borrow_mut().push(to.clone());
        self.model.edges.get_mut(&id(from)).expect("it was made").push(id(to));
    }

    /// Takes an edge out, and hands out where it led.
    fn unlink(&mut self, from: &Gc<Node>) -> Option<Gc<Node>> {
        let mut edges = from.edges.borrow_mut();
        let count = edges.len();
        let index = (count > 0).then(|| self.random.below(count))?;
        self.model.edges.get_mut(&id(from))?.swap_remove(index);
        Some(edges.swap_remove(index))
    }

    fn step(&mut self) {
        match self.random.below(16) {
            0..=3 => {
                let made = self.make();
                if let Some(other) = self.walk() {
                    self.link(&made, &other);
                    self.link(&other, &made);
                }
                self.put(Some(made));
            }
            4..=6 => {
                if let (Some(from), Some(to)) = (self.walk(), self.walk()) {
                    self.link(&from, &to);
                }
            }
            7 => {
                if let Some(from) = self.walk() {
                    drop(self.unlink(&from));
                }
            }
            // What was owned by a box is owned by a variable for a while, and by another box then.
            8 => {
                if let Some(from) = self.walk()
                    && let Some(moved) = self.unlink(&from)
                {
                    (0..self.random.below(40)).for_each(|_| drop(Gc::new(0)));
                    match self.walk() {
                        Some(to) => {
                            to.edges.borrow_mut().push(moved.clone());
                            self.model.edges.get_mut(&id(&to)).expect("it was made").push(id(&moved));
                        }
                        None => self.put(Some(moved)),
                    }
                }
            }
            9 => {
                let root = self.walk();
                self.put(root);
            }
            10..=11 => self.put(None),
            12 => {
                if let (Some(owner), Some(key), Some(value)) = (self.walk(), self.walk(), self.walk()) {
                    let entries = self.model.entries.entry(id(&owner)).or_default();
                    entries.insert(id(&key), id(&value));
                    drop(owner.map.insert(&key, value));
                }
            }
            13 => {
                if let Some(root) = self.walk() {
                    self.weak.push(Gc::downgrade(&root));
                }
            }
            14 => {
                let count = self.weak.len();
                if count > 0 {
                    let upgraded = self.weak.swap_remove(self.random.below(count)).upgrade();
                    self.put(upgraded);
                }
            }
            // A cell is borrowed while slices are done.
            _ => {
                if let Some(held) = self.walk() {
                    let _borrowed = held.edges.borrow_mut();
                    (0..self.random.below(60)).for_each(|_| drop(Gc::new(0)));
                }
            }
        }
        self.look();
    }

    /// Nothing that is reachable may be dead.
    fn look(&mut self) -> HashSet<u32> {
        for rescued in RESCUED.take() {
            self.put(Some(rescued));
        }
        self.model.dead.extend(DEAD.take());
        let reachable = self.model.reachable(self.roots.iter().flatten().map(id));
        let lost: Vec<_> = self.model.dead.intersection(&reachable).collect();
        assert!(lost.is_empty(), "{lost:?} were reachable, and are dead");
        reachable
    }

    /// Allocations alone reclaim all that is unreachable.
    fn settle(&mut self) {
        for _ in 0..300 {
            (0..10_000).for_each(|_| drop(Gc::new(0)));
            let reachable = self.look();
            if reachable.len() + self.model.dead.len() == self.next as usize {
                return;
            }
        }
        let reachable = self.look();
        let all = 0..self.next;
        let left: Vec<_> = all.filter(|id| !reachable.contains(id) && !self.model.dead.contains(id)).collect();
        panic!("{left:?} are unreachable, and not dead after 3,000,000 allocations");
    }
}

fn run(budget: usize, seed: u64) {
    gc::set_budget(budget);
    gc::set_thresholds(Thresholds { young: 4, middle: 1, old: 1 });
    let mut program = Program::new(seed);
    for _ in 0..3 {
        for _ in 0..STEPS {
            program.step();
            (0..program.random.below(8)).for_each(|_| drop(Gc::new(0)));
        }
        program.settle();
    }
    program.roots.fill(None);
    program.settle();
}

#[test]
fn what_is_unreachable_goes_by_allocations_alone_and_what_is_reachable_stays() {
    for budget in [1, 3, 10, 40, 200] {
        for seed in 0..PROGRAMS {
            let name = format!("budget {budget}, seed {seed}");
            let program =
                std::thread::Builder::new().name(name).spawn(move || run(budget, seed * 1000 + budget as u64));
            program.expect("a thread").join().expect("a program went wrong");
        }
    }
}
