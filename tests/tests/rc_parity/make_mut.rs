//! `make_mut`, and clones that do more than to clone.

use gc_tests::{dropped, log, take_log};

use super::*;

thread_local!(static KEPT: RefCell<Vec<Gc<Item>>> = const { RefCell::new(Vec::new()) });

#[test]
fn a_clone_that_panics_leaves_the_pointer_as_it_was() {
    CLONING.set(Some(|_| panic!("a clone")));
    let mut one = item(1);
    let two = one.clone();
    assert_eq!(panic_of(|| Gc::make_mut(&mut one).number.set(2)), "a clone");
    assert!(Gc::ptr_eq(&one, &two));
    assert_eq!((one.number.get(), Gc::strong_count(&one), gc::stats().live_objects), (1, 2, 1));
    assert_eq!(panic_of(|| Gc::unwrap_or_clone(two)), "a clone");
    assert_eq!((Gc::strong_count(&one), dropped()), (1, 0));
}

#[test]
fn a_slice_whose_elements_panic_in_clone_stays_and_leaks_nothing() {
    CLONING.set(Some(|item| assert!(item.number.get() < 3, "a clone")));
    let mut slice: Gc<[Item]> = (1..=4).map(|number| Item { number: Cell::new(number), ..Item::default() }).collect();
    let other = slice.clone();
    assert_eq!(panic_of(|| Gc::make_mut(&mut slice).len()), "a clone");
    // The clones of the first two.
    assert_eq!((dropped(), Gc::ptr_eq(&slice, &other)), (2, true));
    drop((slice, other));
    assert_eq!((dropped(), gc::stats().live_objects), (6, 0));
}

#[test]
fn a_clone_that_keeps_another_pointer_to_the_value_keeps_it() {
    CLONING.set(Some(|item| KEPT.with_borrow_mut(|kept| kept.extend(item.me.borrow().upgrade()))));
    let mut one = reflexive(1);
    let two = one.clone();
    Gc::make_mut(&mut one).number.set(5);
    let kept = KEPT.take().pop().expect("kept");
    assert!(Gc::ptr_eq(&kept, &two) && !Gc::ptr_eq(&kept, &one));
    assert_eq!((kept.number.get(), Gc::strong_count(&kept), one.number.get()), (1, 2, 5));
}

#[test]
fn a_clone_that_drops_all_other_pointers_ends_the_old_value() {
    PROBE.set(Some(|item| log(format!("end of {}", item.number.get()))));
    CLONING.set(Some(|_| drop(KEPT.take())));
    let mut one = item(1);
    KEPT.with_borrow_mut(|kept| kept.push(one.clone()));
    Gc::make_mut(&mut one).number.set(2);
    assert_eq!((take_log(), dropped(), Gc::strong_count(&one)), (vec!["end of 1".to_string()], 1, 1));
}

#[test]
fn a_clone_that_collects_sees_the_old_value_alive() {
    CLONING.set(Some(|_| {
        drop(pair(7, 8));
        log(gc::collect().to_string());
    }));
    for generation in Generation::ALL {
        let mut one = aged(pair(1, 2), generation);
        let two = one.clone();
        Gc::make_mut(&mut one).number.set(5);
        assert_eq!((one.edges.borrow()[0].number.get(), two.number.get()), (2, 1));
        two.edges.borrow_mut().clear();
    }
    assert_eq!(take_log(), ["2", "2", "2"]);
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn make_mut_while_every_allocation_collects() {
    collect_always();
    for round in 0..20 {
        let mut one = pair(1, 2);
        let two = one.clone();
        drop(pair(3, 4));
        Gc::make_mut(&mut one).number.set(round);
        assert_eq!((one.number.get(), one.edges.borrow()[0].number.get(), two.number.get()), (round, 2, 1));
        let weak = Gc::downgrade(&one);
        drop(pair(3, 4));
        Gc::make_mut(&mut one).number.set(round + 1);
        assert!(weak.upgrade().is_none() && one.edges.borrow()[0].number.get() == 2);
        let mut slice: Gc<[Gc<Item>]> = vec![one.clone(), two.clone()].into();
        let weak = Gc::downgrade(&slice);
        let other = slice.clone();
        Gc::make_mut(&mut slice).reverse();
        assert!(Gc::ptr_eq(&slice[1], &other[0]));
        drop(other);
        assert!(weak.upgrade().is_none());
    }
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_moved_value_takes_its_edges_along_and_no_weak_pointer() {
    let mut one = pair(1, 2);
    let other = one.edges.borrow()[0].clone();
    other.edges.borrow_mut().clear();
    let weak = Gc::downgrade_with(&one, || log("told"));
    suspect(&one);
    Gc::make_mut(&mut one).number.set(3);
    assert_eq!((take_log(), weak.upgrade().is_none(), dropped()), (vec!["told".to_string()], true, 0));
    assert_eq!((Gc::strong_count(&other), gc::stats().live_objects), (2, 2));
    // A ring through the new box is found.
    link(&other, &one);
    drop((one, other));
    assert_eq!((gc::collect(), dropped()), (2, 2));
}

#[test]
fn a_callback_that_panics_leaves_the_moved_value_in_place() {
    let mut one = item(1);
    let _weak = Gc::downgrade_with(&one, || panic!("a callback"));
    assert_eq!(panic_of(|| Gc::make_mut(&mut one).number.set(2)), "a callback");
    assert_eq!((one.number.get(), Gc::strong_count(&one), dropped()), (1, 1, 0));
    Gc::make_mut(&mut one).number.set(2);
    assert_eq!((one.number.get(), gc::stats().live_objects), (2, 1));
}

#[test]
fn values_of_any_alignment_are_moved_and_cloned() {
    macro_rules! at {
        ($($align:literal),+) => {$({
            #[derive(Trace, Clone, PartialEq, Debug)]
            #[repr(align($align))]
            struct Aligned(u8);
            let mut one = Gc::new(Aligned(1));
            let weak = Gc::downgrade(&one);
            Gc::make_mut(&mut one).0 = 2;
            let two = one.clone();
            Gc::make_mut(&mut one).0 = 3;
            assert!(weak.upgrade().is_none() && (one.0, two.0) == (3, 2) && Gc::as_ptr(&one).is_aligned());
            let mut slice: Gc<[Aligned]> = vec![Aligned(1); 3].into();
            let weak = Gc::downgrade(&slice);
            Gc::make_mut(&mut slice)[1].0 = 2;
            assert!(weak.upgrade().is_none() && *slice == [Aligned(1), Aligned(2), Aligned(1)]);
        })+};
    }
    at!(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096);
    assert_eq!((gc::stats().live_objects, gc::stats().live_bytes), (0, 0));
}

#[test]
fn a_coerced_array_is_made_ones_own() {
    let mut slice: Gc<[Gc<Item>]> = gc_core::coerce!(Gc::new([item(1), item(2)]) => [Gc<Item>]);
    let weak = Gc::downgrade(&slice);
    Gc::make_mut(&mut slice).swap(0, 1);
    assert_eq!((slice[0].number.get(), weak.upgrade().is_none()), (2, true));
    let other = slice.clone();
    Gc::make_mut(&mut slice).swap(0, 1);
    assert_eq!((slice[0].number.get(), other[0].number.get()), (1, 2));
    drop((slice, other));
    assert_eq!((dropped(), gc::stats().live_objects), (2, 0));
}
