//! Values without a size, aligned to a page, and of a mebibyte: in every place that a value can be in.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::hash::Hash;

use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, Weak, gc};
use gc_tests::{Counted, dropped, on_stack_of};

/// Values that are all equal, but not all the same.
trait Payload: Trace + Clone + Debug + Default + Eq + Hash + 'static {
    /// The value is where it should be, and whole.
    fn look(&self) {
        assert!((&raw const *self).is_aligned());
        assert_eq!(*self, Self::default());
    }
}

#[derive(Trace, Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Empty;

#[derive(Trace, Clone, Debug, PartialEq, Eq, Hash)]
#[repr(align(4096))]
struct Page([u8; 5000]);

#[derive(Trace, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[repr(align(4096))]
struct EmptyPage;

#[derive(Trace, Clone, Debug, PartialEq, Eq, Hash)]
struct Mebibyte([u8; 1 << 20]);

impl Default for Page {
    fn default() -> Self {
        Self([7; 5000])
    }
}

impl Default for Mebibyte {
    fn default() -> Self {
        Self([7; 1 << 20])
    }
}

impl Payload for Empty {}
impl Payload for Page {}
impl Payload for EmptyPage {}
impl Payload for Mebibyte {}

/// A node of a graph, with the value in the middle.
#[derive(Trace, Default)]
#[trace(finalize)]
struct Item<P> {
    next: RefCell<Option<Gc<Item<P>>>>,
    value: P,
    me: RefCell<Weak<Item<P>>>,
    finalized: Cell<bool>,
    counted: Leaf<Counted>,
}

impl<P> Finalize for Item<P> {
    fn finalize(&self) {
        assert!(!self.finalized.replace(true));
    }
}

impl<P: Clone + Default> Clone for Item<P> {
    fn clone(&self) -> Self {
        Self { next: self.next.clone(), value: self.value.clone(), ..Self::default() }
    }
}

fn ring<P: Payload>(count: usize) -> Gc<Item<P>> {
    let first = Gc::<Item<P>>::default();
    let last =
        (1..count).fold(first.clone(), |next, _| Gc::new(Item { next: RefCell::new(Some(next)), ..Item::default() }));
    *first.next.borrow_mut() = Some(last);
    first
}

fn nothing_is_left() {
    gc::collect();
    let stats = gc::stats();
    assert_eq!((stats.live_objects, stats.live_bytes, stats.candidates), (0, 0, 0));
}

/// Boxes made in all ways.
fn births<P: Payload>() {
    let made = [Gc::new(P::default()), Gc::leaf(P::default()), Gc::from(Box::new(P::default())), Gc::default()];
    made.iter().for_each(|gc| gc.look());
    assert!(!Gc::ptr_eq(&made[0], &made[1]) && !Gc::is_tracked(&made[0]));
    Gc::new_cyclic(|me: &Weak<P>| {
        assert!(me.upgrade().is_none());
        P::default()
    })
    .look();

    let mut place = Gc::<P>::new_uninit();
    Gc::get_mut(&mut place).expect("the only pointer").write(P::default());
    // SAFETY: the value is there.
    unsafe { place.assume_init() }.look();

    let slice: Gc<[P]> = (0..3).map(|_| P::default()).collect();
    slice.iter().for_each(P::look);
    let array: Gc<[P; 3]> = slice.try_into().expect("three of them");
    array.iter().for_each(P::look);
    assert!(Gc::<[P]>::default().is_empty());

    let erased: Gc<dyn Trace> = Gc::from(Box::new(P::default()) as Box<dyn Trace>);
    drop((erased, made, array));
    nothing_is_left();
}

/// Boxes that are taken apart and put together.
fn moves<P: Payload>() {
    let mut one = Gc::new(P::default());
    Gc::get_mut(&mut one).expect("the only pointer").look();
    let other = one.clone();
    Gc::make_mut(&mut one).look();
    assert!(!Gc::ptr_eq(&one, &other));
    let weak = Gc::downgrade(&one);
    Gc::make_mut(&mut one).look();
    assert!(weak.upgrade().is_none());

    let raw = Gc::into_raw(one);
    assert!(raw.is_aligned());
    // SAFETY: it was made above, and is not used again.
    let one = unsafe { Gc::from_raw(raw) };
    let weak = Gc::downgrade(&one).into_raw();
    // SAFETY: as above.
    let weak = unsafe { Weak::from_raw(weak) };
    weak.upgrade().expect("alive").look();
    Gc::try_unwrap(one).expect("the only pointer").look();
    Gc::unwrap_or_clone(other).look();
    assert!(weak.upgrade().is_none());
    drop(weak);
    nothing_is_left();
}

