//! What a capture sees, and that it changes nothing.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use gc_core::gc::{self, Generation};
use gc_core::inspect::{EdgeKind, Phase, Snapshot, Unread, census};
use gc_core::weak::WeakMap;
use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, Weak, coerce};
use gc_tests::{node, ring};

#[derive(Trace, Default)]
struct Link {
    to: RefCell<Vec<Gc<Link>>>,
    #[trace(skip)]
    untraced: RefCell<Vec<Gc<Link>>>,
}

fn link() -> Gc<Link> {
    Gc::default()
}

#[test]
fn an_empty_heap_has_an_empty_snapshot() {
    let snapshot = Snapshot::capture();
    assert!(snapshot.is_empty() && snapshot.objects().next().is_none() && snapshot.object(0).is_none());
    assert_eq!((snapshot.len(), snapshot.edge_count(), snapshot.dominators().roots().count()), (0, 0, 0));
    assert!(snapshot.components().is_empty() && snapshot.components().cycles().next().is_none());
    assert_eq!((snapshot.census().rows(), census().objects()), (&[][..], 0));
    assert!(snapshot.find(&link()).is_none());
}

#[test]
fn every_box_is_found_whatever_its_size_and_kind() {
    #[derive(Trace)]
    #[repr(align(64))]
    struct Aligned(u8);
    let (small, large, aligned) = (Gc::new(1_u8), Gc::new([1_u8; 5000]), Gc::new(Aligned(1)));
    assert_eq!(aligned.0, 1);
    let edges = ["", "x", &"x".repeat(1000)].map(Gc::<str>::from);
    let over_aligned: Gc<[Aligned]> = Gc::from(vec![Aligned(1), Aligned(2)]);
    let zeros: Gc<[()]> = Gc::from(vec![(); 1 << 40]);
    let wide: Gc<[u128]> = Gc::from(vec![1, 2]);
    let object: Gc<dyn Trace> = Gc::from(Box::new(1_u8) as Box<dyn Trace>);
    let coerced = coerce!(Gc::new(1_u8) => dyn Trace);
    let leaf = Gc::leaf(&small);
    let uninit = Gc::<String>::new_uninit();
    let units: Vec<_> = (0..2000).map(|_| Gc::new(())).collect();
    let snapshot = Snapshot::capture();
    assert_eq!(snapshot.len(), 2013);
    assert_eq!(snapshot.objects().map(|object| object.size()).sum::<usize>(), gc::stats().live_bytes);
    macro_rules! assert_found {
        ($($gc:expr => $name:ty),+) => {$(
            let found = snapshot.find(&$gc).expect("it is alive");
            assert_eq!(found.type_name(), std::any::type_name::<$name>());
            assert_eq!((found.strong(), found.weak(), found.outside(), found.unread()), (1, 0, 1, None));
        )+};
    }
    assert_found!(small => u8, large => [u8; 5000], aligned => Aligned, edges[0] => str, edges[1] => str, edges[2] => str);
    assert_found!(over_aligned => [Aligned], zeros => [()], wide => [u128], object => dyn Trace, coerced => u8);
    assert_found!(leaf => &Gc<u8>, uninit => std::mem::MaybeUninit<String>, units[0] => (), units[1999] => ());
    drop((large, edges, over_aligned, zeros, wide, object, units));
    assert_eq!(Snapshot::capture().len(), 5 + gc::garbage_len());
}

#[test]
fn boxes_are_found_while_their_neighbours_come_and_go() {
    let mut kept = Vec::new();
    for round in 0..20_u32 {
        let made: Vec<_> = (0..3000).map(|number: u32| Gc::new(u64::from(number))).collect();
        let texts: Vec<Gc<str>> = (0..300_usize).map(|length| "x".repeat(length * 3).as_str().into()).collect();
        kept.retain(|gc: &Gc<u64>| !gc.is_multiple_of(u64::from(round + 2)));
        kept.extend(made.into_iter().filter(|gc| gc.is_multiple_of(7)));
        let snapshot = Snapshot::capture();
        assert_eq!(snapshot.len(), kept.len() + texts.len());
        assert!(kept.iter().all(|gc| snapshot.find(gc).is_some_and(|object| object.type_name() == "u64")));
        assert!(texts.iter().all(|gc| snapshot.find(gc).is_some_and(|object| object.type_name() == "str")));
    }
}

