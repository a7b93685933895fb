//! Threads that come and go, each with a heap of its own.

use std::cell::RefCell;
use std::thread;

use gc_core::weak::WeakMap;
use gc_core::{Gc, Trace};

use crate::process::{MB, alone, assert_flat, times};

#[derive(Trace, Default)]
struct Node(RefCell<Vec<Gc<Node>>>);

thread_local!(static LEFT: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) });

/// Makes garbage, some of it cyclic, and leaves objects to the end of the thread.
fn live_and_die() {
    let map = WeakMap::new();
    for number in 0..times(1_000) {
        let (one, other) = (Gc::new(Node::default()), Gc::new(Node::default()));
        one.0.borrow_mut().push(other.clone());
        other.0.borrow_mut().push(one.clone());
        map.insert(&one, number);
        if number.is_multiple_of(10) {
            Gc::on_drop(&one, || ()).detach();
            LEFT.with_borrow_mut(|left| left.push(other));
        }
    }
}

alone! {
    fn a_thousand_threads_one_after_the_other() {
        assert_flat("threads, one after the other", 1_000, 2 * MB, |_| {
            thread::spawn(live_and_die).join().expect("no panic");
        });
    }

    fn a_thousand_threads_eight_at_a_time() {
        assert_flat("times eight threads", 120, 8 * MB, |_| {
            let threads: Vec<_> = (0..8).map(|_| thread::spawn(live_and_die)).collect();
            threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
        });
    }
}
