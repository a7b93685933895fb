//! Runs a program on the real heap, and tells the model of each thing it does before the heap can act on it.
//!
//! User code may run whenever a pointer is dropped, a box made or a collection run, and it may do all that a program does.
//! So nothing is borrowed then, and whatever is on the stack then is known to the model as held.

mod control;
mod end;
mod graph;
mod maps;
mod own;
mod watch;

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::Finalizer;
use gc_core::gc::{self, HookGuard, PauseGuard};

use super::doors::{self, depth};
use super::model::{Id, Model, Set, WatchId};
use super::program::{HANDLES, HOOKS, MAPS, Op, ROOTS, Script, WEAKS};
use super::things::{Any, Hidden, Standalone, WeakAny};

/// What a script's panic carries.
struct Planned;

/// What a program works with: variables, and the model of it all.
pub(super) struct World {
    pub(super) model: RefCell<Model>,
    roots: RefCell<[Option<Any>; ROOTS as usize]>,
    weaks: RefCell<[Option<WeakAny>; WEAKS as usize]>,
    handles: RefCell<[Option<Rc<Finalizer<()>>>; HANDLES as usize]>,
    all_handles: RefCell<Vec<(WatchId, Rc<Finalizer<()>>)>>,
    maps: RefCell<[Option<Rc<Standalone>>; MAPS as usize]>,
    hooks: RefCell<[Option<HookGuard>; HOOKS as usize]>,
    pauses: RefCell<Vec<PauseGuard>>,
    forgotten: RefCell<Vec<ManuallyDrop<Any>>>,
    hidden: RefCell<Vec<(Id, Hidden)>>,
    captured: RefCell<Vec<(WatchId, Hidden)>>,
    /// How many operations may still be run: scripts could go on for ever.
    fuel: Cell<u32>,
    /// How many operations ran behind doors.
    interference: Cell<u64>,
}

impl Default for World {
    fn default() -> Self {
        const FUEL: u32 = 400;
        Self {
            model: RefCell::default(),
            roots: RefCell::default(),
            weaks: RefCell::default(),
            handles: RefCell::default(),
            all_handles: RefCell::default(),
            maps: RefCell::default(),
            hooks: RefCell::default(),
            pauses: RefCell::default(),
            forgotten: RefCell::default(),
            hidden: RefCell::default(),
            captured: RefCell::default(),
            fuel: Cell::new(FUEL),
            interference: Cell::new(0),
        }
    }
}

/// Runs `program` on this thread's heap, which is new; what went wrong, if anything did.
pub(super) fn run(program: &[Op]) -> Option<String> {
    doors::world(|world| {
        for op in program {
            world.step(|| world.perform(op));
            if world.has_failed() {
                break;
            }
        }
        world.end();
        world.model.borrow().failure.clone()
    })
}

/// Notes a panic down that no script planned.
pub(super) fn note_panic(message: &str) {
    doors::tell(|model| model.fail(|| format!("a panic: {message}")));
}

impl World {
    pub(super) fn has_failed(&self) -> bool {
        self.model.try_borrow().is_ok_and(|model| model.failure.is_some())
    }

