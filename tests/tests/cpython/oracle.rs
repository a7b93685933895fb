//! What a collection must find by CPython's definition, from the records alone.

use std::collections::BTreeSet;

use crate::objects::{Any, Record, World};

/// The objects that a collection of `generation` would find unreachable now: of that generation or younger, and not
/// to be reached from a root or an older object through such objects.
pub(crate) fn unreachable(world: &World, generation: usize) -> BTreeSet<usize> {
    let records = world.records.borrow();
    let is_young = |&number: &usize| {
        records[number].as_ref().is_some_and(|it| it.dropped.get() == 0 && it.generation.get() <= generation)
    };
    let (young, older): (Vec<_>, Vec<_>) = world.alive().into_iter().partition(|record| is_young(&record.number));
    let held = world.roots.iter().filter_map(|root| root.borrow().as_ref().map(Any::number));
    let mut queue: Vec<usize> = held.chain(older.iter().flat_map(|it| referents(it))).filter(is_young).collect();
    let mut reachable = BTreeSet::new();
    while let Some(number) = queue.pop() {
        if reachable.insert(number) {
            queue.extend(records[number].iter().flat_map(|it| referents(it)).filter(is_young));
        }
    }
    young.iter().map(|record| record.number).filter(|number| !reachable.contains(number)).collect()
}

/// What is left of `garbage` without that which the finalizers have let die by its count. CPython frees that before it
/// counts what it collects; here it counts as collected.
pub(crate) fn still_cyclic(world: &World, garbage: &BTreeSet<usize>) -> BTreeSet<usize> {
    let records = world.records.borrow();
    let mut left = garbage.clone();
    loop {
        let referred: BTreeSet<usize> =
            left.iter().filter_map(|&number| records[number].as_ref()).flat_map(|it| referents(it)).collect();
        let before = left.len();
        left.retain(|number| referred.contains(number));
        if left.len() == before {
            return left;
        }
    }
}

fn referents(record: &Record) -> impl Iterator<Item = usize> {
    record.edges.iter().filter_map(|edge| edge.get())
}
