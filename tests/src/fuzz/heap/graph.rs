//! Boxes, edges and roots.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::rc::Rc;

use gc_core::weak::WeakMap;
use gc_core::{Gc, Leaf, coerce};

use super::World;
use crate::fuzz::doors;
use crate::fuzz::model::{Id, MapPlace, Place, SLOTS};
use crate::fuzz::program::{Kind, Script};
use crate::fuzz::things::{
    Any, Cells, Edgeless, Finalized, HiddenEdge, Hiding, Item, Mapping, Movable, Node, Tag, Thing, WeakAny,
};

/// A pointer on the stack, known to the model as held. Dropping it drops the pointer.
pub(super) struct Held<'a> {
    world: &'a World,
    pub(super) id: Id,
    any: Option<Any>,
}

impl<'a> Held<'a> {
    /// The pointer, now that it is about to be put somewhere else.
    pub(super) fn give(mut self) -> Any {
        self.world.model.borrow_mut().let_go(self.id);
        self.any.take().expect("it is given once")
    }

    pub(super) fn any(&self) -> &Any {
        self.any.as_ref().expect("it is not given yet")
    }

    pub(super) fn any_mut(&mut self) -> &mut Any {
        self.any.as_mut().expect("it is not given yet")
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let any = self.any.take();
        if any.is_some() {
            self.world.model.borrow_mut().let_go(self.id);
        }
        drop(any);
    }
}

impl World {
    /// What a root points to.
    pub(super) fn root(&self, root: usize) -> Option<Id> {
        self.model.borrow().roots[root]
    }

    /// Whether the edges of a root can be changed.
    fn is_open(&self, root: usize) -> bool {
        let model = self.model.borrow();
        model.roots[root].is_some_and(|id| model.objects[id].opaque == 0 && model.objects[id].kind != Kind::Leaf)
    }

