//! What user code does behind a door.

use std::cell::RefCell;
use std::panic::{catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::gc::{self, DebugFlags, Generation};
use gc_core::weak::{WeakMap, WeakSet};
use gc_core::{Gc, Weak};
use gc_tests::{Node, node, ring};

use crate::case::{Case, Event};
use crate::world::{ELSEWHERE, Kept, Thing, watch};

/// Something that user code does in `World`, seeing the given thing at the door.
pub(crate) struct Act {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Rc<Case>, Option<&Thing>),
    /// What happens to things is the same without it.
    pub(crate) is_harmless: bool,
    /// It uses no `Gc` that was there before, so a `trace` may do it too.
    pub(crate) is_aloof: bool,
}

const fn act(name: &'static str, run: fn(&Rc<Case>, Option<&Thing>)) -> Act {
    Act { name, run, is_harmless: false, is_aloof: false }
}

const fn harmless(name: &'static str, run: fn(&Rc<Case>, Option<&Thing>)) -> Act {
    Act { is_harmless: true, ..act(name, run) }
}

const fn aloof(name: &'static str, run: fn(&Rc<Case>, Option<&Thing>)) -> Act {
    Act { is_aloof: true, ..harmless(name, run) }
}

pub(crate) const NOTHING: Act = aloof("nothing", |_, _| ());
pub(crate) const COLLECT: Act = aloof("collect", collect);
pub(crate) const ALLOCATE: Act = aloof("allocate", allocate);

/// All of them. With a panic after it, the first is a panic and nothing else.
pub(crate) static ACTS: &[Act] = &[
    NOTHING,
    COLLECT,
    ALLOCATE,
    aloof("allocate boxes of all kinds", allocate_all_kinds),
    aloof("steer the collector", steer),
    aloof("catch a panic", catch_a_panic),
    #[cfg(feature = "inspect")]
    aloof("capture the heap", capture),
    aloof("end a thread", |_, _| {
        std::thread::spawn(|| drop(ring(3))).join().unwrap();
    }),
    harmless("look", look),
    harmless("downgrade and upgrade", downgrade_and_upgrade),
    harmless("use a thread-local", use_a_thread_local),
    act("clone pointers out", clone_out),
    act("unlink", unlink),
    act("try_unwrap", try_unwrap),
    act("get_mut and make_mut", get_mut),
    act("freeze", |_, _| gc::freeze()),
    act("freeze and unfreeze", |_, _| {
        gc::freeze();
        drop(ring(2));
        gc::unfreeze();
        gc::collect();
    }),
    act("save garbage", |_, _| {
        gc::set_debug(DebugFlags::SAVE_ALL);
        drop(ring(2));
        gc::collect();
        gc::set_debug(DebugFlags::NONE);
        drop(gc::take_garbage());
    }),
    act("drop the last handle", |case, _| drop(case.world.last.take())),
    act("let everything go", |case, _| {
        case.world.clear();
        gc::collect();
    }),
    act("watch", |case, _| {
        for thing in case.world.upgraded() {
            watch(case, &thing);
            let (log, number) = (case.log.clone(), thing.tally.number);
            Gc::on_drop(&thing, move || log.push(Event::Called(number)));
        }
    }),
    act("change weak collections", change_weak_collections),
    harmless("register a hook", |case, _| {
        drop(gc::on_collect(|_| panic!("it is not registered any more")));
        case.world.guards.borrow_mut().push(Box::new(gc::on_collect(|_| drop(ring(2)))));
    }),
];

fn collect(_: &Rc<Case>, _: Option<&Thing>) {
    gc::collect();
    drop(ring(2));
    for generation in Generation::ALL {
        gc::collect_generation(generation);
    }
}

/// Enough for an automatic collection.
fn allocate(_: &Rc<Case>, _: Option<&Thing>) {
    (0..400).for_each(|_| drop(ring(2)));
    let held: Vec<_> = (0..100).map(|_| (node(), Gc::leaf([0_u8; 100]))).collect();
    assert_eq!(held.len(), 100);
}

fn allocate_all_kinds(_: &Rc<Case>, _: Option<&Thing>) {
    let made = Gc::new_cyclic(|me: &Weak<Node>| {
        assert!(me.upgrade().is_none());
        let node = Node::default();
        *node.back.borrow_mut() = me.clone();
        node
    });
    assert!(made.back.borrow().upgrade().is_some_and(|back| Gc::ptr_eq(&back, &made)));
    let text: Gc<str> = "text".into();
    let slice: Gc<[Gc<str>]> = (0..3).map(|_| text.clone()).collect();
    let boxed: Gc<dyn gc_core::Trace> = Gc::from(Box::new(slice.clone()) as Box<dyn gc_core::Trace>);
    drop((Gc::<[u8; 5000]>::new_uninit(), Gc::new(()), boxed));
    assert_eq!((&*slice[2], Gc::strong_count(&text)), ("text", 4));
    let (map, set) = (WeakMap::new(), WeakSet::new());
    map.insert(&made, Gc::new(Some(made.clone())));
    set.insert(&made);
}

fn steer(_: &Rc<Case>, _: Option<&Thing>) {
    {
        let _paused = gc::pause();
        (0..10).for_each(|_| drop(ring(2)));
    }
    let (thresholds, budget) = (gc::thresholds(), gc::budget());
    gc::disable();
    gc::set_thresholds(thresholds.young(2));
    gc::set_budget(1);
    (0..10).for_each(|_| drop(ring(2)));
    gc::set_budget(budget);
    gc::set_thresholds(thresholds);
    gc::enable();
    assert!(gc::counts()[0] < 1_000_000 && gc::stats().live_objects > 0);
}

