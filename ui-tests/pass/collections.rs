//! The collections of std are traced through, keys and values, also with a hasher of the user's.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

/// An edge that can be a key.
#[derive(Trace)]
struct Key(Edge);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Gc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Gc::as_ptr(&self.0).hash(state);
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        Gc::as_ptr(&self.0).cmp(&Gc::as_ptr(&other.0))
    }
}

impl<K, V> Default for Maps<K, V> {
    fn default() -> Self {
        Maps { hash: HashMap::new(), btree: BTreeMap::new(), hashed_otherwise: HashMap::default() }
    }
}

#[derive(Trace)]
struct Lists<T>(Vec<T>, VecDeque<T>, LinkedList<T>, Box<[T]>);

#[derive(Trace)]
struct Maps<K, V> {
    hash: HashMap<K, V>,
    btree: BTreeMap<K, Vec<V>>,
    hashed_otherwise: HashMap<K, V, BuildHasherDefault<DefaultHasher>>,
}

/// It is asked nothing of its hasher.
#[derive(Trace, Default)]
struct Hashed<S>(HashMap<u8, Edge, S>, HashSet<u8, S>);

#[derive(Default)]
struct Hasher;

#[derive(Trace, Default)]
struct Sets<K: Ord>(HashSet<K>, BTreeSet<K>, BinaryHeap<K>);

fn main() {
    assert_eq!(edges(Hashed::<Hasher>::default()), 0);
    let lists = Lists(vec![edge()], [edge()].into(), [edge()].into(), [edge()].into());
    assert_eq!(edges(lists), 4);
    assert!(reclaims(|edge| Lists([edge].into(), [].into(), [].into(), [].into())));
    assert!(reclaims(|edge| Lists([].into(), [edge].into(), [].into(), [].into())));
    assert!(reclaims(|edge| Lists([].into(), [].into(), [edge].into(), [].into())));
    assert!(reclaims(|edge| Lists([].into(), [].into(), [].into(), [edge].into())));

    let key = || Key(edge());
    let maps = Maps {
        hash: [(key(), edge())].into(),
        btree: [(key(), vec![edge(), edge()])].into(),
        hashed_otherwise: [(key(), edge())].into_iter().collect(),
    };
    assert_eq!(edges(maps), 2 + 3 + 2);
    assert!(reclaims(|edge| Maps { hash: [(1, edge)].into(), ..Maps::default() }));
    assert!(reclaims(|edge| Maps { btree: [(Key(edge), vec![1])].into(), ..Maps::default() }));
    assert!(reclaims(|edge| Maps { hashed_otherwise: [(Key(edge), 1)].into_iter().collect(), ..Maps::default() }));
    assert!(!is_tracked(Maps::<String, u8>::default()) && !is_tracked(Sets::<u8>::default()));

    assert_eq!(edges(Sets([key()].into(), [key()].into(), [key()].into())), 3);
    assert!(reclaims(|edge| Sets([Key(edge)].into(), [].into(), [].into())));
    assert!(reclaims(|edge| Sets([].into(), [Key(edge)].into(), [].into())));
    assert!(reclaims(|edge| Sets([].into(), [].into(), [Key(edge)].into())));
}
