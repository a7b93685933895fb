//! One pair of the matrix: what happens at a door, in a world of its own, and what must be true afterwards.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use gc_core::gc::{self, Thresholds};
use gc_tests::ring;

use crate::acts::{ALLOCATE, Act, COLLECT, NOTHING};
use crate::collections;
use crate::world::{self, Thing, World};

/// Where user code runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Door {
    Trace,
    Finalizer,
    ValueDrop,
    LeafDrop,
    Callback,
    OnDrop,
    Hook,
    NewCyclic,
    Clone,
    Iterator,
    Closure,
    EntryDrop,
    KeyDrop,
    Eq,
    Hash,
    ThreadLocal,
}

/// What may happen to a value, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    Finalized(usize),
    Called(usize),
    Dropped(usize),
}

/// What happened on a thread. It outlives the thread.
#[derive(Default)]
pub(crate) struct Log(Mutex<Records>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Records {
    /// How many values there were.
    values: usize,
    events: Vec<Event>,
    /// How many events there had been when the way ended.
    until: Option<usize>,
    /// How often something happened at the door, and how many collections there were meanwhile.
    sprung: usize,
    collections: u64,
}

impl Log {
    fn records(&self) -> MutexGuard<'_, Records> {
        self.0.lock().expect("nobody panics with the log")
    }

    /// The number of a new value.
    pub(crate) fn number(&self) -> usize {
        let mut records = self.records();
        records.values += 1;
        records.values
    }

    pub(crate) fn push(&self, event: Event) {
        self.records().events.push(event);
    }

    pub(crate) fn is_dropped(&self, number: usize) -> bool {
        self.records().events.contains(&Event::Dropped(number))
    }

    fn notice(&self, collections: u64) {
        let mut records = self.records();
        records.sprung += 1;
        records.collections += collections;
    }

    fn end_way(&self) {
        let mut records = self.records();
        records.until = Some(records.events.len());
    }

    fn into_records(self) -> Records {
        self.0.into_inner().expect("nobody panics with the log")
    }
}

impl Records {
    /// Every value was finalized at most once and dropped once, and nothing happened to it after that.
    fn check(&self) {
        let (mut finalized, mut dropped) = (BTreeSet::new(), BTreeSet::new());
        for event in &self.events {
            let (number, is_new) = match *event {
                Event::Finalized(number) => (number, finalized.insert(number)),
                Event::Called(number) => (number, true),
                Event::Dropped(number) => (number, dropped.insert(number)),
            };
            let is_last = matches!(event, Event::Dropped(_)) || !dropped.contains(&number);
            assert!(is_new && is_last, "{event:?} in {:?}", self.events);
        }
        assert_eq!(dropped.len(), self.values, "all values are dropped: {:?}", self.events);
    }

    /// What happened on the way. The end of the thread has no order that matters.
    fn story(mut self) -> Vec<Event> {
        match self.until {
            Some(until) => self.events.truncate(until),
            None => self.events.sort_unstable(),
        }
        self.events
    }
}

/// What a panic of ours carries.
pub(crate) struct Sprung;

/// A world, and what is to happen at a door.
pub(crate) struct Case {
    pub(crate) log: Arc<Log>,
    pub(crate) world: World,
    script: Script,
    /// How often the door is to be passed before something happens there; nothing while it is not armed.
    armed: Cell<Option<(Door, usize)>>,
}

/// What is to happen at a door, and in what heap.
#[derive(Clone, Copy)]
struct Script {
    act: &'static Act,
    panics: bool,
    mode: Mode,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// The heap collects now and then.
    Once,
    /// The same happens each time that the door is passed.
    Always,
    /// The heap collects all the time.
    Busy,
}

impl Case {
    fn new(log: &Arc<Log>, script: Script) -> Rc<Self> {
        let (log, world) = (log.clone(), World::default());
        let case = Rc::new(Self { log, world, script, armed: Cell::new(None) });
        world::fill(&case);
        case
    }

    /// From now on something is to happen at `door`.
    pub(crate) fn arm(&self, door: Door) {
        self.arm_after(0, door);
    }

    /// The same, but the first so many times nothing does.
    pub(crate) fn arm_after(&self, skipped: usize, door: Door) {
        self.armed.set(Some((door, skipped)));
    }

    /// Called by user code behind `door`, which sees `thing` there if anything.
    pub(crate) fn pass(self: &Rc<Self>, door: Door, thing: Option<&Thing>) {
        let armed = self.armed.take();
        match armed {
            Some((armed, 0)) if armed == door => {}
            Some((armed, skipped)) if armed == door => return self.arm_after(skipped - 1, door),
            _ => return self.armed.set(armed),
        }
        let before = collections();
        (self.script.act.run)(self, thing);
        self.log.notice(collections() - before);
        if self.script.mode == Mode::Always {
            self.arm(door);
        }
        // One that leaves a destructor while the thread panics would be the end of the process.
        if self.script.panics && !thread::panicking() {
            resume_unwind(Box::new(Sprung));
        }
    }