    /// A pointer that the model knows nothing of yet, to be held by the stack.
    pub(super) fn hold(&self, id: Id, any: Any) -> Held<'_> {
        self.model.borrow_mut().held.push(id);
        Held { world: self, id, any: Some(any) }
    }

    /// Empties a root.
    pub(super) fn take(&self, root: usize) -> Option<Held<'_>> {
        let any = self.roots.borrow_mut()[root].take()?;
        let id = self.model.borrow_mut().roots[root].take();
        Some(self.hold(id.expect("the root is full"), any))
    }

    /// Puts a pointer into a root.
    pub(super) fn put(&self, root: usize, held: Held<'_>) {
        let (id, any) = (held.id, held.give());
        let old = self.roots.borrow_mut()[root].replace(any);
        self.model.borrow_mut().roots[root] = Some(id);
        drop(old);
    }

    /// A clone of a root.
    pub(super) fn copy(&self, root: usize) -> Option<(Id, Any)> {
        let any = self.roots.borrow()[root].clone()?;
        Some((self.root(root).expect("the root is full"), any))
    }

    pub(super) fn alloc(&self, kind: Kind, to: usize, links: [Option<u8>; 2], script: &Script) {
        if !self.model.borrow().has_room(1) {
            return;
        }
        let mut edges: [Option<Any>; SLOTS] = Default::default();
        let mut slots = [None; SLOTS];
        if kind != Kind::Leaf {
            for (slot, root) in links.into_iter().enumerate() {
                (slots[slot], edges[slot]) = root.and_then(|root| self.copy(root.into())).unzip();
            }
        }
        let id = self.model.borrow_mut().new_object(kind, slots);
        let any = self.make(kind, id, edges, script.clone());
        self.model.borrow_mut().objects[id].place = Place::InBox;
        self.put(to, self.hold(id, any));
    }

    fn make(&self, kind: Kind, id: Id, edges: [Option<Any>; SLOTS], script: Script) -> Any {
        let runs_script = !matches!(kind, Kind::Finalized | Kind::Boxed);
        let tag = Tag { id, script: if runs_script { script.clone() } else { Script([].into()) } };
        let (tag, script) = (Leaf(tag), Leaf(script));
        match kind {
            Kind::Node => Any::Node(Gc::new(Node::new(tag.0, None, edges))),
            Kind::Cells => Any::Dyn(coerce!(Gc::new(Movable { tag, edges: edges.map(Cell::new) }) => dyn Thing)),
            Kind::Finalized => {
                let edges = Cells::new(edges);
                let gc = Gc::new_cyclic(|me| Finalized { tag, me: Some(me.clone()), script, edges });
                Any::Dyn(coerce!(gc => dyn Thing))
            }
            Kind::Boxed => {
                let boxed: Box<dyn Thing> = Box::new(Finalized { tag, me: None, script, edges: Cells::new(edges) });
                Any::Dyn(Gc::from(boxed))
            }
            Kind::Hiding => {
                let hidden = Rc::default();
                self.hidden.borrow_mut().push((id, Rc::clone(&hidden)));
                let value = Hiding { tag, edges: Cells::new(edges), hidden: HiddenEdge(hidden) };
                Any::Dyn(coerce!(Gc::new(value) => dyn Thing))
            }
            Kind::Mapping => {
                self.model.borrow_mut().maps.push(MapPlace::Of(id));
                let value = Mapping { tag, map: WeakMap::new(), edges: Cells::new(edges) };
                Any::Dyn(coerce!(Gc::new(value) => dyn Thing))
            }
            Kind::Slice => {
                let mut tag = Some(tag);
                let items = edges.map(|edge| Item { tag: tag.take(), edge: RefCell::new(edge) });
                Any::Slice(Gc::from(Vec::from(items)))
            }
            Kind::Leaf => Any::Dyn(coerce!(Gc::new(Edgeless { tag }) => dyn Thing)),
        }
    }

    pub(super) fn new_cyclic(&self, to: usize, script: &Script) {
        /// The box has no value yet, and never will have if this is dropped.
        struct Awaited<'a>(&'a World, Id);
        impl Drop for Awaited<'_> {
            fn drop(&mut self) {
                let object = &mut self.0.model.borrow_mut().objects[self.1];
                if object.place == Place::Awaited {
                    object.place = Place::Gone;
                }
            }
        }
        if !self.model.borrow().has_room(1) {
            return;
        }
        let id = self.model.borrow_mut().new_object(Kind::Node, [None; SLOTS]);
        let gc = Gc::new_cyclic(|me| {
            self.model.borrow_mut().objects[id].place = Place::Awaited;
            let awaited = Awaited(self, id);
            let weak = self.model.borrow().weak_to(id);
            self.put_weak(0, Some((WeakAny::Node(me.clone()), weak)));
            doors::enter(script);
            self.model.borrow_mut().objects[id].weak = Some(weak);
            self.model.borrow_mut().objects[id].place = Place::InBox;
            std::mem::forget(awaited);
            Node::new(Tag { id, script: Script([].into()) }, Some(WeakAny::Node(me.clone())), Default::default())
        });
        self.put(to, self.hold(id, Any::Node(gc)));
    }

    pub(super) fn link(&self, from: usize, slot: usize, to: usize) {
        let Some((target, any)) = self.is_open(from).then(|| self.copy(to)).flatten() else { return };
        drop(self.replace_edge(from, slot, Some((target, any))));
    }

    pub(super) fn move_in(&self, from: usize, slot: usize, to: usize) {
        if from == to || !self.is_open(from) {
            return;
        }
        let Some(held) = self.take(to) else { return };
        let new = (held.id, held.give());
        drop(self.replace_edge(from, slot, Some(new)));
    }

    pub(super) fn wrap(&self, root: usize, times: u8) {
        for _ in 0..times {
            if !self.model.borrow().has_room(1) {
                return;
            }
            let Some(held) = self.take(root) else { return };
            let inner = held.id;
            let any = held.give();
            let id = self.model.borrow_mut().new_object(Kind::Node, [Some(inner), None, None, None]);
            let outer = self.make(Kind::Node, id, [Some(any), None, None, None], Script([].into()));
            self.model.borrow_mut().objects[id].place = Place::InBox;
            self.put(root, self.hold(id, outer));
        }
    }

    /// The edge that was there. Nothing is dropped.
    fn replace_edge(&self, from: usize, slot: usize, new: Option<(Id, Any)>) -> Option<Held<'_>> {
        let (id, any) = new.unzip();
        let old = self.roots.borrow()[from].as_ref().and_then(|root| root.swap(slot, any));
        let old_id = {
            let mut model = self.model.borrow_mut();
            let from = model.roots[from].expect("the root is full");
            std::mem::replace(&mut model.objects[from].slots[slot], id)
        };
        Some(self.hold(old_id?, old?))
    }

    pub(super) fn take_edge(&self, from: usize, slot: usize) -> Option<Held<'_>> {
        if self.is_open(from) { self.replace_edge(from, slot, None) } else { None }
    }

    pub(super) fn move_out(&self, from: usize, slot: usize, to: usize) {
        if let Some(edge) = self.take_edge(from, slot) {
            self.put(to, edge);
        }
    }

    pub(super) fn copy_out(&self, from: usize, slot: usize, to: usize) {
        if !self.is_open(from) {
            return;
        }
        let copy = self.roots.borrow()[from].as_ref().and_then(|root| root.copy(slot));
        let id = self.root(from).and_then(|from| self.model.borrow().objects[from].slots[slot]);
        if let (Some(id), Some(copy)) = (id, copy) {
            self.put(to, self.hold(id, copy));
        }
    }

    pub(super) fn clone_root(&self, from: usize, to: usize) {
        if let Some((id, any)) = self.copy(from) {
            self.put(to, self.hold(id, any));
        }
    }

    pub(super) fn forget(&self, root: usize) {
        if let Some(held) = self.take(root) {
            self.model.borrow_mut().forgotten.push(held.id);
            self.forgotten.borrow_mut().push(ManuallyDrop::new(held.give()));
        }
    }
}
