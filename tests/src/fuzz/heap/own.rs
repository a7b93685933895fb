//! Values of one's own, and values that somebody looks at: moved out, replaced, mutably borrowed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use gc_core::{Gc, gc};

use super::World;
use super::graph::Held;
use crate::fuzz::doors::depth;
use crate::fuzz::model::{Id, Model, Place};
use crate::fuzz::program::{Kind, Script};
use crate::fuzz::things::{Any, Thing, each};

/// No collection can look into the object as long as this is there.
struct Opaque<'a>(&'a World, Id);

impl<'a> Opaque<'a> {
    fn new(world: &'a World, id: Id) -> Self {
        world.model.borrow_mut().objects[id].opaque += 1;
        Self(world, id)
    }
}

impl Drop for Opaque<'_> {
    fn drop(&mut self) {
        self.0.model.borrow_mut().objects[self.1].opaque -= 1;
    }
}

impl World {
    pub(super) fn hold_borrow(&self, root: usize, script: &Script) {
        let Some(held) = self.take(root) else { return };
        if let Some(Ok(edges)) = held.any().cell().map(|cell| cell.0.try_borrow_mut()) {
            let _opaque = Opaque::new(self, held.id);
            let _edges = edges;
            self.run(script);
        }
        self.put(root, held);
    }

    pub(super) fn leak_borrow(&self, root: usize) {
        // A cycle through such a cell is never reclaimed, which a leak sanitizer would report.
        if cfg!(gc_system_alloc) {
            return;
        }
        let roots = self.roots.borrow();
        let Some(id) = self.root(root) else { return };
        if let Some(Ok(edges)) = roots[root].as_ref().and_then(Any::cell).map(|cell| cell.0.try_borrow_mut()) {
            std::mem::forget(edges);
            self.model.borrow_mut().objects[id].opaque += 1;
        }
    }

