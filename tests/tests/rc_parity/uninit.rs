//! Boxes whose value comes later: traced from then on, whatever they were made as.

use std::any::Any;
use std::mem::MaybeUninit;

use gc_core::coerce;
use gc_tests::{dropped, on_stack_of};

use super::*;

/// Traceable, so that it can be moved in as a trait object.
trait TracedAny: Trace + Any {}
impl<T: Trace + Any> TracedAny for T {}

/// The only pointer's value.
fn only<T: ?Sized>(held: &mut Gc<T>) -> &mut T {
    Gc::get_mut(held).expect("the only one")
}

#[test]
fn a_cycle_through_a_box_filled_later_is_reclaimed() {
    let mut empty = Gc::<Item>::new_uninit();
    assert!(!Gc::is_tracked(&empty));
    assert_eq!((gc::counts()[0], gc::stats().live_objects), (0, 1));
    only(&mut empty).write(Item::default());
    // SAFETY: the value is there.
    let one = unsafe { empty.assume_init() };
    assert!(Gc::is_tracked(&one) && !Gc::is_finalized(&one));
    assert_eq!((gc::counts()[0], gc::stats().live_objects), (1, 1));
    link(&one, &one);
    PROBE.set(Some(|_| gc_tests::log("finalized")));
    drop(one);
    assert_eq!((gc::collect(), dropped(), gc_tests::take_log()), (1, 1, vec!["finalized".to_string()]));
    assert_eq!((gc::counts()[0], gc::stats().live_objects, gc::stats().live_bytes), (0, 0, 0));
}

#[test]
fn a_box_that_is_suspected_before_it_is_filled_is_suspected_once() {
    // Moved in from a `Box`, it is tracked before there is a value.
    let mut empty: Gc<MaybeUninit<Item>> = Gc::from(Box::new(MaybeUninit::uninit()));
    assert!(Gc::is_tracked(&empty));
    only(&mut empty).write(Item::default());
    drop(empty.clone());
    assert_eq!(gc::stats().candidates, 1);
    // SAFETY: the value is there.
    let filled = unsafe { empty.assume_init() };
    assert_eq!(gc::stats().candidates, 0);
    link(&filled, &filled);
    drop(filled.clone());
    drop(filled);
    assert_eq!((gc::stats().candidates, gc::collect(), dropped()), (1, 1, 1));
    assert_eq!((gc::stats().candidates, gc::stats().live_objects), (0, 0));
}

#[test]
fn a_cycle_through_a_slice_filled_later_is_reclaimed() {
    #[derive(Trace)]
    struct Owner(RefCell<Option<Gc<[Owner]>>>, Leaf<Counted>);
    let mut empty = Gc::<[Owner]>::new_uninit_slice(3);
    for place in only(&mut empty) {
        place.write(Owner(RefCell::new(None), Leaf(Counted)));
    }
    let weak = Gc::downgrade(&empty);
    // SAFETY: the values are there.
    let slice = unsafe { empty.assume_init() };
    assert!(Gc::is_tracked(&slice) && Gc::weak_count(&slice) == 1 && weak.upgrade().is_some());
    *slice[1].0.borrow_mut() = Some(slice.clone());
    assert_eq!(Gc::referents(&slice).len(), 1);
    drop(slice);
    assert_eq!((gc::collect(), dropped()), (1, 3));
    assert!(weak.upgrade().is_none());
    drop(weak);
    assert_eq!((gc::counts()[0], gc::stats().live_objects, gc::stats().live_bytes), (0, 0, 0));
}

#[test]
fn a_leaf_filled_later_is_untracked_and_dropped() {
    let mut empty = Gc::<Leaf<Counted>>::new_uninit();
    only(&mut empty).write(Leaf(Counted));
    // SAFETY: the value is there.
    let one = unsafe { empty.assume_init() };
    assert!(!Gc::is_tracked(&one));
    drop(one);
    let mut empty = Gc::<[Leaf<Counted>]>::new_uninit_slice(4);
    only(&mut empty).iter_mut().for_each(|place| _ = place.write(Leaf(Counted)));
    // SAFETY: the values are there.
    let slice = unsafe { empty.assume_init() };
    assert!(!Gc::is_tracked(&slice));
    drop(slice);
    assert_eq!((dropped(), gc::stats().live_objects), (5, 0));
}

#[test]
fn a_place_that_was_not_filled_is_not_dropped() {
    drop(Gc::<Item>::new_uninit());
    drop(Gc::<[Item]>::new_uninit_slice(3));
    let mut lost = Gc::<Leaf<Counted>>::new_uninit();
    only(&mut lost).write(Leaf(Counted));
    drop(lost);
    assert_eq!((dropped(), gc::stats().live_objects), (0, 0));
}

#[test]
fn all_pointers_to_a_place_may_say_that_it_is_filled() {
    let mut empty = Gc::<Item>::new_uninit();
    only(&mut empty).write(Item::default());
    let pointers = [empty.clone(), empty.clone(), empty];
    // SAFETY: the value is there.
    let [one, two, three] = pointers.map(|pointer| unsafe { pointer.assume_init() });
    assert_eq!((Gc::strong_count(&one), gc::counts()[0]), (3, 1));
    link(&two, &three);
    drop((one, two, three));
    assert_eq!((gc::collect(), dropped()), (1, 1));
}

