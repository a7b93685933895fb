//! Weak pointers, callbacks, and closures of `Gc::on_drop`.

use std::cell::RefCell;
use std::rc::Rc;

use gc_core::Gc;

use super::World;
use crate::fuzz::doors;
use crate::fuzz::model::{Holder, Place, WatchId, WeakRef};
use crate::fuzz::program::Script;
use crate::fuzz::things::{Any, Captured, WeakAny, each};

impl World {
    /// Puts a weak pointer into a variable.
    pub(super) fn put_weak(&self, weak: usize, new: Option<(WeakAny, WeakRef)>) {
        let (any, at) = new.unzip();
        let old = std::mem::replace(&mut self.weaks.borrow_mut()[weak], any);
        {
            let mut model = self.model.borrow_mut();
            let old = std::mem::replace(&mut model.weaks[weak], at);
            model.give_up(old);
        }
        drop(old);
    }

    pub(super) fn downgrade(&self, root: usize, weak: usize) {
        let Some(id) = self.root(root) else { return };
        let any = self.roots.borrow()[root].as_ref().map(Any::downgrade);
        let at = self.model.borrow().weak_to(id);
        self.put_weak(weak, any.map(|any| (any, at)));
    }

    /// A callback on what a root points to.
    fn callback(
        &self,
        root: usize,
        on_drop: bool,
        capture: Option<usize>,
        script: &Script,
    ) -> (WatchId, impl FnOnce() + use<>) {
        let (captured, any) = capture.and_then(|capture| self.copy(capture)).unzip();
        let target = self.root(root).expect("the root is full");
        let watch = self.model.borrow_mut().new_watch(target, on_drop, captured);
        let any = Rc::new(RefCell::new(any));
        self.captured.borrow_mut().push((watch, any.clone()));
        let (captured, script) = (Captured::new(watch, any), script.clone());
        let call = move || {
            let captured = captured;
            doors::callback(captured.watch, &script);
        };
        (watch, call)
    }

    pub(super) fn downgrade_with(&self, root: usize, weak: usize, capture: Option<usize>, script: &Script) {
        let Some(id) = self.root(root) else { return };
        let (watch, callback) = self.callback(root, false, capture, script);
        let any = self.roots.borrow()[root].as_ref().map(|any| any.downgrade_with(callback));
        let at = WeakRef { watch: Some(watch), ..self.model.borrow().weak_to(id) };
        self.put_weak(weak, any.map(|any| (any, at)));
    }

    pub(super) fn upgrade(&self, weak: usize, to: usize) {
        let Some(at) = self.model.borrow().weaks[weak] else { return };
        let any = self.weaks.borrow()[weak].as_ref().and_then(WeakAny::upgrade);
        self.model.borrow_mut().upgraded(at, any.is_some());
        if let Some(any) = any {
            self.put(to, self.hold(at.target, any));
        }
    }

    pub(super) fn clone_weak(&self, from: usize, to: usize) {
        let any = self.weaks.borrow()[from].clone();
        let at = self.model.borrow().weaks[from].map(|at| WeakRef { watch: None, ..at });
        self.put_weak(to, any.zip(at));
    }

    pub(super) fn store_weak(&self, weak: usize, into: usize) {
        let Some(id) = self.root(into) else { return };
        let old = {
            let roots = self.roots.borrow();
            let Some(Any::Node(node)) = roots[into].as_ref() else { return };
            node.weak.replace(self.weaks.borrow_mut()[weak].take())
        };
        {
            let mut model = self.model.borrow_mut();
            let at = model.weaks[weak].take();
            if let Some(watch) = at.and_then(|at| at.watch) {
                model.watches[watch].holder = Holder::Object(id);
            }
            let old = std::mem::replace(&mut model.objects[id].weak, at);
            model.give_up(old);
        }
        drop(old);
    }

    pub(super) fn save_self(&self, to: usize) {
        let Some((id, me)) = doors::me() else { return };
        let (at, is_whole) = {
            let model = self.model.borrow();
            (model.weak_to(id), model.place(id) == Place::InBox)
        };
        let any = me.upgrade();
        let mut model = self.model.borrow_mut();
        if any.is_none() && is_whole {
            model.fail(|| format!("{id} could not be upgraded in its own finalizer"));
        }
        model.upgraded(at, any.is_some());
        drop(model);
        if let Some(any) = any {
            self.put(to, self.hold(id, any));
        }
    }

    pub(super) fn on_drop(&self, root: usize, handle: usize, capture: Option<usize>, script: &Script) {
        if self.root(root).is_none() {
            return;
        }
        let (watch, callback) = self.callback(root, true, capture, script);
        let finalizer = self.roots.borrow()[root].as_ref().map(|any| each!(any, gc => Gc::on_drop(gc, callback)));
        let finalizer = Rc::new(finalizer.expect("the root is full"));
        self.all_handles.borrow_mut().push((watch, finalizer.clone()));
        self.handles.borrow_mut()[handle] = Some(finalizer);
        self.model.borrow_mut().handles[handle] = Some(watch);
    }

    pub(super) fn run_now(&self, handle: usize) {
        let Some(watch) = self.model.borrow().handles[handle] else { return };
        let finalizer = self.handles.borrow()[handle].clone().expect("the variable is full");
        self.model.borrow_mut().watches[watch].by_hand = finalizer.is_alive();
        finalizer.run();
    }

    pub(super) fn detach(&self, handle: usize) {
        let Some(watch) = self.model.borrow().handles[handle] else { return };
        let finalizer = self.handles.borrow()[handle].clone().expect("the variable is full");
        self.model.borrow_mut().watches[watch].cancelled = true;
        finalizer.detach();
    }
}
