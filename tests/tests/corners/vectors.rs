//! Collections of std that are being changed, while the closure that decides how allocates and collects.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{Hash, Hasher};

use gc_core::{Gc, Trace, gc};
use gc_tests::{Node, dropped, link, node, ring};

use crate::collect_automatically;

/// An element: rings of their own, so that what is lost is garbage and not dead at once.
#[derive(Trace, Clone)]
struct Item {
    number: usize,
    ring: Gc<Node>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        disturb();
        self.number == other.number
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        disturb();
        self.number.cmp(&other.number)
    }
}

impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        disturb();
        self.number.hash(state);
    }
}

/// How many items there are.
const ITEMS: usize = 12;

thread_local!(static CALLS: Cell<usize> = const { Cell::new(0) });

/// Allocates until something is collected, now and then.
fn disturb() {
    CALLS.set(CALLS.get() + 1);
    match CALLS.get() % 4 {
        0 => collect_automatically(),
        2 => drop((ring(2), gc::collect())),
        _ => {}
    }
}

fn disturb_and<R>(result: R) -> R {
    disturb();
    result
}

/// Not in order.
fn items() -> impl Iterator<Item = Item> {
    (0..ITEMS).map(|number| Item { number: number * 7 % ITEMS, ring: ring(2) })
}

/// Every item's ring is whole.
fn look<'a>(items: impl Iterator<Item = &'a Item>) {
    for item in items {
        let other = item.ring.edges.borrow()[0].clone();
        assert!(Gc::ptr_eq(&other.edges.borrow()[0], &item.ring));
    }
}

/// Changes a collection as part of a traced value, in each state in which safe code can: in a borrowed `RefCell`, taken out
/// of a `Cell`, and by `Gc::get_mut`.
fn change<C, L>(name: &str, change: impl Fn(&mut C), look_at: L)
where
    C: Trace + Default + FromIterator<Item> + 'static,
    L: Fn(&C),
{
    #[derive(Trace)]
    struct Owner<T> {
        value: T,
        back: Gc<Node>,
    }
    let held = || {
        // It is suspected, and part of a larger ring.
        let back = ring(3);
        link(&back, &node());
        back
    };
    let check = |what: &str| {
        gc::collect();
        assert_eq!((gc::stats().live_objects, gc::stats().candidates), (0, 0), "{name}, {what}");
    };

    let borrowed = Gc::new(Owner { value: RefCell::new(items().collect::<C>()), back: held() });
    drop(borrowed.clone());
    change(&mut borrowed.value.borrow_mut());
    look_at(&borrowed.value.borrow());
    drop(borrowed);
    check("borrowed");

    let taken = Gc::new(Owner { value: Cell::new(items().collect::<C>()), back: held() });
    drop(taken.clone());
    let mut value = taken.value.take();
    change(&mut value);
    look_at(&value);
    taken.value.set(value);
    drop(taken);
    check("taken");

    let mut alone = Gc::new(Owner { value: items().collect::<C>(), back: held() });
    drop(alone.clone());
    let owner = Gc::get_mut(&mut alone).expect("the only pointer");
    change(&mut owner.value);
    look_at(&owner.value);
    assert_eq!(Gc::strong_count(&owner.back), 2);
    drop(alone);
    check("by get_mut");
}

fn change_vec(name: &str, by: impl Fn(&mut Vec<Item>)) {
    change(name, by, |items| look(items.iter()));
}