#[test]
fn places_that_were_moved_in_are_filled_too() {
    let mut one: Gc<MaybeUninit<Item>> = Gc::leaf_from_box(Box::new_uninit());
    let mut two: Gc<MaybeUninit<Item>> = Gc::from(Box::new_uninit());
    let any: Box<dyn Any> = Box::new(MaybeUninit::<Item>::uninit());
    let mut three = Gc::leaf_from_box(any).downcast::<MaybeUninit<Item>>().expect("a place");
    let any: Box<dyn TracedAny> = Box::new(MaybeUninit::<Item>::uninit());
    let any: Gc<dyn Any> = coerce!(Gc::<dyn TracedAny>::from(any) => dyn Any);
    let mut four = any.downcast::<MaybeUninit<Item>>().expect("a place");
    for empty in [&mut one, &mut two, &mut three, &mut four] {
        suspect(empty);
        only(empty).write(Item::default());
    }
    for filled in [one, two, three, four] {
        // SAFETY: the value is there.
        let item = unsafe { filled.assume_init() };
        assert!(Gc::is_tracked(&item));
        link(&item, &item);
    }
    assert_eq!((gc::collect(), dropped()), (4, 4));
    assert_eq!((gc::counts()[0], gc::stats().live_objects, gc::stats().live_bytes), (0, 0, 0));
}

#[test]
fn slices_of_places_are_filled_wherever_they_came_from() {
    type Places = [MaybeUninit<Item>; 2];
    fn places() -> Places {
        [const { MaybeUninit::uninit() }; 2]
    }
    let any = |boxed: Box<Places>| boxed as Box<dyn Any>;
    let coerced = |array: Gc<Places>| -> Gc<[MaybeUninit<Item>]> { coerce!(array => [MaybeUninit<Item>]) };
    let slices: [Gc<[MaybeUninit<Item>]>; 8] = [
        coerced(Gc::leaf(places())),
        coerced(Gc::new(places())),
        coerced(Gc::leaf_from_box(Box::new(places()))),
        coerced(Gc::from(Box::new(places()))),
        coerced(Gc::leaf_from_box(any(Box::new(places()))).downcast().expect("places")),
        coerced(
            coerce!(Gc::<dyn TracedAny>::from(Box::new(places()) as Box<_>) => dyn Any).downcast().expect("places"),
        ),
        Gc::from(Box::new(places()) as Box<[_]>),
        coerced(Gc::<[MaybeUninit<Item>]>::from(places()).try_into().expect("two")),
    ];
    for mut slice in slices {
        only(&mut slice).iter_mut().for_each(|place| _ = place.write(Item::default()));
        // SAFETY: the values are there.
        let slice: Gc<[Item]> = unsafe { slice.assume_init() };
        assert!(Gc::is_tracked(&slice) && slice.len() == 2 && Gc::referents(&slice).is_empty());
        let weak = Gc::downgrade(&slice);
        slice[0].edges.borrow_mut().push(item(9));
        assert_eq!(Gc::referents(&slice).len(), 1);
        drop(slice);
        assert!(weak.upgrade().is_none());
    }
    assert_eq!(dropped(), 8 * 3);
    gc::collect();
    assert_eq!((gc::counts()[0], gc::stats().live_objects, gc::stats().live_bytes), (0, 0, 0));
}

#[test]
fn a_value_larger_than_the_stack_is_made_in_place() {
    on_stack_of(256 << 10, || {
        type Large = [u8; 16 << 20];
        // SAFETY: zeros are bytes.
        let zeros = unsafe { Gc::<Large>::new_zeroed().assume_init() };
        assert!(zeros.iter().step_by(4096).all(|byte| *byte == 0));
        let mut empty = Gc::<Large>::new_uninit();
        // SAFETY: it fits.
        unsafe { only(&mut empty).as_mut_ptr().write_bytes(7, 1) };
        // SAFETY: the bytes are there.
        let mut sevens = unsafe { empty.assume_init() };
        let weak = Gc::downgrade(&sevens);
        Gc::make_mut(&mut sevens)[0] = 8;
        assert_eq!((sevens[0], sevens[1], weak.upgrade().is_none()), (8, 7, true));
    });
}

#[test]
fn places_are_filled_at_any_alignment() {
    macro_rules! at {
        ($($align:literal),+) => {$({
            #[derive(Trace)]
            #[repr(align($align))]
            struct Aligned(Option<Gc<u32>>);
            let mut empty = Gc::<Aligned>::new_uninit();
            only(&mut empty).write(Aligned(Some(Gc::new($align))));
            // SAFETY: the value is there.
            let one = unsafe { empty.assume_init() };
            assert_eq!((one.0.as_deref(), Gc::as_ptr(&one).is_aligned()), (Some(&$align), true));
            let mut empty = Gc::<[Aligned]>::new_uninit_slice(2);
            only(&mut empty).iter_mut().for_each(|place| _ = place.write(Aligned(None)));
            // SAFETY: the values are there.
            let two = unsafe { empty.assume_init() };
            assert!(two.iter().all(|value| value.0.is_none() && (&raw const *value).is_aligned()));
        })+};
    }
    at!(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096);
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

#[test]
fn a_value_put_into_a_place_that_was_moved_in_from_a_box_is_finalized() {
    let mut place: Gc<MaybeUninit<gc_tests::Node>> = Gc::from(Box::new(MaybeUninit::uninit()));
    Gc::get_mut(&mut place).expect("unique").write(gc_tests::Node::default());
    // SAFETY: the value is there.
    drop(unsafe { place.assume_init() });
    assert_eq!((gc_tests::finalized(), gc_tests::dropped()), (1, 1));
}
