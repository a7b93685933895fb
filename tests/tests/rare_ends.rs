//! Ends of boxes that need several things to come together.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicPtr, Ordering};

use gc_core::weak::WeakMap;
use gc_core::{Finalize, Gc, Trace, Tracer, Weak, gc};
use gc_tests::{Counted, dropped};

/// A link of a chain that is as deep as drops nest.
#[derive(Trace, Default)]
#[trace(finalize)]
struct Link {
    next: Vec<Gc<Link>>,
    saves: RefCell<Weak<Link>>,
}

thread_local!(static SAVED: RefCell<Option<Gc<Link>>> = const { RefCell::new(None) });

impl Finalize for Link {
    fn finalize(&self) {
        if let Some(saved) = self.saves.borrow().upgrade() {
            SAVED.set(Some(saved));
        }
    }
}

/// `count` links before `ends`.
fn chain_before(ends: Vec<Gc<Link>>, count: usize) -> Gc<Link> {
    let last = Gc::new(Link { next: ends, ..Link::default() });
    (0..count).fold(last, |next, _| Gc::new(Link { next: vec![next], ..Link::default() }))
}

#[test]
fn a_box_whose_end_was_put_off_can_be_saved_by_another() {
    let is_saved_behind = |count| {
        let saved = Gc::new(Link::default());
        let saves = RefCell::new(Gc::downgrade(&saved));
        // Of what waits, the last comes first.
        drop(chain_before(vec![saved, Gc::new(Link { next: Vec::new(), saves })], count));
        let saved = SAVED.take();
        assert_eq!(gc::stats().live_objects, usize::from(saved.is_some()));
        assert!(saved.as_ref().is_none_or(|saved| Gc::strong_count(saved) == 1));
        saved.is_some()
    };
    // Both of them wait if the chain is just as long as drops nest.
    assert!((0..60).any(is_saved_behind));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn thousands_of_boxes_wait_in_the_drop_queue_at_once() {
    for count in 0..60 {
        drop(chain_before((0..5_000).map(|_| Gc::default()).collect(), count));
    }
    assert_eq!(gc::stats().live_objects, 0);
}

/// Where a leak is known.
static LEAKED: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());

#[test]
fn a_box_to_which_a_dead_value_kept_a_pointer_is_leaked_rather_than_freed() {
    struct Keeps(RefCell<Option<ManuallyDrop<Gc<Keeps>>>>, Counted);
    // SAFETY: the pointer is the value's own and reported once, nobody releases it (T1, T2); no `Drop` (T4).
    unsafe impl Trace for Keeps {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            if let Some(kept) = &*self.0.borrow() {
                Gc::trace(kept, tracer);
            }
        }
    }
    let ring = Gc::new(Keeps(RefCell::new(None), Counted));
    LEAKED.store(Gc::as_ptr(&ring).cast_mut().cast(), Ordering::Relaxed);
    ring.0.replace(Some(ManuallyDrop::new(ring.clone())));
    drop(ring);
    assert_eq!((gc::collect(), dropped(), gc::stats().live_objects), (1, 1, 0));
}

#[test]
fn a_leaf_of_unknown_size_is_tracked_once_it_is_the_key_of_something_with_edges() {
    let key: Gc<dyn Fn() -> i32> = Gc::leaf_from_box(Box::new(|| 5));
    let map: WeakMap<_, Gc<dyn Fn() -> i32>> = WeakMap::new();
    map.insert(&key, key.clone());
    assert!(Gc::is_tracked(&key));
    drop(key);
    assert_eq!((gc::collect(), map.len(), gc::stats().live_objects), (1, 0, 0));
}