#[test]
fn a_capture_changes_no_count_no_age_and_no_candidate() {
    #[derive(Debug, PartialEq)]
    struct State(gc::Stats, [usize; 3], Vec<(usize, usize, Generation)>);
    fn state(boxes: &[Gc<Link>]) -> State {
        let of = |gc: &Gc<Link>| (Gc::strong_count(gc), Gc::weak_count(gc), Gc::generation(gc));
        State(gc::stats(), gc::counts(), boxes.iter().map(of).collect())
    }

    let mut boxes = Vec::new();
    for generation in [Generation::Middle, Generation::Young] {
        boxes.extend((0..10).map(|_| link()));
        gc::collect_generation(generation);
    }
    boxes.extend((0..10).map(|_| link()));
    boxes.iter().for_each(|gc| drop(gc.clone()));
    let weak = Gc::downgrade(&boxes[0]);
    let before = state(&boxes);
    assert_eq!(before.0.candidates, 30);
    let snapshot = Snapshot::capture();
    assert_eq!(census(), snapshot.census());
    assert_eq!(state(&boxes), before);
    for (gc, (strong, weak, generation)) in boxes.iter().zip(&before.2) {
        let object = snapshot.find(gc).unwrap();
        assert_eq!((object.strong(), object.weak(), object.generation()), (*strong, *weak, *generation));
    }
    // What was born before a capture grows old as what is born after it.
    let after = link();
    assert_eq!(Gc::generation(&boxes[29]), Generation::Young);
    gc::collect_generation(Generation::Young);
    assert_eq!((Gc::generation(&boxes[29]), Gc::generation(&after)), (Generation::Middle, Generation::Middle));
    assert_eq!(gc::collect_generation(Generation::Middle).collected, 0);
    drop((boxes, weak));
}

#[test]
fn garbage_is_found_after_a_capture_as_if_there_had_been_none() {
    drop(ring(3));
    let _ = Snapshot::capture();
    drop(ring(4));
    assert_eq!(gc::collect_generation(Generation::Young).collected, 7);
}

#[test]
fn a_snapshot_keeps_nothing_alive_and_outlives_what_it_saw() {
    let pair = Gc::new((Gc::new(1), Gc::new("x")));
    let snapshot = Snapshot::capture();
    drop(pair);
    assert_eq!(gc::stats().live_objects, 0);
    let names: Vec<_> = snapshot.objects().filter(|object| object.outside() == 0).map(|it| it.type_name()).collect();
    assert!(snapshot.len() == 3 && names.contains(&"i32") && names.contains(&"&str"));
}

#[test]
fn an_id_stays_with_an_object_and_goes_to_no_other() {
    let kept = link();
    let gone = link();
    let first = Snapshot::capture();
    let (kept_id, gone_id) = (first.find(&kept).unwrap().id(), first.find(&gone).unwrap().id());
    let place = Gc::as_ptr(&gone);
    drop(gone);
    let new = link();
    assert!(cfg!(gc_system_alloc) || Gc::as_ptr(&new) == place, "the place is used again");
    let second = Snapshot::capture();
    assert_eq!(second.find(&kept).unwrap().id(), kept_id);
    assert_ne!(second.find(&new).unwrap().id(), gone_id);
    assert!(first.find(&new).is_none(), "it was made later");
    assert!(first.referrers(&new).next().is_none() && first.why_alive(&new).is_none());
    gc::collect();
    assert_eq!(Snapshot::capture().find(&kept).unwrap().id(), kept_id);
}

#[test]
fn references_from_nowhere_that_is_traced_are_outside() {
    let target = link();
    let held = Gc::new((target.clone(), Rc::new(target.clone()), Leaf(target.clone())));
    held.0.untraced.borrow_mut().push(target.clone());
    let hidden = Gc::leaf(target.clone());
    let snapshot = Snapshot::capture();
    let object = snapshot.find(&target).unwrap();
    assert_eq!((object.strong(), object.outside(), object.referrers().len()), (6, 5, 1));
    held.0.untraced.borrow_mut().clear();
    drop((target, hidden));
    let snapshot = Snapshot::capture();
    let object = snapshot.find(&held.0).unwrap();
    assert_eq!((object.strong(), object.outside()), (3, 2));
}

