//! Heaps that are broken by hand, and found to be by the next check.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;

use super::*;
use crate::Gc;
use crate::drop_queue::Waiting;
use crate::gc::freeze;
use crate::gc_box;
use crate::generation::Generation;
use crate::object::header::Epoch;
use crate::object::tracer::Tracer;
use crate::trace::Trace;
use crate::verify::flaws::{Flaw, assert_each_is_found};
use crate::weak::WeakMap;

/// How it reports its edge.
#[derive(Default)]
enum Manner {
    #[default]
    Once,
    Twice,
    /// Each time that the number is odd.
    Fickle(Cell<u32>),
}

#[derive(Default)]
struct Node {
    next: RefCell<Option<Gc<Node>>>,
    manner: Manner,
}

// SAFETY: the field reports its edge, once (T1, T2); no `Drop` (T4). With other manners it is meant to break T2 or T3.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let times = match &self.manner {
            Manner::Once => 1,
            Manner::Twice => 2,
            Manner::Fickle(asked) => asked.replace(asked.get() + 1) % 2,
        };
        (0..times).for_each(|_| self.next.trace(tracer));
    }
}

/// Never dropped, as the heap is not what it should be.
fn node(next: Option<&Gc<Node>>) -> ManuallyDrop<Gc<Node>> {
    ManuallyDrop::new(Gc::new(Node { next: RefCell::new(next.cloned()), manner: Manner::Once }))
}

fn suspected() -> ManuallyDrop<Gc<Node>> {
    let suspect = node(None);
    drop(Gc::clone(&suspect));
    suspect
}

fn address<T>(gc: &Gc<T>) -> NonNull<Header> {
    Gc::downgrade(gc).header_address().expect("a box")
}

fn header<T>(gc: &Gc<T>) -> &Header {
    // SAFETY: the box is alive as long as the pointer.
    unsafe { address(gc).as_ref() }
}

/// Writes the header anew, as if its box had been born then.
fn bear_again(gc: &Gc<Node>, epoch: Epoch) {
    // SAFETY: nothing refers to the header now.
    unsafe { address(gc).write(Header::new(gc_box::traced::<Node>(), epoch)) };
}

const FLAWS: &[Flaw] = &[
    ("A1", || bear_again(&node(None), Epoch::at(5))),
    ("A2", || {
        let young = node(None);
        // SAFETY: the box is never freed.
        Heap::with(|heap| unsafe { heap.candidates.insert(address(&young), Buffer::Of(Generation::Old)) });
    }),
    ("B1", || header(&node(None)).set_observed(true)),
    ("C1", || header(&suspected()).set_scratch(1)),
    ("C2", || {
        let suspect = suspected();
        verify::buried(address(&suspect));
        Heap::with(|heap| heap.count_death(address(&suspect)));
    }),
    ("D1", || Heap::with(|heap| heap.drop_queue.push(Waiting::Box(address(&node(None)))))),
    ("E3", || verify::freed(NonNull::from(&Header::new(gc_box::traced::<Node>(), Epoch::at(0))))),
    ("H2", || {
        let suspect = suspected();
        header(&suspect).pretend_strong(u32::MAX / 2);
        header(&suspect).set_noisy(true);
        verify::buried(address(&suspect));
        verify::freed(address(&suspect));
    }),
    ("H3", || {
        let watched = node(None);
        std::mem::forget(Gc::downgrade_with(&watched, || ()));
        header(&watched).release_weak();
    }),
    ("H4", || header(&suspected()).set_noisy(true)),
    ("H5", || header(&node(None)).set_life(Life::Reachable)),
    ("K2", || {
        let layout = std::alloc::Layout::new::<[usize; 4]>();
        Heap::with(|heap| heap.pool.allocate(layout));
    }),
    ("M2", || {
        let (map, key) = (ManuallyDrop::new(WeakMap::new()), node(None));
        map.insert(&key, 1);
        Heap::with(|heap| heap.watchers.visit_entries(address(&key), &mut |entry| entry.index().set(7)));
    }),
    ("E4", || {
        let weak = Gc::downgrade(&Gc::new(1));
        Heap::with(|heap| heap.debug.save(weak.header_address().expect("a box")));
        std::mem::forget(weak);
    }),
    #[cfg(feature = "inspect")]
    ("I2", || {
        std::mem::forget(Gc::new([0_u8; 1000]));
        Heap::with(|heap| heap.roll.forget_all());
    }),
    #[cfg(feature = "inspect")]
    ("J1", || {
        let text: Gc<str> = "x".into();
        let memory = Gc::as_ptr(&text).cast::<u8>().cast_mut();
        // SAFETY: the mark lies there, in front of the metadata and the header.
        let mark = unsafe { memory.sub(size_of::<Header>() + 16) };
        // SAFETY: as above.
        unsafe { mark.cast::<u32>().write(8) };
        std::mem::forget(text);
    }),
    ("F1", || {
        Heap::with(|heap| heap.counters.born(true, 8));
    }),
    ("F2", || {
        let old = node(None);
        freeze();
        bear_again(&old, Epoch::at(1));
    }),
    ("P3", || {
        // The last of its block would take the block along.
        let [_neighbour, freed] = [1, 2].map(|number| ManuallyDrop::new(Gc::new([number; 4])));
        let place = Gc::as_ptr(&freed).cast_mut();
        drop(ManuallyDrop::into_inner(freed));
        // SAFETY: the block is there; that the slot is nobody's is the flaw.
        unsafe { place.write([3; 4]) };
    }),
    ("K2", || {
        let [_neighbour, freed] = [1, 2].map(|number| ManuallyDrop::new(Gc::new([number; 4])));
        let link = address(&freed).cast::<usize>();
        drop(ManuallyDrop::into_inner(freed));
        // SAFETY: as above.
        unsafe { link.write(link.as_ptr().addr() + 1) };
    }),
    ("S1", || header(&node(Some(&node(None)))).pretend_strong(0)),
    ("S1", || {
        let target = node(None);
        node(Some(&target));
        header(&target).set_life(Life::Dead);
        header(&target).set_noisy(false);
    }),
    ("T1", || {
        let target = node(None);
        let _referrers = [(); 2].map(|()| node(Some(&target)));
        header(&target).pretend_strong(1);
    }),
    ("T1", || {
        let next = RefCell::new(Some(Gc::default()));
        std::mem::forget(Gc::new(Node { next, manner: Manner::Twice }));
    }),
    ("V1", || {
        let other = Header::new(gc_box::traced::<[Gc<Node>; 9]>(), Epoch::at(0));
        // SAFETY: nothing refers to the header now.
        unsafe { address(&node(None)).write(other) };
    }),
    ("T5", || {
        let target = suspected();
        drop(Gc::new(Node::default()));
        let manner = Manner::Fickle(Cell::new(1));
        let fickle = ManuallyDrop::new(Gc::new(Node { manner, ..Node::default() }));
        *fickle.next.borrow_mut() = Some(Gc::clone(&target));
        drop(Gc::clone(&fickle));
    }),
];

#[test]
fn each_flaw_of_a_heap_is_found() {
    assert_each_is_found("heap::verify::tests::each_flaw_of_a_heap_is_found", FLAWS);
}
