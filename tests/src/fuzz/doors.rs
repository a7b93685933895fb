//! What runs behind the heap's doors: tells the model what happens, then does what the script says.
//!
//! Nothing here panics but on the program's behalf: destructors call it, and the heap would keep a panic to itself.

use std::cell::{Cell, RefCell};

use super::heap::World;
use super::model::{EntryId, Id, MapId, Model, WatchId};
use super::program::Script;
use super::things::WeakAny;

thread_local! {
    static WORLD: World = World::default();
    /// What `SaveSelf` refers to.
    static ME: RefCell<Vec<(Id, Option<WeakAny>)>> = const { RefCell::new(Vec::new()) };
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Calls `look` with the world of this thread.
pub(super) fn world<R>(look: impl FnOnce(&World) -> R) -> R {
    WORLD.with(look)
}

/// How many doors the thread is behind.
pub(super) fn depth() -> u32 {
    DEPTH.get()
}

/// Tells the model, if it is still there and still of interest.
pub(super) fn tell(event: impl FnOnce(&mut Model)) {
    let _ = WORLD.try_with(|world| {
        if let Ok(mut model) = world.model.try_borrow_mut()
            && model.failure.is_none()
        {
            event(&mut model);
        }
    });
}

/// Runs a script as user code.
pub(super) fn enter(script: &Script) {
    /// Leaves again.
    struct Inside;
    impl Drop for Inside {
        fn drop(&mut self) {
            DEPTH.set(DEPTH.get() - 1);
        }
    }
    if script.0.is_empty() {
        return;
    }
    DEPTH.set(DEPTH.get() + 1);
    let _inside = Inside;
    let _ = WORLD.try_with(|world| world.run(script));
}

pub(super) fn finalizer(id: Id, me: Option<WeakAny>, script: &Script) {
    /// The finalizer is over.
    struct Over;
    impl Drop for Over {
        fn drop(&mut self) {
            let over = ME.with_borrow_mut(Vec::pop);
            drop(over);
        }
    }
    tell(|model| model.finalizer_runs(id));
    ME.with_borrow_mut(|stack| stack.push((id, me)));
    let _over = Over;
    enter(script);
}

/// The value whose finalizer runs, innermost.
pub(super) fn me() -> Option<(Id, WeakAny)> {
    ME.with_borrow(|stack| stack.last().and_then(|(id, me)| Some((*id, me.clone()?))))
}

pub(super) fn value_dropped(id: Id, script: &Script) {
    tell(|model| model.value_dropped(id));
    enter(script);
}

/// The number of the clone.
pub(super) fn value_cloned(id: Id) -> Id {
    world(|world| {
        let mut model = world.model.borrow_mut();
        let original = model.objects[id].clone();
        let clone = model.new_object(original.kind, original.slots);
        model.objects[clone].weak = original.weak.map(|weak| super::model::WeakRef { watch: None, ..weak });
        clone
    })
}

pub(super) fn callback(watch: WatchId, script: &Script) {
    tell(|model| model.callback_runs(watch));
    enter(script);
}

pub(super) fn callback_gone(watch: WatchId) {
    tell(|model| model.callback_gone(watch));
}

pub(super) fn entry_dropped(entry: EntryId) {
    tell(|model| model.entry_dropped(entry));
}

pub(super) fn map_dropped(map: MapId) {
    tell(|model| model.map_dropped(map));
}
