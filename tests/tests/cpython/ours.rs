//! Runs a program on this heap, and says what CPython must show after each step.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gc_core::gc::{self, Generation, Thresholds};

use crate::objects::{Any, AnyWeak, Entry, Event, Record, World, log, world};
use crate::oracle;
use crate::program::{Act, Program, Step};

/// So many drops may nest that none is put off, in either heap.
const NEVER_PUT_OFF: usize = if cfg!(gc_stress) { 3 } else { 40 };

/// What there is to see after a step, where both heaps show the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What the collection returned, if the step is one.
    pub(crate) returned: Option<usize>,
    pub(crate) died: Vec<usize>,
    pub(crate) events: Vec<Event>,
    pub(crate) counts: [usize; 3],
    /// Weak pointers that CPython has cleared before a finalizer saved their targets.
    pub(crate) restored: BTreeSet<usize>,
    /// Whether each weak pointer upgrades.
    pub(crate) says: BTreeMap<usize, bool>,
}

/// A step that was run, and what is to be seen after it.
pub(crate) struct Shown {
    pub(crate) step: Step,
    pub(crate) outcome: Outcome,
    /// The order of events among different objects is defined: nothing was collected, and no drop was put off.
    pub(crate) is_ordered: bool,
    /// Objects whose finalizers do what another finalizer may notice.
    pub(crate) meddlers: BTreeSet<usize>,
    /// The targets of all weak pointers there were.
    pub(crate) targets: BTreeMap<usize, usize>,
}

/// Runs `program` as far as it can be compared.
///
/// # Panics
/// If this heap contradicts itself or the records.
pub(crate) fn run(program: &Program) -> Vec<Shown> {
    let [young, middle, old] = program.thresholds;
    clear();
    world(|world| world.records.take());
    gc::set_thresholds(if young == 0 { Thresholds::default() } else { Thresholds { young, middle, old } });
    if young == 0 {
        gc::disable()
    } else {
        gc::enable()
    }
    world(|world| world.cleaning.set(false));
    let mut shown = Vec::new();
    'program: for step in &program.steps {
        let mut next = Some(step.clone());
        while let Some(step) = next {
            let Some((step_shown, is_young_again)) = run_step(step) else { break 'program };
            shown.push(step_shown);
            next = is_young_again.then_some(Step::Collect { generation: 2 });
        }
    }
    clean_up();
    shown
}

/// What is known before a step.
struct Before {
    entries: Vec<(Option<usize>, Entry)>,
    alive: BTreeSet<usize>,
    /// What a collection of each generation would find.
    unreachable: [BTreeSet<usize>; 3],
    collections: [u64; 3],
    reclaimed: u64,
}

/// `None` if the step did what cannot be compared. `true` if CPython now takes an old object for a young one: one saved
/// by its finalizer when its count fell to zero starts a new life there, but keeps its age here. A full collection
/// makes both old.
fn run_step(step: Step) -> Option<(Shown, bool)> {
    world(|world| {
        let before = Before::look(world, &step);
        if let Step::Collect { generation } = step {
            world.grow_older(generation);
        }
        let returned = perform(world, &step);
        let generation = before.collected_generation();
        if let (Some(generation), Step::New { number: made, .. }, true) = (generation, &step, gc::is_enabled()) {
            world.grow_older(generation);
            world.records.borrow()[*made].as_ref().expect("made").generation.set(0);
        }
        before.after(step, returned, generation, world).show()
    })
}

impl Before {
    fn look(world: &World, step: &Step) -> Self {
        let may_collect = [0, 1, 2].map(|generation| match step {
            Step::Collect { generation: this } => *this == generation,
            Step::New { .. } => gc::is_enabled() && gc::counts()[0] + 1 > gc::thresholds().young,
            _ => false,
        });
        let find = |generation: usize| {
            if may_collect[generation] { oracle::unreachable(world, generation) } else { BTreeSet::new() }
        };
        let alive = world.alive();
        Self {
            entries: entries(world),
            alive: alive.iter().map(|record| record.number).collect(),
            unreachable: [0, 1, 2].map(find),
            collections: gc::stats().generations.map(|it| it.collections),
            reclaimed: reclaimed(),
        }
    }

    /// The generation that was collected by or in the step, not counting finalizers that collect.
    fn collected_generation(&self) -> Option<usize> {
        let now = gc::stats().generations.map(|it| it.collections);
        (0..3).find(|&generation| now[generation] > self.collections[generation])
    }

    fn after(self, step: Step, returned: Option<usize>, generation: Option<usize>, world: &World) -> After<'_> {
        // A finalizer that collects does so while automatic collections are off.
        let is_collection = match step {
            Step::Collect { .. } => true,
            Step::New { .. } => gc::is_enabled() && generation.is_some(),
            _ => false,
        };
        let mut unreachable = BTreeSet::new();
        if is_collection {
            unreachable = self.unreachable[generation.expect("it collected")].clone();
            assert_eq!(reclaimed() - self.reclaimed, unreachable.len() as u64, "boxes found unreachable");
        }
        let records = world.records.borrow();
        let buried = records.iter().flatten().filter(|it| it.dropped.get() > 0);
        let is_once = |it: &Rc<Record>| it.dropped.get() <= 1 && it.finalized.get() <= 1;
        assert!(records.iter().flatten().all(is_once), "dropped or finalized twice");
        let died = buried.filter(|it| !it.reported.replace(true)).map(|it| it.number).collect();
        let alive = world.alive().iter().map(|record| record.number).collect();
        After { before: self, world, step, returned, generation, unreachable, alive, died, events: world.log.take() }
    }
}

