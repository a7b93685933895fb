//! A collection that panics inside of a conversion: what was to be moved in is dropped once.

use gc_tests::dropped;

use super::*;

/// Leaves garbage whose finalizer panics in the next collection, which the next allocation starts.
fn set_trap() {
    PROBE.set(Some(|item| assert_ne!(item.number.get(), 1, "a finalizer")));
    drop(pair(1, 2));
    collect_always();
}

/// Runs `make` into the trap; `given` values must be dropped, and nothing must be left.
fn assert_dropped_once<R>(given: usize, make: impl FnOnce() -> R) {
    set_trap();
    let before = dropped();
    assert!(panic_of(make).contains("a finalizer"));
    let garbage = 2;
    assert_eq!((dropped() - before, gc::stats().live_objects, gc::stats().live_bytes), (given + garbage, 0, 0));
    gc::set_thresholds(Thresholds::default());
}

trait Empty: Trace {}
impl Empty for Leaf<Counted> {}

fn three() -> Vec<Leaf<Counted>> {
    (0..3).map(|_| Leaf(Counted)).collect()
}

#[test]
fn values_moved_in_are_dropped_once_if_the_collection_panics() {
    assert_dropped_once(1, || Gc::new(Leaf(Counted)));
    assert_dropped_once(1, || Gc::leaf(Counted));
    assert_dropped_once(1, || Gc::pin(Leaf(Counted)));
    assert_dropped_once(1, || Gc::<Leaf<Counted>>::from(Leaf(Counted)));
    assert_dropped_once(1, || Gc::<Leaf<Counted>>::from(Box::new(Leaf(Counted))));
    assert_dropped_once(1, || Gc::<dyn Empty>::from(Box::new(Leaf(Counted)) as Box<dyn Empty>));
    assert_dropped_once(1, || Gc::leaf_from_box(Box::new(Counted)));
    assert_dropped_once(3, || Gc::<[Leaf<Counted>]>::from(three()));
    assert_dropped_once(3, || Gc::<[Leaf<Counted>]>::from(three().into_boxed_slice()));
    assert_dropped_once(2, || Gc::<[Leaf<Counted>]>::from([Leaf(Counted), Leaf(Counted)]));
    assert_dropped_once(3, || three().into_iter().collect::<Gc<[_]>>());
    assert_dropped_once(1, Gc::<Leaf<Counted>>::default);
}

#[test]
fn boxes_that_did_not_come_to_be_count_nowhere() {
    assert_dropped_once(0, || Gc::<str>::from("x"));
    assert_dropped_once(0, || Gc::<[u8]>::from(&[1, 2][..]));
    assert_dropped_once(0, Gc::<Item>::new_uninit);
    assert_dropped_once(0, Gc::<Item>::new_zeroed);
    assert_dropped_once(0, || Gc::<[Item]>::new_uninit_slice(3));
    assert_dropped_once(0, || Gc::<[Item]>::new_zeroed_slice(3));
    assert_dropped_once(0, || Gc::<Leaf<Counted>>::new_cyclic(|_| unreachable!("no box, no value")));
}

#[test]
fn make_mut_leaves_the_pointer_as_it_was_if_the_collection_panics() {
    let mut one = Gc::new(String::from("x"));
    let two = one.clone();
    set_trap();
    assert!(panic_of(|| Gc::make_mut(&mut one).push('y')).contains("a finalizer"));
    assert!(Gc::ptr_eq(&one, &two) && Gc::strong_count(&one) == 2);
    gc::set_thresholds(Thresholds::default());
    // One that is only watched is moved without a collection.
    drop(two);
    let weak = Gc::downgrade(&one);
    set_trap();
    Gc::make_mut(&mut one).push('y');
    assert_eq!((one.as_str(), weak.upgrade()), ("xy", None));
    assert!(panic_of(gc::collect).contains("a finalizer"));
}