fn catch_a_panic(_: &Rc<Case>, _: Option<&Thing>) {
    let caught = catch_unwind(|| {
        let _ring = ring(2);
        resume_unwind(Box::new("caught"));
    });
    assert!(caught.is_err_and(|payload| payload.is::<&str>()));
}

/// Everything about the heap, unless we are inside a `trace`, where that is refused.
#[cfg(feature = "inspect")]
fn capture(_: &Rc<Case>, _: Option<&Thing>) {
    use gc_core::inspect::{EdgeKind, LeakScope, Snapshot, census};

    let captured = catch_unwind(|| {
        let scope = LeakScope::new();
        let made = ring(2);
        let snapshot = Snapshot::capture();
        assert_eq!(snapshot.census(), census());
        let found = snapshot.find(&made).expect("it is alive");
        assert_eq!((found.outside(), found.strong(), scope.survivors().len()), (1, 2, 2));
        for object in snapshot.objects() {
            let strong = object.referrers().filter(|edge| edge.kind() != EdgeKind::Weak).count();
            assert_eq!(object.strong(), strong + object.outside());
            assert_eq!(object.is_garbage(), object.why_alive().is_none());
            assert!(object.retained_size() >= object.size());
        }
    });
    if let Err(payload) = captured {
        let refused = payload.downcast_ref::<String>().is_some_and(|message| message.starts_with("a `trace` cannot"));
        if !refused {
            resume_unwind(payload);
        }
    }
}

fn look(case: &Rc<Case>, thing: Option<&Thing>) {
    case.world.check();
    if let Some(thing) = thing {
        thing.look();
    }
    for thing in case.world.upgraded() {
        assert!(Gc::strong_count(&thing) > 0 && Gc::weak_count(&thing) > 0 && Gc::is_tracked(&thing));
        if let Ok(edges) = thing.edges.try_borrow() {
            assert_eq!(Gc::referents(&thing).len(), edges.len());
        }
        let _ = (Gc::generation(&thing), Gc::is_finalized(&thing));
    }
}

fn downgrade_and_upgrade(case: &Rc<Case>, thing: Option<&Thing>) {
    let mut upgraded = case.world.upgraded();
    upgraded
        .extend(thing.iter().flat_map(|thing| thing.edges.try_borrow().map(|edges| edges.clone()).unwrap_or_default()));
    let weaks: Vec<_> = upgraded.iter().map(Gc::downgrade).collect();
    assert!(weaks.clone().iter().all(|weak| weak.upgrade().is_some()));
    drop(upgraded);
    drop(weaks.iter().map(Weak::upgrade).collect::<Vec<_>>());
}

fn use_a_thread_local(case: &Rc<Case>, _: Option<&Thing>) {
    let hub = case.world.hub.borrow().clone();
    let _ = ELSEWHERE.try_with(|elsewhere| {
        let old = elsewhere.replace(Vec::new());
        elsewhere.borrow_mut().extend(hub);
        drop(old);
    });
}

/// Among them are those that are about to die, which are resurrected if they can be.
fn clone_out(case: &Rc<Case>, thing: Option<&Thing>) {
    let mut saved = case.world.upgraded();
    saved
        .extend(thing.iter().flat_map(|thing| thing.edges.try_borrow().map(|edges| edges.clone()).unwrap_or_default()));
    saved.iter().for_each(|thing| thing.look());
    case.world.saved.borrow_mut().extend(saved);
}

fn take_edges(edges: &RefCell<Vec<Gc<Thing>>>) -> Vec<Gc<Thing>> {
    edges.try_borrow_mut().map(|mut edges| std::mem::take(&mut *edges)).unwrap_or_default()
}

fn unlink(case: &Rc<Case>, thing: Option<&Thing>) {
    drop(thing.map(|thing| take_edges(&thing.edges)));
    for thing in case.world.upgraded() {
        drop(take_edges(&thing.edges));
    }
}

fn try_unwrap(case: &Rc<Case>, _: Option<&Thing>) {
    let lonely = case.world.lonely.take().map(Gc::try_unwrap);
    if let Some(lonely) = lonely {
        let moved = Gc::new(lonely.ok().expect("the only pointer"));
        case.world.lonely.replace(Some(moved));
    }
    for thing in case.world.upgraded() {
        drop(Gc::try_unwrap(thing).map_err(|shared| shared.look()));
    }
    for slot in [&case.world.hub, &case.world.last] {
        let shared = slot.borrow().clone();
        assert!(shared.is_none_or(|shared| Gc::try_unwrap(shared).is_err()));
    }
}

fn get_mut(case: &Rc<Case>, _: Option<&Thing>) {
    if let Some(mut lonely) = case.world.lonely.take() {
        Gc::get_mut(&mut lonely).expect("the only pointer").edges.get_mut().clear();
        drop(ring(2));
        Gc::make_mut(&mut lonely).edges.get_mut().clear();
        case.world.lonely.replace(Some(lonely));
    }
    for mut thing in case.world.upgraded() {
        assert!(Gc::get_mut(&mut thing).is_none(), "there are weak pointers");
        Gc::make_mut(&mut thing).edges.get_mut().clear();
        drop(ring(2));
        thing.look();
    }
}

fn change_weak_collections(case: &Rc<Case>, _: Option<&Thing>) {
    let (world, things) = (&case.world, case.world.upgraded());
    world.map.retain(|_, kept| kept.edges.is_empty());
    for thing in &things {
        world.set.insert(thing);
        drop(world.map.insert(thing, Kept::new(case, vec![thing.clone()])));
    }
    drop(things);
    world.map.drain().take(1).for_each(drop);
    world.set.retain(|thing| !thing.edges.try_borrow().is_ok_and(|edges| edges.is_empty()));
    world.values.clear();
}
