//! The end of a program: everything is dropped and collected.

use std::mem::ManuallyDrop;

use gc_core::gc::{self, Thresholds};

use super::World;
use crate::fuzz::doors::depth;
use crate::fuzz::model::{Id, Set};
use crate::fuzz::program::{HANDLES, HOOKS, MAPS, ROOTS, WEAKS};
use crate::fuzz::things::Any;

impl World {
    /// Afterwards only what was forgotten is there, and what that refers to; and then not even that.
    pub(super) fn end(&self) {
        debug_assert_eq!(depth(), 0);
        self.collect_all();
        if !self.has_failed() {
            let mut model = self.model.borrow_mut();
            let left = model.in_boxes().without(model.reachable());
            if left != Set::default() {
                let left: Vec<_> = left.iter().collect();
                model.fail(|| format!("{left:?} survived the end, though unreachable"));
            }
        }
        while self.keeps_something() && !self.has_failed() {
            self.remember_forgotten();
            self.unhide();
            self.collect_all();
        }
        if !self.has_failed() {
            self.expect_nothing();
        }
        if self.has_failed() {
            self.abandon();
        }
    }

    /// Only a cell that is borrowed for ever can keep something.
    fn expect_nothing(&self) {
        let mut model = self.model.borrow_mut();
        let left: Vec<_> = model.in_boxes().iter().collect();
        if !left.is_empty() && left.iter().all(|&id| model.objects[id].opaque == 0) {
            model.fail(|| format!("{left:?} is still there in the end"));
        }
    }

    /// Afterwards nothing but scripts interferes with collections.
    fn calm_down(&self) {
        for hook in 0..usize::from(HOOKS) {
            self.step(|| self.drop_hook(hook));
        }
        self.pauses.take();
        gc::set_thresholds(Thresholds::new());
        self.step(|| self.unfreeze());
    }

    fn drop_variables(&self) {
        if self.has_failed() {
            return;
        }
        for root in 0..usize::from(ROOTS) {
            self.step(|| drop(self.take(root)));
        }
        for weak in 0..usize::from(WEAKS) {
            self.step(|| self.put_weak(weak, None));
        }
        for map in 0..usize::from(MAPS) {
            self.step(|| self.map_drop(map));
        }
        for handle in 0..usize::from(HANDLES) {
            self.model.borrow_mut().handles[handle] = None;
            self.handles.borrow_mut()[handle] = None;
        }
    }

    /// Afterwards no variable is full, and everything was collected. What dies may let go of more.
    fn collect_all(&self) {
        loop {
            let before = (self.interference.get(), self.model.borrow().in_boxes());
            self.calm_down();
            self.drop_variables();
            self.step(|| self.collect(2));
            if before == (self.interference.get(), self.model.borrow().in_boxes()) || self.has_failed() {
                return;
            }
        }
    }

    /// Whether there is something that collections do not see. Finalizers may make more of it.
    fn keeps_something(&self) -> bool {
        let is_empty = self.forgotten.borrow().is_empty()
            && self.all_handles.borrow().is_empty()
            && self.captured.borrow().is_empty()
            && self.hidden.borrow().is_empty();
        !is_empty
    }

    fn remember_forgotten(&self) {
        while !self.has_failed()
            && let Some(any) = self.pop_forgotten()
        {
            let any: Any = ManuallyDrop::into_inner(any);
            self.step(|| drop(any));
        }
    }

    fn pop_forgotten(&self) -> Option<ManuallyDrop<Any>> {
        self.model.borrow_mut().forgotten.pop();
        self.forgotten.borrow_mut().pop()
    }

    /// Breaks the cycles that nobody sees.
    fn unhide(&self) {
        let handles = self.all_handles.take();
        for (watch, handle) in handles {
            if self.has_failed() {
                return;
            }
            self.model.borrow_mut().watches[watch].cancelled = true;
            self.step(|| {
                handle.detach();
            });
        }
        for (watch, captured) in self.captured.take() {
            if self.has_failed() {
                return;
            }
            self.model.borrow_mut().watches[watch].capture = None;
            let any = captured.take();
            self.step(|| drop(any));
        }
        let hidden = self.hidden.take();
        for (id, hidden) in hidden {
            if self.has_failed() {
                return;
            }
            self.forget_hidden(id);
            let edge = hidden.take();
            self.step(|| drop(edge));
        }
    }

    fn forget_hidden(&self, id: Id) {
        if let Some(hidden) = self.model.borrow_mut().objects[id].slots.last_mut() {
            *hidden = None;
        }
    }

    /// Nothing can be trusted any more, not even that it can be dropped.
    fn abandon(&self) {
        std::mem::forget((
            self.roots.take(),
            self.weaks.take(),
            self.maps.take(),
            self.hooks.take(),
            self.handles.take(),
            self.all_handles.take(),
            self.forgotten.take(),
            self.hidden.take(),
            self.captured.take(),
        ));
    }
}