/// Rings, collected and resurrected, watched and not.
fn cycles<P: Payload>() {
    let before = dropped();
    let (held, called) = (ring::<P>(3), Gc::leaf(Cell::new(0)));
    *held.me.borrow_mut() = Gc::downgrade(&held);
    let count = || {
        let called = called.clone();
        move || called.set(called.get() + 1)
    };
    let _watch = Gc::downgrade_with(&held, count());
    Gc::on_drop(&held, count());
    drop(ring::<P>(2));
    assert_eq!(gc::collect(), 2);
    held.value.look();
    held.me.borrow().upgrade().expect("alive").next.borrow().as_ref().expect("a ring").value.look();

    let slice: Gc<[Item<P>]> = (0..2).map(|_| Item::default()).collect();
    *slice[1].next.borrow_mut() = Some(held.clone());
    slice[1].value.look();
    drop(held);
    drop(slice);
    assert_eq!((gc::collect(), called.get(), dropped() - before), (3, 2, 7));
    drop((_watch, called));
    nothing_is_left();
}

/// Keys and values of weak collections.
fn weak_collections<P: Payload>() {
    let (map, set, values) = (WeakMap::new(), WeakSet::new(), WeakValueMap::new());
    let keys: Vec<_> = (0..3).map(|_| Gc::new(P::default())).collect();
    for (key, next) in keys.iter().zip(keys.iter().cycle().skip(1)) {
        map.insert(key, (P::default(), next.clone()));
        set.insert(key);
    }
    // There is one such key.
    for key in &keys {
        values.insert(P::default(), key);
    }
    assert_eq!((map.len(), set.len(), values.len()), (3, 3, 1));
    map.with(&keys[2], |(value, next)| {
        value.look();
        assert!(Gc::ptr_eq(next, &keys[0]));
    });
    assert!(Gc::ptr_eq(&values.get(&P::default()).expect("alive"), &keys[2]));
    drop(keys);
    gc::collect();
    assert_eq!((map.len(), set.len(), values.len()), (0, 0, 0));
    nothing_is_left();
}

fn all<P: Payload>() {
    births::<P>();
    moves::<P>();
    cycles::<P>();
    weak_collections::<P>();
}

#[test]
fn values_without_a_size_are_as_all_others() {
    all::<Empty>();
}

#[test]
fn values_aligned_to_a_page_are_as_all_others() {
    on_stack_of(16 << 20, all::<Page>);
    on_stack_of(16 << 20, all::<EmptyPage>);
}

#[test]
fn values_of_a_mebibyte_are_as_all_others() {
    // Without optimization each is copied a few times on its way.
    on_stack_of(256 << 20, all::<Mebibyte>);
}

#[test]
fn a_value_without_a_size_that_claims_to_have_edges_is_tracked() {
    struct Claims;
    // SAFETY: there is nothing to report (T1 to T4).
    unsafe impl Trace for Claims {
        fn trace(&self, _: &mut Tracer<'_>) {}
    }
    let held: Vec<_> = (0..1_000).map(|_| Gc::new(Claims)).collect();
    held.iter().for_each(|claims| drop(claims.clone()));
    assert!(Gc::is_tracked(&held[0]));
    assert_eq!(gc::collect_generation(gc::Generation::Old).visited, 1_000);
    assert_eq!(Gc::referents(&held[7]).len(), 0);
    drop(held);
    nothing_is_left();
}

#[test]
fn large_and_aligned_values_go_back_as_they_die() {
    on_stack_of(64 << 20, || {
        let before = gc::stats().pool_bytes;
        for _ in 0..20 {
            drop((ring::<Mebibyte>(2), ring::<Page>(2), ring::<Empty>(2)));
            assert_eq!(gc::collect(), 6);
        }
        assert_eq!((gc::stats().live_bytes, gc::stats().live_objects), (0, 0));
        assert!(gc::stats().pool_bytes - before < 1 << 20);
    });
}