/// What is known after a step, besides.
struct After<'a> {
    before: Before,
    world: &'a World,
    step: Step,
    returned: Option<usize>,
    generation: Option<usize>,
    /// What the collection that the step is, or that an allocation began, must have found.
    unreachable: BTreeSet<usize>,
    alive: BTreeSet<usize>,
    died: Vec<usize>,
    events: Vec<Event>,
}

impl After<'_> {
    /// What CPython must show.
    fn show(mut self) -> Option<(Shown, bool)> {
        let finalized: Vec<usize> = self.events.iter().filter_map(finalized).collect();
        let garbage = self.garbage(&finalized)?;
        let returned = self.returned.map(|_| self.theirs_returns(&garbage));
        let is_young_again = self.is_young_again(&finalized);
        let restored = self.restored();
        self.forget_late_calls();
        let says = entries(self.world).into_iter().map(|(_, entry)| (entry.number, entry.probe.is_alive())).collect();
        let records = self.world.records.borrow();
        let meddlers = finalized.into_iter().filter(|&it| meddles(records[it].as_ref().expect("made"))).collect();
        let shown = Shown {
            is_ordered: self.generation.is_none() && self.died.len() < NEVER_PUT_OFF,
            meddlers,
            targets: self.before.entries.iter().map(|(_, entry)| (entry.number, entry.target)).collect(),
            outcome: Outcome { returned, died: self.died, events: self.events, counts: gc::counts(), restored, says },
            step: self.step,
        };
        Some((shown, is_young_again))
    }

    /// What was collected; `None` if a saved object died by its count before the collection was over: its weak
    /// pointers and callbacks are not the same.
    fn garbage(&self, finalized: &[usize]) -> Option<BTreeSet<usize>> {
        let garbage: BTreeSet<usize> =
            self.unreachable.iter().copied().filter(|number| self.died.contains(number)).collect();
        let is_as_returned = self.returned.is_none_or(|returned| returned == garbage.len());
        assert!(is_as_returned || !finalized.is_empty(), "{:?} were collected", garbage);
        let is_cut = self.world.cut.take() || !is_as_returned;
        (!is_cut).then_some(garbage)
    }

    /// CPython does not count what finalizers have let die by its count, and counts the weak pointers with callbacks that
    /// are garbage.
    fn theirs_returns(&self, garbage: &BTreeSet<usize>) -> usize {
        let collected = oracle::still_cyclic(self.world, garbage);
        let is_in = |owner: &Option<usize>| owner.is_some_and(|owner| collected.contains(&owner));
        let watching = self.before.entries.iter().filter(|(owner, entry)| entry.call && is_in(owner));
        collected.len() + watching.count()
    }

    /// An object saved by its finalizer when its count fell to zero, perhaps because of another finalizer of the same
    /// collection, has an age that CPython has forgotten.
    fn is_young_again(&self, finalized: &[usize]) -> bool {
        let records = self.world.records.borrow();
        let is_saved = |number: &usize| self.alive.contains(number) && self.before.alive.contains(number);
        finalized.iter().filter(|number| is_saved(number)).any(|number| {
            let age = records[*number].as_ref().expect("it was finalized").generation.get();
            if self.unreachable.contains(number) { finalized.len() > 1 } else { age > 0 }
        })
    }

    fn is_unreachable(&self, owner: Option<usize>) -> bool {
        owner.is_some_and(|owner| self.unreachable.contains(&owner))
    }

    /// Weak pointers that CPython cleared although their targets live, since target or weak pointer was found
    /// unreachable before a finalizer saved it.
    fn restored(&self) -> BTreeSet<usize> {
        let is_cleared = |owner: Option<usize>, entry: &Entry| {
            self.unreachable.contains(&entry.target) || entry.call && self.is_unreachable(owner)
        };
        let left = self.before.entries.iter().filter(|(owner, entry)| {
            owner.is_none_or(|owner| self.alive.contains(&owner)) && self.alive.contains(&entry.target)
        });
        left.filter(|(owner, entry)| is_cleared(*owner, entry)).map(|(_, entry)| entry.number).collect()
    }

    /// A weak pointer with a callback that was found unreachable with its owner is cleared in CPython; here it calls
    /// back if a finalizer saved the owner.
    fn forget_late_calls(&mut self) {
        let is_late = |owner: Option<usize>, entry: &Entry| {
            let is_saved = self.is_unreachable(owner) && owner.is_some_and(|owner| self.alive.contains(&owner));
            entry.call && is_saved && !self.alive.contains(&entry.target)
        };
        let entries = self.before.entries.iter();
        let late: Vec<_> =
            entries.filter(|(owner, entry)| is_late(*owner, entry)).map(|(_, it)| Event::Called(it.number)).collect();
        self.events.retain(|event| !late.contains(event));
    }
}

