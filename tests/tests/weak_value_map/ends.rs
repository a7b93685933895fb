//! The end of threads, of thread-locals and of maps that are not dropped.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use gc_core::weak::WeakValueMap;
use gc_core::{Gc, Trace, gc};

/// Counts drops of all threads in a counter of its test's own.
struct Tally(&'static AtomicUsize, u32);

impl Drop for Tally {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

impl PartialEq for Tally {
    fn eq(&self, other: &Self) -> bool {
        self.1 == other.1
    }
}

impl Eq for Tally {}

impl std::hash::Hash for Tally {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.1.hash(state);
    }
}

gc_core::impl_trace_leaf!(Tally);

#[derive(Trace)]
struct Item(RefCell<Option<Gc<Item>>>, Tally);

fn ring(tally: &'static AtomicUsize) -> Gc<Item> {
    let item = Gc::new(Item(RefCell::default(), Tally(tally, 0)));
    *item.0.borrow_mut() = Some(item.clone());
    item
}

type Map = WeakValueMap<Tally, Item>;

#[test]
fn maps_and_values_in_thread_locals_end_in_either_order() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static FIRST: RefCell<Option<Map>> = const { RefCell::new(None) };
        static VALUES: RefCell<Vec<Gc<Item>>> = const { RefCell::new(Vec::new()) };
        static LAST: RefCell<Option<Map>> = const { RefCell::new(None) };
    }
    for map_first in [true, false] {
        TALLY.store(0, Relaxed);
        thread::spawn(move || {
            let touch = |first: bool| if first { FIRST.with_borrow(|_| ()) } else { LAST.with_borrow(|_| ()) };
            touch(map_first);
            VALUES.with_borrow(|_| ());
            touch(!map_first);
            let values: Vec<_> = (0..10).map(|_| ring(&TALLY)).collect();
            for cell in [&FIRST, &LAST] {
                let map = Map::new();
                for (id, value) in (0..).zip(&values) {
                    map.insert(Tally(&TALLY, id), value);
                }
                cell.set(Some(map));
            }
            VALUES.set(values);
        })
        .join()
        .unwrap();
        assert_eq!(TALLY.load(Relaxed), 30, "map first: {map_first}");
    }
}

#[test]
fn keys_dropped_at_the_end_of_a_thread_may_use_a_map() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    struct Late(u32);
    impl Drop for Late {
        fn drop(&mut self) {
            let map = WeakValueMap::new();
            let value = Gc::new(self.0);
            map.insert(self.0, &value);
            assert_eq!(map.len(), 1);
            TALLY.fetch_add(1, Relaxed);
        }
    }
    impl PartialEq for Late {
        fn eq(&self, _: &Self) -> bool {
            true
        }
    }
    impl Eq for Late {}
    impl std::hash::Hash for Late {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    gc_core::impl_trace_leaf!(Late);
    thread_local!(static MAP: RefCell<Option<WeakValueMap<Late, u32>>> = const { RefCell::new(None) });
    thread_local!(static VALUE: RefCell<Option<Gc<u32>>> = const { RefCell::new(None) });
    thread::spawn(|| {
        VALUE.with_borrow(|_| ());
        let value = Gc::new(1);
        let map = WeakValueMap::new();
        map.insert(Late(5), &value);
        MAP.set(Some(map));
        VALUE.set(Some(value));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 1);
}

#[test]
fn a_map_that_is_never_dropped_loses_its_entries_all_the_same() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    /// Where a leak checker looks.
    static KEPT: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    thread::spawn(|| {
        let map: &'static Map = Box::leak(Box::default());
        KEPT.lock().unwrap().push(std::ptr::from_ref(map).expose_provenance());
        let kept = ring(&TALLY);
        (0..10).for_each(|id| drop(map.insert(Tally(&TALLY, id), &kept)));
        map.insert(Tally(&TALLY, 10), &ring(&TALLY));
        gc::collect();
        assert_eq!((map.len(), TALLY.load(Relaxed)), (10, 2));
    })
    .join()
    .unwrap();
    assert_eq!(TALLY.load(Relaxed), 13);
}

#[test]
fn a_map_dropped_long_after_its_values_has_nothing_left_to_do() {
    static TALLY: AtomicUsize = AtomicUsize::new(0);
    let map = ManuallyDrop::new(Map::new());
    map.insert(Tally(&TALLY, 1), &ring(&TALLY));
    gc::collect();
    assert_eq!(TALLY.load(Relaxed), 2);
    drop(ManuallyDrop::into_inner(map));
    assert_eq!(TALLY.load(Relaxed), 2);
}