    /// The `Node` of a root, if nobody looks into it.
    fn take_node(&self, root: usize) -> Option<Held<'_>> {
        let is_open_node = {
            let model = self.model.borrow();
            model.roots[root].is_some_and(|id| model.objects[id].kind == Kind::Node && model.objects[id].opaque == 0)
        };
        if is_open_node { self.take(root) } else { None }
    }

    pub(super) fn try_unwrap(&self, root: usize) {
        let Some(held) = self.take_node(root) else { return };
        let (id, is_only) = (held.id, self.model.borrow().references(held.id) == 1);
        let opaque = Opaque::new(self, id);
        let Any::Node(gc) = held.give() else { unreachable!() };
        let result = Gc::try_unwrap(gc);
        let mut model = self.model.borrow_mut();
        if depth() == 0 && result.is_ok() != is_only {
            model.fail(|| format!("{id} was unwrapped: {}, though the only pointer: {is_only}", result.is_ok()));
        }
        match result {
            Ok(value) => {
                leave_box(&mut model, id);
                model.objects[id].place = Place::MovedOut;
                drop(model);
                drop(opaque);
                drop(value);
            }
            Err(gc) => {
                drop(model);
                drop(opaque);
                self.put(root, self.hold(id, Any::Node(gc)));
            }
        }
    }

    pub(super) fn get_mut(&self, root: usize, slot: usize, to: usize, script: &Script) {
        let Some(mut held) = self.take(root) else { return };
        let id = held.id;
        if self.model.borrow().objects[id].opaque > 0 {
            return self.put(root, held);
        }
        let is_own = each!(held.any_mut(), gc => Gc::get_mut(gc).is_some());
        self.check_ownership(&held, is_own);
        if is_own {
            let opaque = Opaque::new(self, id);
            let edge = each!(held.any_mut(), gc => {
                let value = Gc::get_mut(gc).expect("it was possible before");
                self.run(script);
                self.change(value, id, slot, to)
            });
            drop(opaque);
            drop(edge);
        }
        self.put(root, held);
    }

    /// Whether a value is somebody's own must follow from the references to it. It is no candidate then, so that another
    /// pointer that goes makes it one.
    fn check_ownership(&self, held: &Held<'_>, is_own: bool) {
        let (id, mut model) = (held.id, self.model.borrow_mut());
        if depth() > 0 {
            return;
        }
        let expected = model.references(id) == 1 && !model.is_weakly_referenced(id);
        if is_own != expected {
            model.fail(|| format!("`get_mut` of {id} succeeded: {is_own}, expected: {expected}"));
        }
        let object = &model.objects[id];
        if is_own && object.tracked && !object.frozen {
            let before = gc::stats().candidates;
            drop(held.any().clone());
            if gc::stats().candidates != before + 1 {
                model.fail(|| format!("`get_mut` of {id} left it a candidate"));
            }
        }
    }

    /// Replaces an edge of a value that is the program's own by a root; the edge that was there.
    fn change(&self, value: &mut (impl Thing + ?Sized), id: Id, slot: usize, to: usize) -> Option<Held<'_>> {
        if self.model.borrow().objects[id].kind == Kind::Leaf || self.has_failed() {
            return None;
        }
        let (target, any) = self.copy(to).unzip();
        let old = value.swap(slot, any);
        let old_id = std::mem::replace(&mut self.model.borrow_mut().objects[id].slots[slot], target);
        Some(self.hold(old_id?, old?))
    }

    pub(super) fn make_mut(&self, root: usize) {
        // Behind a door the heap may hold the box, which nobody can see.
        if depth() > 0 || !self.model.borrow().has_room(1) {
            return;
        }
        let Some(mut held) = self.take_node(root) else { return };
        let (references, is_watched, clone) = {
            let mut model = self.model.borrow_mut();
            let (references, is_watched) = (model.references(held.id), model.is_weakly_referenced(held.id));
            let object = &mut model.objects[held.id];
            object.unsettled = true;
            // The new box is made before user code can freeze anything.
            object.frozen &= references > 1 || !is_watched;
            let clone = model.objects.len();
            model.replaced = (references > 1).then_some((held.id, clone));
            (references, is_watched, clone)
        };
        let Any::Node(gc) = held.any_mut() else { unreachable!() };
        let before = Gc::as_ptr(gc);
        let result = catch_unwind(AssertUnwindSafe(|| {
            Gc::make_mut(gc);
        }));
        let is_new = Gc::as_ptr(gc) != before;
        {
            let mut model = self.model.borrow_mut();
            model.objects[held.id].unsettled = false;
            model.replaced = None;
        }
        if references > 1 && is_new {
            self.become_clone(&mut held, clone);
        } else if is_new {
            self.change_boxes(held.id);
        }
        let expected = references > 1 || is_watched;
        if result.is_ok() && is_new != expected {
            self.model.borrow_mut().fail(|| format!("`make_mut` of {} made a box: {is_new}", held.id));
        }
        self.put(root, held);
        if let Err(payload) = result {
            resume_unwind(payload);
        }
    }

    /// What was held is the clone now.
    fn become_clone(&self, held: &mut Held<'_>, clone: Id) {
        let mut model = self.model.borrow_mut();
        model.let_go(held.id);
        model.held.push(clone);
        held.id = clone;
        model.objects[clone].place = Place::InBox;
    }

    /// The value is in another box: all who watched the old one were told.
    fn change_boxes(&self, id: Id) {
        let mut model = self.model.borrow_mut();
        leave_box(&mut model, id);
        model.objects[id].weakly_dead = false;
    }
}

/// The value is in its box no more: who watched it was told, or will be soon.
fn leave_box(model: &mut Model, id: Id) {
    // Where many drops nest, callbacks wait.
    let may_wait = cfg!(gc_stress) && depth() > 0;
    if !may_wait {
        let reachable = model.reachable();
        model.callbacks_were_called(id, reachable);
    }
    model.objects[id].boxes += 1;
}
