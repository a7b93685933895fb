//! Raw pointers and back: sized, slices, text and trait objects, at any alignment, alive, dead and empty.

use std::fmt::Debug;

use gc_core::coerce;
use gc_tests::dropped;

use super::*;

/// Traceable, so that it can be moved in as a trait object.
trait Printed: Trace + Debug {}
impl<T: Trace + Debug> Printed for T {}

/// Whether it is the value of the tests below.
fn prints<T: Debug + ?Sized>(value: &T) -> bool {
    format!("{value:?}") == "Aligned(7)"
}

/// There and back, with all counts, for any pointer.
fn round_trip<T: ?Sized>(held: Gc<T>, is_whole: impl Fn(&T) -> bool) {
    let raw = Gc::into_raw(held.clone());
    assert!(std::ptr::addr_eq(raw, Gc::as_ptr(&held)) && Gc::strong_count(&held) == 2);
    // SAFETY: `raw` came from `into_raw`, and each count is turned back once.
    unsafe { Gc::increment_strong_count(raw) };
    // SAFETY: as above.
    unsafe { Gc::increment_strong_count(raw) };
    assert_eq!(Gc::strong_count(&held), 4);
    // SAFETY: as above.
    unsafe { Gc::decrement_strong_count(raw) };
    // SAFETY: as above.
    let [one, two] = unsafe { [Gc::from_raw(raw), Gc::from_raw(raw)] };
    assert!(Gc::ptr_eq(&one, &two) && is_whole(&one));
    drop((one, two));

    let weak = Gc::downgrade(&held);
    let raw = weak.clone().into_raw();
    assert!(std::ptr::addr_eq(raw, Gc::as_ptr(&held)) && Gc::weak_count(&held) == 2);
    // SAFETY: as above.
    let back = unsafe { Weak::from_raw(raw) };
    assert!(back.ptr_eq(&weak) && is_whole(&back.upgrade().expect("alive")));
    let alive = back.into_raw();
    assert_eq!((Gc::strong_count(&held), Gc::weak_count(&held)), (1, 2));

    // The last pointer, raw.
    let raw = Gc::into_raw(held);
    // SAFETY: as above.
    unsafe { Gc::decrement_strong_count(raw) };
    assert!(weak.upgrade().is_none());
    let dead = weak.into_raw();
    assert!(std::ptr::addr_eq(raw, dead) && std::ptr::addr_eq(raw, alive));
    // SAFETY: as above.
    let [dead, alive] = unsafe { [Weak::from_raw(dead), Weak::from_raw(alive)] };
    assert!(dead.ptr_eq(&alive) && dead.upgrade().is_none() && alive.strong_count() == 0);
    drop((dead, alive));
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

macro_rules! at_alignments {
    ($($name:ident $align:literal),+) => {$(
        #[test]
        fn $name() {
            #[derive(Trace, Debug, Clone, PartialEq)]
            #[repr(align($align))]
            struct Aligned(u8);
            #[derive(Trace, Debug)]
            #[repr(align($align))]
            struct Empty;
            round_trip(Gc::new(Aligned(7)), |value| value.0 == 7);
            round_trip(Gc::new(Empty), |value| (&raw const *value).is_aligned());
            round_trip(Gc::<Aligned>::from(Box::new(Aligned(7))), |value| value.0 == 7);
            round_trip(Gc::<[Aligned]>::from(vec![Aligned(7); 5]), |values| *values == [const { Aligned(7) }; 5]);
            round_trip(Gc::<[Aligned]>::default(), <[Aligned]>::is_empty);
            round_trip(coerce!(Gc::new([Aligned(7), Aligned(7)]) => [Aligned]), |values| values.len() == 2);
            round_trip(coerce!(Gc::new(Aligned(7)) => dyn Debug), prints);
            round_trip(Gc::<dyn Printed>::from(Box::new(Aligned(7)) as Box<dyn Printed>), prints);
            round_trip(coerce!(Gc::new(Empty) => dyn Debug), |value| format!("{value:?}") == "Empty");
            let nothing: Weak<dyn Debug> = coerce!(Weak::<Aligned>::new() => dyn Debug);
            let raw = nothing.into_raw();
            // SAFETY: the pointer came from `into_raw`.
            let nothing = unsafe { Weak::from_raw(raw) };
            assert!(nothing.upgrade().is_none() && nothing.weak_count() == 0);
        }
    )+};
}
at_alignments! {
    raw_pointers_to_values_at_1 1, raw_pointers_to_values_at_2 2, raw_pointers_to_values_at_4 4,
    raw_pointers_to_values_at_8 8, raw_pointers_to_values_at_16 16, raw_pointers_to_values_at_32 32,
    raw_pointers_to_values_at_64 64, raw_pointers_to_values_at_128 128, raw_pointers_to_values_at_256 256,
    raw_pointers_to_values_at_512 512, raw_pointers_to_values_at_1024 1024, raw_pointers_to_values_at_2048 2048,
    raw_pointers_to_values_at_4096 4096
}

#[test]
fn raw_pointers_to_text() {
    round_trip(Gc::<str>::from("text"), |text| text == "text");
    round_trip(Gc::<str>::default(), str::is_empty);
    round_trip(Gc::<[u8]>::from(Gc::<str>::from("text")), |bytes| bytes == b"text");
    round_trip(Gc::<std::ffi::CStr>::from(c"text"), |text| text == c"text");
    round_trip(Gc::<std::path::Path>::from(std::path::Path::new("a/b")), |path| path.components().count() == 2);
}

#[test]
fn raw_pointers_to_candidates_of_every_age_keep_them() {
    for generation in Generation::ALL {
        let raw = Gc::into_raw(aged(pair(1, 2), generation));
        assert_eq!(gc::collect(), 0);
        // SAFETY: the pointer came from `into_raw`, and is turned back once.
        drop(unsafe { Gc::from_raw(raw) });
        assert_eq!(gc::collect(), 2);
    }
    assert_eq!(dropped(), 6);
}

#[test]
fn a_raw_weak_pointer_has_no_callback() {
    let called = std::rc::Rc::new(Cell::new(false));
    let flag = called.clone();
    let held = Gc::new(5);
    let raw = Gc::downgrade_with(&held, move || flag.set(true)).into_raw();
    assert_eq!((std::rc::Rc::strong_count(&called), Gc::weak_count(&held)), (1, 1));
    // SAFETY: the pointer came from `into_raw`, and is turned back once.
    let weak = unsafe { Weak::from_raw(raw) };
    drop(held);
    assert!(!called.get() && weak.upgrade().is_none());
}

#[test]
fn a_cast_trait_object_is_what_it_was() {
    let raw = Gc::into_raw(coerce!(Gc::new(Leaf(Counted)) => dyn std::any::Any));
    // SAFETY: the value is of that type; the pointer came from `into_raw`, and is turned back once.
    drop(unsafe { Gc::from_raw(raw.cast::<Leaf<Counted>>()) });
    assert_eq!((dropped(), gc::stats().live_objects), (1, 0));
}