fn finalized(event: &Event) -> Option<usize> {
    if let Event::Finalized(number) = event { Some(*number) } else { None }
}

fn meddles(record: &Record) -> bool {
    !record.acts.iter().all(|act| matches!(act, Act::Unlink(_)))
}

fn reclaimed() -> u64 {
    gc::stats().generations.iter().map(|it| it.collected + it.resurrected).sum()
}

/// All weak pointers there are, and who owns those that objects own.
fn entries(world: &World) -> Vec<(Option<usize>, Entry)> {
    let watches = world.watches.iter().filter_map(|watch| watch.borrow().as_ref().map(|it| (None, it.0.clone())));
    let fields =
        world.alive().into_iter().filter_map(|it| it.field.borrow().clone().map(|field| (Some(it.number), field)));
    watches.chain(fields).collect()
}

fn perform(world: &World, step: &Step) -> Option<usize> {
    let get = |root: usize| world.roots[root].borrow().clone();
    match *step {
        Step::New { number, root, ref acts } => {
            let new = Any::new(number, acts.clone());
            world.put(root, Some(new));
        }
        Step::Link { from, slot, to } => {
            let new = get(to);
            if new.is_some() {
                let old = world.roots[from].borrow().as_ref().map(|it| it.body().set(slot, new));
                drop(old);
            }
        }
        Step::Give { from, slot, to } => {
            if from != to && world.roots[from].borrow().is_some() && world.roots[to].borrow().is_some() {
                let new = world.roots[to].take();
                let old = world.roots[from].borrow().as_ref().map(|it| it.body().set(slot, new));
                drop(old);
            }
        }
        Step::Unlink { root, slot } => {
            let old = world.roots[root].borrow().as_ref().map(|it| it.body().set(slot, None));
            drop(old);
        }
        Step::Move { from, to } => {
            let new = world.roots[from].take();
            world.put(to, new);
        }
        Step::Copy { from, to } => world.put(to, get(from)),
        Step::Pick { root, slot, to } => {
            let picked = world.roots[root].borrow().as_ref().map(|it| it.body().slots[slot].borrow().clone());
            if let Some(picked) = picked {
                world.put(to, picked);
            }
        }
        Step::Drop { root } => world.put(root, None),
        Step::Watch { number, watch, root, call } => {
            let new = world.roots[root].borrow().as_ref().map(|target| observe(target, number, call));
            if new.is_some() {
                let old = world.watches[watch].replace(new);
                drop(old);
            }
        }
        Step::WatchIn { number, owner, root, call } => {
            let new = world.roots[root].borrow().as_ref().map(|target| observe(target, number, call));
            if let (Some((entry, weak)), Some(owner)) = (new, &*world.roots[owner].borrow()) {
                *owner.body().record.0.0.field.borrow_mut() = Some(entry);
                *owner.body().weak.borrow_mut() = Some(weak);
            }
        }
        Step::Unwatch { watch } => drop(world.watches[watch].take()),
        Step::Upgrade { watch, root } => {
            let new = world.watches[watch].borrow().as_ref().and_then(|(_, weak)| weak.upgrade());
            if new.is_some() {
                world.put(root, new);
            }
        }
        Step::Collect { generation } => {
            let generation = [Generation::Young, Generation::Middle, Generation::Old][generation];
            return Some(gc::collect_generation(generation).collected);
        }
        Step::Chain { number, count, root } => {
            let chain = (number..number + count).fold(None, |next, number| {
                let new = Any::new(number, None);
                drop(new.body().set(0, next));
                Some(new)
            });
            world.put(root, chain);
        }
        Step::Fan { number, count, root } => world.put(root, Some(fan(number, count))),
    }
    None
}

fn fan(number: usize, count: usize) -> Any {
    let hub = Any::new(number, None);
    let last = (number + 1..number + count).fold(hub.clone(), |previous, number| {
        let new = Any::new(number, None);
        drop(new.body().set(0, Some(hub.clone())));
        drop(new.body().set(1, Some(previous)));
        new
    });
    drop(hub.body().set(0, Some(last.clone())));
    last
}

fn observe(target: &Any, number: usize, call: bool) -> (Entry, AnyWeak) {
    let weak = if call { target.downgrade_with(move || log(Event::Called(number))) } else { target.downgrade() };
    (Entry { number, target: target.number(), call, probe: weak.clone() }, weak)
}

/// Gives up what a program holds, of one that failed too.
fn clear() {
    world(|world| {
        world.cleaning.set(true);
        world.watches.iter().for_each(|watch| drop(watch.take()));
        (0..world.roots.len()).for_each(|root| world.put(root, None));
        gc::collect();
        world.log.take();
    });
}

/// Afterwards nothing of the program is left.
///
/// # Panics
/// If something is.
fn clean_up() {
    clear();
    assert_eq!(gc::stats().live_objects, 0, "a full collection leaves garbage");
    let records = world(|world| world.records.take());
    assert!(records.iter().flatten().all(|it| it.dropped.get() == 1), "not dropped once");
}
