//! A cache that forgets what was used longest ago: a hash map, and a ring in order of use, both of strong pointers.
//!
//! Each entry owns both its neighbours. That would leak with `Rc`; here nobody has to decide which of the two links is the
//! weak one. An entry that is taken out of the ring still goes at once, by counting; a collection finds what is left of
//! the ring when the cache is dropped.
//!
//! ```sh
//! cargo run --example lru_cache
//! ```

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;

use gc_core::{Gc, Trace, gc};

#[derive(Trace)]
struct Entry<K, V> {
    /// Nothing in the entry that marks where the ring begins.
    content: Option<(K, V)>,
    links: RefCell<Option<Links<K, V>>>,
}

#[derive(Trace)]
struct Links<K, V> {
    newer: Gc<Entry<K, V>>,
    older: Gc<Entry<K, V>>,
}

impl<K, V> Entry<K, V> {
    fn newer(&self) -> Option<Gc<Self>> {
        self.links.borrow().as_ref().map(|links| links.newer.clone())
    }

    /// Leaves the ring.
    fn unlink(&self) {
        if let Some(Links { newer, older }) = self.links.take() {
            connect(&older, &newer);
        }
    }

    /// Enters the ring as the newest: just before its beginning.
    fn link(this: &Gc<Self>, start: &Gc<Self>) {
        let newest = start.links.borrow().as_ref().map_or_else(|| start.clone(), |links| links.older.clone());
        *this.links.borrow_mut() = Some(Links { newer: start.clone(), older: newest.clone() });
        connect(&newest, this);
        connect(this, start);
    }
}

/// Makes two entries neighbours; one without links begins a ring of its own.
fn connect<K, V>(older: &Gc<Entry<K, V>>, newer: &Gc<Entry<K, V>>) {
    let alone = |entry: &Gc<Entry<K, V>>| Links { newer: entry.clone(), older: entry.clone() };
    older.links.borrow_mut().get_or_insert_with(|| alone(older)).newer = newer.clone();
    newer.links.borrow_mut().get_or_insert_with(|| alone(newer)).older = older.clone();
}

struct Cache<K, V> {
    capacity: usize,
    entries: HashMap<K, Gc<Entry<K, V>>>,
    start: Gc<Entry<K, V>>,
}

impl<K, V> Cache<K, V>
where
    K: Trace + Clone + Eq + Hash + 'static,
    V: Trace + Clone + 'static,
{
    fn new(capacity: usize) -> Self {
        let start = Gc::new(Entry { content: None, links: RefCell::new(None) });
        Self { capacity, entries: HashMap::new(), start }
    }

    /// The value of this key, which is the newest from now on.
    fn get(&self, key: &K) -> Option<V> {
        let entry = self.entries.get(key)?;
        entry.unlink();
        Entry::link(entry, &self.start);
        entry.content.as_ref().map(|(_, value)| value.clone())
    }

    fn insert(&mut self, key: K, value: V) {
        let entry = Gc::new(Entry { content: Some((key.clone(), value)), links: RefCell::new(None) });
        Entry::link(&entry, &self.start);
        if let Some(former) = self.entries.insert(key, entry) {
            former.unlink();
        }
        if self.entries.len() > self.capacity {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let oldest = self.start.newer();
        if let Some((key, _)) = oldest.as_ref().and_then(|entry| entry.content.as_ref()) {
            self.entries.remove(key);
        }
        oldest.inspect(|entry| entry.unlink());
    }
}

fn main() {
    let mut cache = Cache::new(2);
    cache.insert("one", 1);
    cache.insert("two", 2);
    assert_eq!(cache.get(&"one"), Some(1));
    cache.insert("three", 3);
    for key in ["one", "two", "three"] {
        println!("{key}: {:?}", cache.get(&key));
    }

    for number in 0..100_000 {
        cache.insert(["four", "five", "six"][number % 3], number);
    }
    // Two entries and the start of the ring: what was forgotten has gone by counting.
    println!("boxes alive: {}", gc::stats().live_objects);
    drop(cache);
    println!("in the ring that is left: {}, collected: {}", gc::stats().live_objects, gc::collect());
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn the_cache_agrees_with_a_list_in_order_of_use() {
    let mut cache = Cache::new(4);
    let mut model: Vec<(u32, u32)> = Vec::new();
    let mut random = 1_u32;
    for step in 0..20_000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let key = random >> 16 & 7;
        let found = model.iter().position(|(other, _)| *other == key).map(|at| model.remove(at));
        if random >> 30 == 0 {
            cache.insert(key, step);
            model.push((key, step));
            model.drain(..model.len().saturating_sub(4));
        } else {
            assert_eq!(cache.get(&key), found.map(|(_, value)| value), "at step {step}");
            model.extend(found);
        }
        assert_eq!(cache.entries.len(), model.len());
    }
}