#[test]
fn unreachable_cycles_are_marked_as_garbage() {
    let held = ring(3);
    let garbage = ring(2);
    garbage.edges.borrow_mut().extend([node(), held.clone()]);
    let (weak, tail) = (Gc::downgrade(&garbage), Gc::downgrade(&garbage.edges.borrow()[1]));
    drop(garbage);
    let snapshot = Snapshot::capture();
    let marked = |weak: &Weak<_>| snapshot.find(&weak.upgrade().unwrap()).unwrap().is_garbage();
    assert_eq!((snapshot.len(), snapshot.objects().filter(|object| object.is_garbage()).count()), (6, 3));
    assert!(marked(&weak) && marked(&tail) && !snapshot.find(&held).unwrap().is_garbage());
    assert!(snapshot.why_alive(&weak.upgrade().unwrap()).is_none());
    assert_eq!(snapshot.find(&held).unwrap().outside(), 1, "garbage is seen, too");
    assert_eq!(gc::collect(), 3);
}

#[test]
fn dead_boxes_and_those_in_the_making_are_left_out() {
    let dead = Gc::downgrade(&link());
    let made = Gc::new_cyclic(|me: &Weak<Weak<u8>>| {
        let snapshot = Snapshot::capture();
        assert!(snapshot.is_empty() && me.upgrade().is_none());
        Weak::new()
    });
    let holder = Gc::new(dead.clone());
    let snapshot = Snapshot::capture();
    assert_eq!((snapshot.len(), snapshot.referents(&holder).count()), (2, 0));
    assert_eq!((made.strong_count(), dead.strong_count()), (0, 0));
}

thread_local! {
    static SEEN: RefCell<Vec<(&'static str, bool, usize, usize)>> = const { RefCell::new(Vec::new()) };
}

/// Notes down what a capture sees of the `Watched`.
fn see() {
    let snapshot = Snapshot::capture();
    let watched = snapshot.objects().filter(|object| object.type_name().contains("Watched"));
    let seen = watched.map(|object| ("", object.is_garbage(), object.outside(), object.edges().len()));
    SEEN.with(|all| all.borrow_mut().extend(seen));
}

#[derive(Trace)]
#[trace(finalize)]
struct Watched(RefCell<Option<Gc<Watched>>>, Leaf<SeesAtDrop>);

struct SeesAtDrop;

impl Drop for SeesAtDrop {
    fn drop(&mut self) {
        SEEN.with(|seen| seen.borrow_mut().push(("dropped", false, 0, 0)));
        see();
    }
}

impl Finalize for Watched {
    fn finalize(&self) {
        SEEN.with(|seen| seen.borrow_mut().push(("finalized", false, 0, 0)));
        see();
    }
}

#[test]
fn what_dies_is_garbage_while_it_is_finalized_and_gone_when_it_is_dropped() {
    let watched = || Gc::new(Watched(None.into(), Leaf(SeesAtDrop)));
    drop(watched());
    let by_count = [("finalized", false, 0, 0), ("", true, 0, 0), ("dropped", false, 0, 0)];
    assert_eq!(SEEN.take(), by_count);
    let cycle = watched();
    *cycle.0.borrow_mut() = Some(cycle.clone());
    let _hook = gc::on_collect(|_| see());
    drop(cycle);
    gc::collect();
    let by_collection = [("", true, 0, 1), ("finalized", false, 0, 0), ("", true, 0, 1), ("dropped", false, 0, 0)];
    assert_eq!(SEEN.take(), by_collection);
}

#[test]
fn borrowed_cells_are_passed_over_and_their_objects_marked() {
    let (outer, inner) = (link(), link());
    outer.to.borrow_mut().push(inner.clone());
    {
        let _borrowed = outer.to.borrow_mut();
        let snapshot = Snapshot::capture();
        let object = snapshot.find(&outer).unwrap();
        assert_eq!((object.unread(), object.is_busy(), object.edges().len()), (Some(Unread::Borrowed), true, 0));
        assert_eq!((snapshot.find(&inner).unwrap().outside(), snapshot.find(&inner).unwrap().unread()), (2, None));
    }
    let _shared = outer.to.borrow();
    let snapshot = Snapshot::capture();
    assert_eq!((snapshot.find(&outer).unwrap().unread(), snapshot.find(&inner).unwrap().outside()), (None, 1));
}

#[test]
fn a_trace_that_panics_is_caught_and_its_object_marked() {
    struct Panics(Gc<u8>, Cell<bool>);
    // SAFETY: the field is reported at most once (T1 to T4).
    unsafe impl Trace for Panics {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            assert!(!self.1.get(), "on purpose");
        }
    }
    let panics = Gc::new(Panics(Gc::new(1), Cell::new(true)));
    let other = Gc::new(Some(Gc::new(2)));
    let snapshot = Snapshot::capture();
    let object = snapshot.find(&panics).unwrap();
    assert_eq!((object.unread(), object.edges().len()), (Some(Unread::Panicked), 1));
    assert_eq!((snapshot.find(&other).unwrap().unread(), snapshot.referents(&other).count()), (None, 1));
    panics.1.set(false);
    assert_eq!(Snapshot::capture().find(&panics).unwrap().unread(), None);
}

