//! Random programs, compared with plain reachability.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use gc_core::gc::{self, Generation};
use gc_core::weak::WeakValueMap;
use gc_core::{Gc, Leaf, Trace, Weak};
use gc_tests::Counted;

/// SplitMix64 (Steele, Lea, Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("small")
    }
}

/// Equal keys have equal names; each owns what it likes.
#[derive(Trace)]
struct Key(u32, Option<Gc<Object>>, Leaf<Counted>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 / 2).hash(state);
    }
}

#[derive(Trace, Default)]
struct Object {
    edges: RefCell<Vec<Gc<Object>>>,
    map: WeakValueMap<Key, Object>,
    counted: Leaf<Counted>,
}

/// An entry of the model: its value, and what its key owns.
type Entries = BTreeMap<u32, (usize, Option<usize>)>;

/// What an object owns.
#[derive(Default)]
struct Model {
    edges: Vec<usize>,
    entries: Entries,
}

#[derive(Default)]
struct World {
    /// All objects ever made.
    real: Vec<Weak<Object>>,
    model: Vec<Model>,
    held: BTreeMap<usize, Gc<Object>>,
}

impl World {
    fn is_alive(&self, object: usize) -> bool {
        self.real[object].strong_count() > 0
    }

    /// The entries of dead values are gone.
    fn forget_dead(&mut self) {
        let alive: Vec<_> = (0..self.real.len()).map(|object| self.is_alive(object)).collect();
        for model in &mut self.model {
            model.entries.retain(|_, (value, _)| alive[*value]);
        }
    }

    /// An entry's key leads on if both its map and its value are reached.
    fn reachable(&self) -> BTreeSet<usize> {
        let mut reached: BTreeSet<usize> = self.held.keys().copied().collect();
        loop {
            let mut next = BTreeSet::new();
            for &object in &reached {
                let model = &self.model[object];
                next.extend(model.edges.iter().copied());
                let live = model.entries.values().filter(|(value, _)| reached.contains(value));
                next.extend(live.filter_map(|(_, owned)| *owned));
            }
            if next.is_subset(&reached) {
                return reached;
            }
            reached.extend(next);
        }
    }

    fn pick(&self, random: &mut Random) -> Option<(usize, Gc<Object>)> {
        let at = random.below(self.held.len().max(1));
        self.held.iter().nth(at).map(|(object, gc)| (*object, gc.clone()))
    }

    fn step(&mut self, random: &mut Random) {
        self.forget_dead();
        let (one, two, three) = (self.pick(random), self.pick(random), self.pick(random));
        let name = u32::try_from(random.below(6)).expect("small");
        let (Some((one, gc)), Some((two, other)), Some((three, third))) = (one, two, three) else {
            return self.make();
        };
        match random.below(14) {
            0..3 => self.make(),
            3..5 => drop(self.held.remove(&one)),
            5 => {
                gc.edges.borrow_mut().push(other.clone());
                self.model[one].edges.push(two);
            }
            6 => {
                gc.edges.borrow_mut().clear();
                self.model[one].edges.clear();
            }
            7..10 => self.insert(one, name, two, (random.below(3) > 0).then_some(three)),
            10 => {
                let removed = gc.map.remove(&Key(name, None, Leaf(Counted)));
                assert_eq!(removed.is_some(), self.model[one].entries.remove(&name).is_some());
            }
            11 => {
                gc.map.retain(|key, _| key.0 % 2 == 0);
                self.model[one].entries.retain(|name, _| name % 2 == 0);
            }
            12 => {
                let found: Vec<_> = gc.edges.borrow().clone();
                if let Some(found) = found.first() {
                    self.held.insert(self.model[one].edges[0], found.clone());
                }
            }
            _ => {
                let generations = [Generation::Young, Generation::Middle];
                drop((gc, other, third));
                gc::collect_generation(generations[random.below(2)]);
            }
        }
    }

    fn make(&mut self) {
        let gc = Gc::new(Object::default());
        self.held.insert(self.real.len(), gc.clone());
        self.real.push(Gc::downgrade(&gc));
        self.model.push(Model::default());
    }

    /// An equal key stays, with what it owns.
    fn insert(&mut self, at: usize, name: u32, value: usize, owned: Option<usize>) {
        let key = Key(name, owned.map(|owned| self.held[&owned].clone()), Leaf(Counted));
        let old = self.held[&at].map.insert(key, &self.held[&value]);
        let entry = self.model[at].entries.entry(name).and_modify(|entry| entry.0 = value);
        assert_eq!(old.is_some(), matches!(entry, std::collections::btree_map::Entry::Occupied(_)));
        entry.or_insert((value, owned));
    }

    /// What is alive has the entries whose values are alive, and no others.
    fn compare(&mut self, seed: u64) {
        self.forget_dead();
        for object in 0..self.real.len() {
            let Some(gc) = self.real[object].upgrade() else { continue };
            let entries = &self.model[object].entries;
            assert_eq!(gc.map.len(), entries.len(), "seed {seed}");
            for (name, (value, owned)) in entries {
                let found = gc.map.get(&Key(*name, None, Leaf(Counted))).expect("an entry");
                assert!(Gc::downgrade(&found).ptr_eq(&self.real[*value]), "seed {seed}");
                assert!(owned.is_none_or(|owned| self.is_alive(owned)), "seed {seed}");
            }
        }
        let reachable = self.reachable();
        assert!(reachable.iter().all(|&object| self.is_alive(object)), "seed {seed}: freed early");
    }

    fn compare_collected(&mut self, seed: u64) {
        gc::collect();
        self.compare(seed);
        gc::collect();
        let alive: BTreeSet<_> = (0..self.real.len()).filter(|&object| self.is_alive(object)).collect();
        assert_eq!(alive, self.reachable(), "seed {seed}");
    }
}

#[test]
fn random_programs_agree_with_plain_reachability() {
    let programs = if cfg!(any(debug_assertions, gc_system_alloc)) { 500 } else { 5000 };
    for seed in 0..programs {
        let mut random = Random(seed);
        let mut world = World::default();
        for step in 0..120 {
            world.step(&mut random);
            if step % 10 == 0 {
                world.compare(seed);
            }
            if step % 40 == 39 {
                world.compare_collected(seed);
            }
        }
        world.held.clear();
        world.compare_collected(seed);
        drop(world);
        assert_eq!(gc::stats().live_objects, 0, "seed {seed}");
    }
}
