//! Random programs against a model: what a collection leaves is what can be reached, entries of weak maps included.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gc_core::gc;
use gc_core::weak::{WeakMap, WeakSet};
use gc_core::{Gc, Leaf, Trace};

type Id = usize;

/// How many maps there are on the stack; further ones are in nodes.
const OUTER: usize = 2;

/// What has died, in no order.
type Deaths = Rc<RefCell<Vec<Id>>>;

struct Grave(Id, Deaths);

impl Drop for Grave {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[derive(Trace)]
struct Node {
    id: Id,
    edges: RefCell<Vec<Gc<Node>>>,
    map: Option<Map>,
    grave: Leaf<Grave>,
}

type Map = WeakMap<Node, Vec<Gc<Node>>>;

/// The same, as it should be. A map is known by the node it is in, or by its number beyond all ids.
#[derive(Default)]
struct Model {
    held: BTreeSet<Id>,
    edges: BTreeMap<Id, Vec<Id>>,
    entries: BTreeMap<(Id, Id), Vec<Id>>,
}

fn outer(number: usize) -> Id {
    Id::MAX - number
}

impl Model {
    /// What is reachable, by the rule for ephemerons, applied until nothing changes.
    fn reachable(&self) -> BTreeSet<Id> {
        let mut reached: BTreeSet<Id> = (0..OUTER).map(outer).collect();
        let mut queue: Vec<Id> = self.held.iter().copied().collect();
        loop {
            while let Some(id) = queue.pop() {
                if reached.insert(id) {
                    queue.extend(&self.edges[&id]);
                }
            }
            let is_due = |(map, key): &(Id, Id)| reached.contains(map) && reached.contains(key);
            let values = self.entries.iter().filter(|(place, _)| is_due(place)).flat_map(|(_, value)| value);
            queue.extend(values.filter(|id| !reached.contains(id)));
            if queue.is_empty() {
                (0..OUTER).for_each(|number| assert!(reached.remove(&outer(number))));
                return reached;
            }
        }
    }

    /// Afterwards only `alive` nodes are there, and what belongs to them.
    fn bury_all_but(&mut self, alive: &BTreeSet<Id>) {
        self.edges.retain(|id, _| alive.contains(id));
        let is_alive = |id| id > Id::MAX - OUTER || alive.contains(&id);
        self.entries.retain(|&(map, key), _| is_alive(map) && is_alive(key));
    }
}

/// A program under way.
struct Run {
    random: u64,
    model: Model,
    held: BTreeMap<Id, Gc<Node>>,
    maps: [Map; OUTER],
    all: WeakSet<Node>,
    deaths: Deaths,
    next: Id,
}

impl Run {
    fn new(seed: u64) -> Self {
        let (random, maps) = (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, [Map::new(), Map::new()]);
        let (model, held, all, deaths) = Default::default();
        Self { random, model, held, maps, all, deaths, next: 0 }
    }