#[test]
fn a_trace_that_captures_is_refused() {
    struct Curious(Gc<u8>);
    // SAFETY: the field is reported once (T1 to T4).
    unsafe impl Trace for Curious {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            let _ = Snapshot::capture();
        }
    }
    let curious = Gc::new(Curious(Gc::new(1)));
    let snapshot = Snapshot::capture();
    assert_eq!(snapshot.find(&curious).unwrap().unread(), Some(Unread::Panicked));
    drop(curious.clone());
    let refused = std::panic::catch_unwind(gc::collect).unwrap_err();
    assert!(refused.downcast_ref::<String>().unwrap().starts_with("a `trace` cannot look at the heap"));
    assert_eq!((Gc::referents(&curious).len(), Gc::strong_count(&curious)), (1, 1));
}

#[test]
fn a_value_that_may_be_mutably_borrowed_is_not_looked_into() {
    let mut root = Gc::new(vec![Gc::new(1), Gc::new(2)]);
    let values = Gc::get_mut(&mut root).unwrap();
    // Under a `Vec` that grows, a reader would see what was freed.
    values.push(Gc::new(3));
    let snapshot = Snapshot::capture();
    values.push(Gc::new(4));
    let object = snapshot.objects().find(|object| object.is_busy()).expect("the vector");
    assert_eq!((object.unread(), object.edges().len(), object.outside()), (Some(Unread::Exclusive), 0, 1));
    assert!(snapshot.objects().all(|it| it == object || (it.outside(), it.unread()) == (1, None)));
    // Nobody knows that the borrow is over.
    assert!(Snapshot::capture().find(&root).unwrap().is_busy());
    // Now it is known.
    let other = root.clone();
    assert_eq!(Snapshot::capture().find(&root).unwrap().edges().len(), 4);
    drop(other);
    assert_eq!(Snapshot::capture().find(&root).unwrap().unread(), None);
    Gc::make_mut(&mut root).pop();
    assert!(Snapshot::capture().find(&root).unwrap().is_busy());
    drop(root.clone());
    assert_eq!(Snapshot::capture().find(&root).unwrap().unread(), None, "it is a candidate");
}

#[test]
fn what_is_reached_through_a_value_that_may_be_borrowed_is_not_looked_into_either() {
    let mut inner = link();
    Gc::get_mut(&mut inner).unwrap().to.get_mut().push(link());
    let mut outer = link();
    Gc::get_mut(&mut outer).unwrap().to.get_mut().push(inner);
    // Both may be borrowed: the inner one by way of the outer one.
    let unread = |snapshot: &Snapshot| snapshot.objects().filter(|object| object.is_busy()).count();
    assert_eq!(unread(&Snapshot::capture()), 2);
    // Owned by a value that is looked into, neither is.
    let owner = link();
    owner.to.borrow_mut().push(outer);
    let snapshot = Snapshot::capture();
    assert_eq!((unread(&snapshot), snapshot.edge_count()), (0, 3));
    // The cell is borrowed, so the pointer in it may be.
    let mut guard = owner.to.borrow_mut();
    let value = Gc::get_mut(&mut guard[0]).unwrap();
    let snapshot = Snapshot::capture();
    value.to.get_mut().clear();
    assert_eq!((unread(&snapshot), snapshot.edge_count()), (2, 1));
}

