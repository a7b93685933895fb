//! Programs that make garbage without end, and keep as much alive as ever.

use std::cell::{Cell, RefCell};

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Finalize, Gc, Trace, Weak, gc};

use crate::process::{KB, MB, alone, assert_flat, times};

#[derive(Trace, Default)]
struct Node {
    next: RefCell<Option<Gc<Node>>>,
    number: usize,
}

fn node(number: usize) -> Gc<Node> {
    Gc::new(Node { next: RefCell::default(), number })
}

/// A ring of as many nodes.
fn ring(nodes: usize) -> Gc<Node> {
    let first = node(0);
    let last = (1..nodes).fold(first.clone(), |last, number| {
        let next = node(number);
        *last.next.borrow_mut() = Some(next.clone());
        next
    });
    *last.next.borrow_mut() = Some(first.clone());
    first
}

alone! {
    fn self_cycles() {
        assert_flat("cycles of one node", times(10_000_000), 256 * KB, |_| drop(ring(1)));
        assert!(gc::stats().live_objects < 10_000);
    }

    fn rings_of_many_sizes() {
        assert_flat("rings of 1 to 20 nodes", times(1_000_000), 512 * KB, |number| drop(ring(1 + number % 20)));
    }

    /// Every ring is old when it is let go.
    fn rings_that_live_for_a_while() {
        let mut window: Vec<_> = (0..1_000).map(|_| ring(10)).collect();
        assert_flat("rings of 10 nodes, 1,000 of them alive", times(1_000_000), 4 * MB, |number| {
            window[number % 1_000] = ring(10);
        });
    }

    /// Nothing but the one long list is ever suspected; its nodes are made and dropped one by one.
    fn a_queue_of_nodes() {
        let mut first = node(0);
        let mut last = first.clone();
        assert_flat("nodes that pass through a queue of 1,000", times(10_000_000), 256 * KB, |number| {
            let next = node(number);
            *last.next.borrow_mut() = Some(next.clone());
            last = next;
            if number >= 1_000 {
                let second = first.next.borrow().clone();
                first = second.expect("the queue is longer than that");
            }
        });
    }

    fn clones_of_live_nodes() {
        let live: Vec<_> = (0..100_000).map(node).collect();
        assert_flat("clones of 100,000 live nodes, dropped", times(10_000_000), 2 * MB, |number| {
            drop(live[number * 7 % live.len()].clone());
            if number.is_multiple_of(8) {
                drop(node(number));
            }
        });
    }

    fn entries_of_a_weak_map() {
        let map = WeakMap::new();
        let mut keys: Vec<_> = (0..1_000).map(node).collect();
        // In debug mode, half of the entries are not enough to reach what it levels off at, some 9 MB.
        assert_flat("entries of a weak map, each with its key in its value", times(8_000_000), 4 * MB, |number| {
            let key = node(number);
            map.insert(&key, key.clone());
            keys[number % 1_000] = key;
        });
        drop(keys);
        gc::collect();
        assert!(map.is_empty());
    }

    fn members_and_values() {
        let (members, values) = (WeakSet::new(), WeakValueMap::new());
        assert_flat("members of a weak set and a weak map of values", times(4_000_000), 512 * KB, |number| {
            let node = node(number);
            members.insert(&node);
            values.insert(number, &node);
            assert_eq!(values.get(&number).map(|node| node.number), Some(number));
        });
        assert!(members.is_empty() && values.is_empty());
    }

    fn tables_that_are_garbage_with_their_keys() {
        #[derive(Trace)]
        struct Owner {
            table: WeakMap<Node, Gc<Node>>,
            keys: Vec<Gc<Node>>,
            owner: RefCell<Option<Gc<Owner>>>,
        }

        assert_flat("weak maps of 10 entries in cycles", times(400_000), MB, |_| {
            let owner = Gc::new(Owner { table: WeakMap::new(), keys: (0..10).map(node).collect(), owner: RefCell::default() });
            owner.keys.iter().for_each(|key| drop(owner.table.insert(key, key.clone())));
            *owner.owner.borrow_mut() = Some(owner.clone());
        });
    }

    fn weak_pointers_with_callbacks() {
        thread_local!(static CALLED: Cell<usize> = const { Cell::new(0) });
        let count = times(4_000_000);
        assert_flat("weak pointers with callbacks to nodes that die", count, 256 * KB, |number| {
            let node = node(number);
            let _weak: Weak<_> = Gc::downgrade_with(&node, || CALLED.set(CALLED.get() + 1));
            drop(node);
        });
        assert_eq!(CALLED.get(), count);
    }

    fn finalizers_and_farewells() {
        #[derive(Trace)]
        #[trace(finalize)]
        struct Final(RefCell<Option<Gc<Final>>>);

        thread_local!(static SAID: Cell<usize> = const { Cell::new(0) });

        impl Finalize for Final {
            fn finalize(&self) {
                SAID.set(SAID.get() + 1);
            }
        }

        let count = times(2_000_000);
        assert_flat("cycles with a finalizer and two closures of `on_drop`", count, MB, |_| {
            let dies = Gc::new(Final(RefCell::default()));
            Gc::on_drop(&dies, || SAID.set(SAID.get() + 1));
            Gc::on_drop(&dies, || SAID.set(SAID.get() + 1)).detach();
            *dies.0.borrow_mut() = Some(dies.clone());
        });
        gc::collect();
        assert_eq!(SAID.get(), 2 * count);
    }

    fn resurrections() {
        #[derive(Trace)]
        #[trace(finalize)]
        struct Phoenix(RefCell<Option<Gc<Phoenix>>>);

        thread_local!(static RISEN: RefCell<Vec<Gc<Phoenix>>> = const { RefCell::new(Vec::new()) });

        impl Finalize for Phoenix {
            fn finalize(&self) {
                // At the end of the thread it may be gone.
                let _ = RISEN.try_with(|risen| risen.borrow_mut().extend(self.0.borrow().clone()));
            }
        }

        assert_flat("cycles that are resurrected once", times(10_000_000), MB, |number| {
            let node = Gc::new(Phoenix(RefCell::default()));
            *node.0.borrow_mut() = Some(node.clone());
            if number.is_multiple_of(1_000) {
                RISEN.take();
            }
        });
    }

    fn freezing_and_thawing() {
        let mut kept: Vec<_> = (0..100).map(|_| ring(3)).collect();
        // Up and down by what waits for a full collection.
        assert_flat("rings of 3 nodes, frozen and thawed by the thousand", times(4_000_000), 4 * MB, |number| {
            kept[number % 100] = ring(3);
            match number % 2_000 {
                0 => gc::freeze(),
                1_000 => gc::unfreeze(),
                _ => {}
            }
        });
        gc::unfreeze();
        drop(kept);
        gc::collect();
        assert_eq!(gc::stats().live_objects, 0);
    }

    fn texts_of_all_lengths() {
        let mut window: Vec<Gc<str>> = (0..100).map(|_| "".into()).collect();
        let text = "x".repeat(2_000);
        assert_flat("texts of 0 to 2,000 bytes", times(4_000_000), MB, |number| {
            window[number * 31 % 100] = text[..number * 7 % 2_000].into();
        });
    }

    fn sizes_that_come_and_go() {
        fn batch<const WORDS: usize>(objects: usize) -> Vec<Gc<[u64; WORDS]>> {
            (0..objects).map(|number| Gc::new([number as u64; WORDS])).collect()
        }
        assert_flat("batches of 10,000 objects of one size after the other", times(1_000), 2 * MB, |number| {
            match number % 5 {
                0 => drop(batch::<1>(10_000)),
                1 => drop(batch::<7>(10_000)),
                2 => drop(batch::<20>(10_000)),
                3 => drop(batch::<40>(10_000)),
                _ => drop(batch::<60>(10_000)),
            }
        });
    }
}