    /// xorshift64*.
    fn below(&mut self, bound: usize) -> usize {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    /// One of the nodes that are held.
    fn any(&mut self) -> Gc<Node> {
        if self.held.is_empty() {
            self.make();
        }
        let index = self.below(self.held.len());
        self.held.values().nth(index).expect("below the length").clone()
    }

    fn make(&mut self) {
        let id = self.next;
        self.next += 1;
        let map = (self.below(3) == 0).then(Map::new);
        let grave = Leaf(Grave(id, self.deaths.clone()));
        let node = Gc::new(Node { id, edges: RefCell::default(), map, grave });
        self.all.insert(&node);
        self.held.insert(id, node);
        self.model.held.insert(id);
        self.model.edges.insert(id, Vec::new());
    }

    fn link(&mut self) {
        let (from, to) = (self.any(), self.any());
        self.model.edges.get_mut(&from.id).expect("held").push(to.id);
        from.edges.borrow_mut().push(to);
    }

    fn unlink(&mut self) {
        let from = self.any();
        let cut = from.edges.borrow_mut().pop();
        self.model.edges.get_mut(&from.id).expect("held").pop();
        drop(cut);
    }

    fn let_go(&mut self) {
        let id = self.any().id;
        self.model.held.remove(&id);
        self.held.remove(&id);
    }

    /// Takes hold of something that is reachable only through others.
    fn take_hold(&mut self) {
        let from = self.any();
        let linked = from.edges.borrow().last().cloned();
        let found = linked.or_else(|| self.maps[0].get(&from)?.last().cloned());
        if let Some(found) = found {
            self.model.held.insert(found.id);
            self.held.insert(found.id, found);
        }
    }

    /// Does something with any map; says which one that is.
    fn with_map<R>(&mut self, use_map: impl FnOnce(&mut Self, &Map, Id) -> R) -> R {
        let owner = self.any();
        if let (Some(map), true) = (&owner.map, self.below(2) == 0) {
            return use_map(self, map, owner.id);
        }
        let number = self.below(OUTER);
        let map = std::mem::take(&mut self.maps[number]);
        let result = use_map(self, &map, outer(number));
        self.maps[number] = map;
        result
    }

    fn put(&mut self) {
        let key = self.any();
        let value: Vec<_> = (0..self.below(3)).map(|_| self.any()).collect();
        self.with_map(|run, map, id| {
            let ids = value.iter().map(|node| node.id).collect();
            let (old, known) = (map.insert(&key, value), run.model.entries.insert((id, key.id), ids));
            assert_eq!(old.map(|value| value.iter().map(|node| node.id).collect()), known);
        });
    }

    fn remove(&mut self) {
        let key = self.any();
        self.with_map(|run, map, id| {
            let (old, known) = (map.remove(&key), run.model.entries.remove(&(id, key.id)));
            assert_eq!(old.map(|value| value.iter().map(|node| node.id).collect()), known);
        });
    }

    fn clear(&mut self) {
        self.with_map(|run, map, id| {
            map.clear();
            run.model.entries.retain(|&(map, _), _| map != id);
        });
    }

    fn step(&mut self) {
        match self.below(20) {
            0..4 => self.make(),
            4..7 => self.link(),
            7 => self.unlink(),
            8..11 => self.let_go(),
            11 => self.take_hold(),
            12..17 => self.put(),
            17 => self.remove(),
            18 if self.below(8) == 0 => self.clear(),
            18 => drop(gc::collect_generation(gc::Generation::Young)),
            _ => self.collect(),
        }
        self.assert_nothing_died_early();
    }

    fn assert_nothing_died_early(&self) {
        let reachable = self.model.reachable();
        assert!(self.deaths.borrow().iter().all(|id| !reachable.contains(id)));
    }

    /// Collects, and compares everything.
    fn collect(&mut self) {
        gc::collect();
        let alive = self.model.reachable();
        self.model.bury_all_but(&alive);
        let mut nodes: BTreeMap<Id, Gc<Node>> = self.all.iter().map(|node| (node.id, node)).collect();
        assert!(nodes.keys().eq(&alive), "{:?} live, not {alive:?}", nodes.keys());
        assert_eq!((gc::stats().live_objects, self.deaths.borrow().len()), (alive.len(), self.next - alive.len()));
        let of_nodes = nodes.values().filter_map(|node| Some((node.id, node.map.as_ref()?)));
        let maps = of_nodes.chain(self.maps.iter().enumerate().map(|(number, map)| (outer(number), map)));
        let entries: BTreeMap<_, _> = maps.flat_map(|(id, map)| entries_of(id, map)).collect();
        assert_eq!(entries, self.model.entries);
        nodes.clear();
    }
}

fn entries_of(id: Id, map: &Map) -> Vec<((Id, Id), Vec<Id>)> {
    let entries = map.iter().map(|(key, value)| ((id, key.id), value.iter().map(|node| node.id).collect()));
    let entries: Vec<_> = entries.collect();
    assert_eq!(entries.len(), map.len());
    entries
}

fn run(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mut run = Run::new(seed);
        (0..60).for_each(|_| run.step());
        run.collect();
        run.held.clear();
        run.model.held.clear();
        run.collect();
        assert_eq!(gc::stats().live_objects, 0, "seed {seed}");
    }
}

#[test]
fn a_collection_leaves_what_a_fixpoint_finds_reachable() {
    run(0..3000);
}

#[test]
fn so_do_automatic_collections() {
    gc::set_thresholds(gc::Thresholds { young: 3, middle: 2, old: 2 });
    run(10_000..12_000);
}