#[test]
fn weak_pointers_and_entries_rule_a_mutable_borrow_out() {
    let mut weakly = link();
    Gc::get_mut(&mut weakly).unwrap();
    let mut key = link();
    Gc::get_mut(&mut key).unwrap();
    let (weak, map) = (Gc::downgrade(&weakly), WeakMap::new());
    map.insert(&key, link());
    let snapshot = Snapshot::capture();
    assert!(snapshot.len() == 3 && snapshot.objects().all(|object| !object.is_busy()));
    assert!(weak.upgrade().is_some());
    let of_key: Vec<_> = snapshot.referents(&key).collect();
    assert_eq!((of_key.len(), of_key[0].kind(), of_key[0].collection()), (1, EdgeKind::Ephemeron, None));
}

#[test]
fn the_value_of_an_entry_is_garbage_if_its_map_is() {
    #[derive(Trace)]
    struct Owner {
        map: WeakMap<u8, Gc<u8>>,
        me: OnceCell<Gc<Owner>>,
    }
    let key = Gc::new(1);
    let owner = Gc::new(Owner { map: WeakMap::new(), me: OnceCell::new() });
    owner.me.set(owner.clone()).ok().unwrap();
    owner.map.insert(&key, Gc::new(2));
    let value = |snapshot: &Snapshot| snapshot.referents(&key).next().unwrap().to().is_garbage();
    assert!(!value(&Snapshot::capture()));
    drop(owner);
    let snapshot = Snapshot::capture();
    assert!(value(&snapshot) && !snapshot.find(&key).unwrap().is_garbage());
    // An entry that leads to its own key does not keep it alive.
    let map = WeakMap::new();
    let key = link();
    map.insert(&key, key.clone());
    map.with(&key, |_| assert_eq!(Snapshot::capture().find(&key).unwrap().referrers().len(), 1));
    drop(key);
    assert_eq!(Snapshot::capture().objects().filter(|object| object.is_garbage()).count(), 3);
    assert_eq!((gc::collect(), gc::stats().live_objects), (2, 1), "the value dies for want of an owner");
}

#[test]
fn progress_is_told_and_may_do_anything() {
    let kept: Vec<_> = (0..200_000).map(|number| Gc::new(Some(Gc::new(number)))).collect();
    let kept = RefCell::new(kept);
    let mut told = Vec::new();
    let snapshot = Snapshot::capture_with(&mut |progress| {
        if progress.phase > Phase::Reading {
            kept.take();
            drop(ring(2));
            gc::collect();
            assert!(progress.done <= progress.total);
        }
        told.push(progress.phase);
    });
    assert_eq!((snapshot.len(), snapshot.edge_count()), (400_000, 200_000));
    assert!(told.is_sorted() && told.first() == Some(&Phase::Reading) && told.last() == Some(&Phase::Reaching));
    assert!(told.iter().filter(|phase| **phase == Phase::Linking).count() > 3);
}

#[test]
fn no_graph_is_too_deep() {
    let deep = if cfg!(debug_assertions) { 300_000 } else { 10_000_000 };
    let chain = |count| {
        let first = link();
        let mut last = first.clone();
        for _ in 1..count {
            let next = link();
            last.to.borrow_mut().push(next.clone());
            last = next;
        }
        (first, last)
    };
    let (first, last) = chain(deep);
    last.to.borrow_mut().push(first.clone());
    let target = Gc::downgrade(&last);
    drop(last);
    let snapshot = Snapshot::capture();
    let last = snapshot.find(&target.upgrade().unwrap()).unwrap();
    let path = last.why_alive().unwrap();
    assert_eq!((path.len(), snapshot.find(&first).unwrap().retained_size()), (deep - 1, gc::stats().live_bytes));
    assert!(path.to_string().len() < 2000 && path.to_string().contains(" more ... -> "));
    assert_eq!(snapshot.components().cycles().map(|cycle| cycle.len()).collect::<Vec<_>>(), [deep]);
    drop((path, first));
    assert!(Snapshot::capture().objects().all(|object| object.is_garbage()));
    assert_eq!(gc::collect(), deep);
}

#[test]
fn a_heap_can_be_captured_as_its_thread_ends() {
    struct AtExit(Gc<Link>);
    impl Drop for AtExit {
        fn drop(&mut self) {
            let snapshot = Snapshot::capture();
            assert_eq!(snapshot.find(&self.0).map(|object| object.outside()), Some(1));
            drop(ring(2));
        }
    }
    thread_local! {
        static AT_EXIT: RefCell<Option<AtExit>> = const { RefCell::new(None) };
    }
    std::thread::spawn(|| AT_EXIT.set(Some(AtExit(link())))).join().unwrap();
}