    /// Does something with nothing on the stack, and looks at everything afterwards.
    fn step(&self, act: impl FnOnce()) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(act))
            && !payload.is::<Planned>()
        {
            note_panic("of somebody else");
        }
        if !self.has_failed() {
            self.look_around();
        }
    }

    /// Whether the heap looks as the model says.
    fn look_around(&self) {
        let mut model = self.model.borrow_mut();
        model.is_consistent();
        let (stats, frozen) = (gc::stats(), gc::frozen_len());
        let (expected, expected_frozen) = (model.in_boxes().len(), model.frozen().len());
        if (stats.live_objects, frozen) != (expected, expected_frozen) {
            model.fail(|| {
                format!(
                    "{} boxes are alive and {frozen} frozen, not {expected} and {expected_frozen}",
                    stats.live_objects
                )
            });
        }
        for (variable, root) in self.roots.borrow().iter().enumerate() {
            if root.is_some() != model.roots[variable].is_some() {
                model.fail(|| format!("root {variable} is {} a pointer", if root.is_some() { "" } else { "not" }));
            }
            if let (Some(any), Some(id)) = (root, model.roots[variable]) {
                let (is, expected) = (any.strong_count(), model.references(id));
                if is != expected {
                    model.fail(|| format!("{id} has a strong count of {is}, not {expected}"));
                }
                let object = model.objects[id].clone();
                if any.is_finalized() != object.finalized {
                    model.fail(|| format!("{id} says it is finalized: {}", !object.finalized));
                }
                if let Some(map) = any.map() {
                    let (is, expected) = (map.len(), model.entries_in(model.map_of(id)));
                    if is != expected {
                        model.fail(|| format!("the map of {id} has {is} entries, not {expected}"));
                    }
                }
            }
        }
        self.look_at_the_rest(&mut model);
    }

    fn look_at_the_rest(&self, model: &mut Model) {
        for (variable, weak) in self.weaks.borrow().iter().enumerate() {
            if let (Some(weak), Some(at)) = (weak, model.weaks[variable]) {
                let target = &model.objects[at.target];
                let is_there = target.place == super::model::Place::InBox && target.boxes == at.boxes;
                let expected = if is_there { model.references(at.target) } else { 0 };
                let is = weak.strong_count();
                if is != expected {
                    model.fail(|| format!("weak {variable} to {} says strong count {is}, not {expected}", at.target));
                }
            }
        }
        for (variable, map) in self.maps.borrow().iter().enumerate() {
            if let (Some(map), Some(id)) = (map, model.standalone[variable]) {
                let (is, expected) = (map.map.len(), model.entries_in(id));
                if is != expected {
                    model.fail(|| format!("map {variable} has {is} entries, not {expected}"));
                }
            }
        }
        for (variable, handle) in self.handles.borrow().iter().enumerate() {
            if let (Some(handle), Some(watch)) = (handle, model.handles[variable]) {
                let call = model.watches[watch].call;
                if handle.is_alive() != (call == super::model::Call::Pending) {
                    model.fail(|| format!("callback {watch} of handle {variable} should be {call:?}"));
                }
            }
        }
    }

    /// Runs user code.
    pub(super) fn run(&self, script: &Script) {
        for op in script.0.iter() {
            self.perform(op);
        }
    }

    fn perform(&self, op: &Op) {
        if self.has_failed() || self.fuel.get() == 0 {
            return;
        }
        self.fuel.set(self.fuel.get() - 1);
        if depth() > 0 {
            self.interference.set(self.interference.get() + 1);
            self.model.borrow_mut().condemned = Set::default();
        }
        self.dispatch(op);
    }

    fn dispatch(&self, op: &Op) {
        let at = usize::from;
        match *op {
            Op::Alloc { kind, to, links, ref script } => self.alloc(kind, at(to), links, script),
            Op::NewCyclic { to, ref script } => self.new_cyclic(at(to), script),
            Op::Link { from, slot, to } => self.link(at(from), at(slot), at(to)),
            Op::MoveIn { from, slot, to } => self.move_in(at(from), at(slot), at(to)),
            Op::Wrap { root, times } => self.wrap(at(root), times),
            Op::Unlink { from, slot } => drop(self.take_edge(at(from), at(slot))),
            Op::MoveOut { from, slot, to } => self.move_out(at(from), at(slot), at(to)),
            Op::CopyOut { from, slot, to } => self.copy_out(at(from), at(slot), at(to)),
            Op::Clone { from, to } => self.clone_root(at(from), at(to)),
            Op::Drop { root } => drop(self.take(at(root))),
            Op::Forget { root } => self.forget(at(root)),
            Op::Downgrade { root, weak } => self.downgrade(at(root), at(weak)),
            Op::DowngradeWith { root, weak, capture, ref script } => {
                self.downgrade_with(at(root), at(weak), capture.map(at), script);
            }
            Op::Upgrade { weak, to } => self.upgrade(at(weak), at(to)),
            Op::CloneWeak { from, to } => self.clone_weak(at(from), at(to)),
            Op::DropWeak { weak } => self.put_weak(at(weak), None),
            Op::StoreWeak { weak, into } => self.store_weak(at(weak), at(into)),
            Op::OnDrop { root, handle, capture, ref script } => {
                self.on_drop(at(root), at(handle), capture.map(at), script);
            }
            Op::RunNow { handle } => self.run_now(at(handle)),
            Op::Detach { handle } => self.detach(at(handle)),
            Op::Collect { generation } => self.collect(at(generation)),
            Op::Freeze => self.freeze(),
            Op::Unfreeze => self.unfreeze(),
            Op::Pause => self.pause(),
            Op::Unpause => self.unpause(),
            Op::Threshold { young } => self.set_threshold(young),
            Op::Budget { edges } => gc::set_budget(edges.into()),
            Op::HoldBorrow { root, ref script } => self.hold_borrow(at(root), script),
            Op::LeakBorrow { root } => self.leak_borrow(at(root)),
            Op::SaveSelf { to } => self.save_self(at(to)),
            Op::Panic => self.panic(),
            Op::Hook { hook, ref script } => self.hook(at(hook), script.clone()),
            Op::DropHook { hook } => self.drop_hook(at(hook)),
            Op::MapNew { map } => self.map_new(at(map)),
            Op::MapDrop { map } => self.map_drop(at(map)),
            Op::MapInsert { map, key, value } => self.map_insert(at(map), at(key), value.map(at)),
            Op::MapRemove { map, key } => self.map_remove(at(map), at(key)),
            Op::MapGet { map, key, to } => self.map_get(at(map), at(key), at(to)),
            Op::MapWith { map, key, ref script } => self.map_with(at(map), at(key), script),
            Op::TryUnwrap { root } => self.try_unwrap(at(root)),
            Op::GetMut { root, slot, to, ref script } => self.get_mut(at(root), at(slot), at(to), script),
            Op::MakeMut { root } => self.make_mut(at(root)),
        }
    }
}