#[test]
fn a_vector_may_be_changed_while_its_closure_collects() {
    change_vec("retain", |items| items.retain(|item| disturb_and(item.number % 2 == 0)));
    change_vec("retain_mut", |items| {
        items.retain_mut(|item| {
            item.ring = ring(2);
            disturb_and(item.number % 3 == 0)
        });
    });
    change_vec("drain", |items| look(items.drain(2..).map(disturb_and).collect::<Vec<_>>().iter()));
    change_vec("a drain that is broken off", |items| drop(items.drain(2..).map(disturb_and).nth(3)));
    change_vec("extract_if", |items| {
        items.extract_if(1.., |item| disturb_and(item.number % 2 == 0)).for_each(|_| disturb());
    });
    change_vec("splice", |items| {
        items.splice(1..5, (0..9).map(|number| disturb_and(Item { number, ring: ring(2) }))).for_each(|_| disturb());
    });
    change_vec("sort", |items| items.sort());
    change_vec("sort_unstable_by_key", |items| items.sort_unstable_by_key(|item| disturb_and(item.number)));
    change_vec("sort_by_cached_key", |items| items.sort_by_cached_key(|item| disturb_and(item.clone())));
    change_vec("dedup_by", |items| items.dedup_by(|one, other| disturb_and(one.number % 2 == other.number % 2)));
    change_vec("resize_with", |items| items.resize_with(40, || disturb_and(Item { number: 1, ring: ring(2) })));
    change_vec("extend and clone", |items| {
        let clones: Vec<_> = items.iter().map(|item| disturb_and(item.clone())).collect();
        items.extend(clones.into_iter().map(disturb_and));
    });
    change_vec("in-place collect", |items| {
        let all = std::mem::take(items);
        *items = all.into_iter().filter(|item| disturb_and(item.number > 3)).collect();
    });
    assert!(dropped() > 0);
}

#[test]
fn other_collections_may_be_changed_while_their_closures_collect() {
    change(
        "VecDeque",
        |items: &mut VecDeque<Item>| {
            items.rotate_left(5);
            items.retain(|item| disturb_and(item.number % 2 == 0));
            items.drain(1..).for_each(|_| disturb());
        },
        |items| look(items.iter()),
    );
    change(
        "LinkedList",
        |items: &mut LinkedList<Item>| {
            let rest = items.split_off(4);
            items.extend(rest.into_iter().filter(|item| disturb_and(item.number % 2 == 0)));
        },
        |items| look(items.iter()),
    );
    change(
        "BinaryHeap",
        |items: &mut BinaryHeap<Item>| {
            items.retain(|item| disturb_and(item.number % 2 == 0));
            items.pop();
            items.push(Item { number: 5, ring: ring(2) });
            items.drain().for_each(|_| disturb());
        },
        |items| look(items.iter()),
    );
    change(
        "HashSet",
        |items: &mut HashSet<Item>| {
            items.retain(|item| disturb_and(item.number % 2 == 0));
            items.extract_if(|item| disturb_and(item.number == 4)).for_each(|_| disturb());
            items.insert(Item { number: 5, ring: ring(2) });
            items.shrink_to_fit();
        },
        |items| look(items.iter()),
    );
    change(
        "HashMap",
        |items: &mut Keyed<HashMap<usize, Item>>| {
            items.0.retain(|_, item| disturb_and(item.number % 2 == 0));
            items.0.entry(99).or_insert_with(|| disturb_and(Item { number: 99, ring: ring(2) }));
            items.0.drain().take(2).for_each(|_| disturb());
        },
        |items| look(items.0.values()),
    );
    change(
        "BTreeMap",
        |items: &mut Keyed<BTreeMap<usize, Item>>| {
            items.0.retain(|_, item| disturb_and(item.number % 2 == 0));
            items.0.entry(99).or_insert_with(|| disturb_and(Item { number: 99, ring: ring(2) }));
            let rest = items.0.split_off(&4);
            items.0.extend(rest.into_iter().map(disturb_and));
        },
        |items| look(items.0.values()),
    );
}

/// A map that is made from items.
#[derive(Trace, Default)]
struct Keyed<M>(M);

impl<M: FromIterator<(usize, Item)>> FromIterator<Item> for Keyed<M> {
    fn from_iter<I: IntoIterator<Item = Item>>(items: I) -> Self {
        Self(items.into_iter().map(|item| (item.number, item)).collect())
    }
}