    /// Everything goes, and the heap is as new.
    fn end(self: Rc<Self>) {
        self.world.check();
        self.world.clear();
        gc::unfreeze();
        while gc::collect() > 0 {}
        let stats = gc::stats();
        assert_eq!((stats.live_objects, stats.live_bytes, stats.candidates, gc::frozen_len()), (0, 0, 0, 0));
        assert_eq!(Rc::strong_count(&self), 1, "whoever refers to the case is gone");
        drop(self);
        drop(ring(3));
        assert_eq!((gc::collect(), gc::stats().live_objects), (3, 0));
    }
}

/// A way to a door.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// Makes something, arms the case, and opens the door.
    pub(crate) go: fn(&Rc<Case>),
    pub(crate) kind: Kind,
    pub(crate) collections: Collections,
}

/// What collections there can be behind a door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Collections {
    /// There is one already.
    Never,
    WhenAskedFor,
    ByThemselves,
}

/// How a way ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A panic at the door continues from here once everything else is done.
    HeldBack,
    /// A panic at the door changes what happens next.
    Direct,
    /// The door is in code that unwinds: no panic at the door.
    Unwinding,
    /// The door is in the destructor of a thread-local: no panic there.
    AtExit,
    /// The door is opened by the heap at the thread's end, which keeps a panic to itself.
    HeldBackAtExit,
}

impl Kind {
    fn is_at_exit(self) -> bool {
        matches!(self, Self::AtExit | Self::HeldBackAtExit)
    }

    fn may_panic(self) -> bool {
        !matches!(self, Self::AtExit | Self::Unwinding)
    }
}

/// Runs every act behind the door of every way, with and without a panic after it.
pub(crate) fn matrix(ways: &[Way], acts: impl Iterator<Item = &'static Act> + Clone) {
    for way in ways {
        for mode in [Mode::Once, Mode::Always, Mode::Busy] {
            let run = |act, panics| run_on_thread(way, Script { act, panics, mode });
            let story = |act, panics| run(act, panics).story();
            let collections = match [&ALLOCATE, &COLLECT].map(|act| run(act, false).collections) {
                [0, 0] => Collections::Never,
                [0, _] => Collections::WhenAskedFor,
                _ => Collections::ByThemselves,
            };
            assert_eq!(collections, way.collections, "{} ({mode:?})", way.name);
            let quiet = story(&NOTHING, false);
            for act in acts.clone() {
                let story_of_act = story(act, false);
                if act.is_harmless && !way.kind.is_at_exit() {
                    assert_eq!(story_of_act, quiet, "{}: {} leaves no trace ({mode:?})", way.name, act.name);
                }
                if way.kind.may_panic() {
                    let panicked = story(act, true);
                    if way.kind != Kind::Direct {
                        let what = (way.name, act.name, mode);
                        assert_eq!(panicked, story_of_act, "{what:?}: a panic after it changes nothing");
                    }
                }
            }
        }
    }
}

/// Runs one pair on a thread, hence a heap, of its own, twice: the same happens.
fn run_on_thread(way: &Way, script: Script) -> Records {
    let Script { act, panics, mode } = script;
    let name = format!("{}: {}{} ({mode:?})", way.name, act.name, if panics { ", then a panic" } else { "" });
    let [first, second] = [(); 2].map(|()| {
        let log = Arc::new(Log::default());
        let (kept, go, kind) = (log.clone(), way.go, way.kind);
        let thread = thread::Builder::new().name(name.clone()).spawn(move || run(&kept, go, kind, script));
        if let Err(payload) = thread.expect("a thread").join() {
            resume_unwind(payload);
        }
        let records = Arc::into_inner(log).expect("the thread is over").into_records();
        assert!(records.sprung > 0, "{name}: the door is passed");
        records.check();
        records
    });
    assert_eq!(first, second, "{name}: the same happens each time");
    first
}

thread_local! {
    /// Touched first, and destroyed last.
    static END: RefCell<Option<End>> = const { RefCell::new(None) };
    /// Touched before the heap is, and destroyed after the heap was told of the thread's end.
    pub(crate) static EARLY: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Ends a case with its thread.
struct End(Rc<Case>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.armed.take();
        self.0.world.clear();
        gc::unfreeze();
        // A hook that is gone by now may have made garbage after the last collection that the heap gives itself.
        gc::collect();
    }
}

fn run(log: &Arc<Log>, go: fn(&Rc<Case>), kind: Kind, script: Script) {
    END.with_borrow(|end| assert!(end.is_none()));
    EARLY.with_borrow(|early| assert!(early.is_empty()));
    if script.mode == Mode::Busy {
        gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
    }
    let case = Case::new(log, script);
    if kind.is_at_exit() {
        go(&case);
        return END.set(Some(End(case)));
    }
    let result = catch_unwind(AssertUnwindSafe(|| go(&case)));
    case.armed.take();
    log.end_way();
    match result {
        Ok(()) => assert!(!script.panics, "the panic continues"),
        Err(payload) if payload.is::<Sprung>() => assert!(script.panics || kind == Kind::Unwinding),
        Err(payload) => resume_unwind(payload),
    }
    case.end();
}
