//! Judges what the real heap does by the model: each event as it comes, and all that can be seen after a step.

use super::model::{Call, EntryId, EntryPlace, Holder, Id, MapId, MapPlace, Model, Place, Set, WatchId, WeakRef};

impl Model {
    /// Notes down what went wrong, unless something did before.
    pub(super) fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.failure.is_none() {
            self.failure = Some(what());
        }
    }

    fn require(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.fail(what);
        }
    }

    /// A finalizer begins to run.
    pub(super) fn finalizer_runs(&mut self, id: Id) {
        self.doomed = self.doomed.union(self.in_boxes().without(self.reachable()));
        let doomed = self.doomed.has(id);
        let object = self.objects[id].clone();
        self.require(object.place == Place::InBox, || format!("a finalizer ran for {id}, which is {:?}", object.place));
        self.require(object.has_finalizer(), || format!("a finalizer ran for {id}, which has none"));
        self.require(!object.finalized, || format!("{id} was finalized twice"));
        self.require(!object.weakly_dead, || format!("{id} was finalized after weak pointers to it were dead"));
        self.require(doomed, || format!("{id} was finalized, though reachable"));
        self.objects[id].finalized = true;
    }

    /// A value is being dropped. Its edges go next.
    pub(super) fn value_dropped(&mut self, id: Id) {
        let object = self.objects[id].clone();
        if let Some((_, clone)) = self.replaced.take_if(|(old, _)| *old == id)
            && let Some(clone) = self.objects.get_mut(clone)
        {
            // It is in its box before the other one goes, which may freeze it.
            clone.place = Place::InBox;
        }
        let reachable = self.reachable();
        match object.place {
            Place::Gone | Place::Awaited => self.fail(|| format!("{id} was dropped while {:?}", object.place)),
            Place::InBox if !object.unsettled => {
                self.require(!reachable.has(id), || format!("{id} was dropped, though reachable"));
                self.require(object.finalized || !object.has_finalizer(), || {
                    format!("{id} was dropped without being finalized")
                });
                let is_set_aside = object.frozen && object.tracked && !object.frozen_as_garbage && !self.has_frozen;
                self.require(!is_set_aside || self.references(id) == 0, || {
                    format!("{id} was reclaimed by a collection, though frozen")
                });
                self.callbacks_were_called(id, reachable);
            }
            Place::InBox | Place::Coming | Place::MovedOut => {}
        }
        let object = &mut self.objects[id];
        object.place = Place::Gone;
        object.slots = Default::default();
        object.weak = None;
    }

    /// Whoever is left to hear of the end of this box has been told.
    pub(super) fn callbacks_were_called(&mut self, id: Id, reachable: Set) {
        let boxes = self.objects[id].boxes;
        for number in 0..self.watches.len() {
            let watch = self.watches[number].clone();
            let is_missing =
                (watch.target, watch.boxes) == (id, boxes) && watch.call == Call::Pending && !watch.cancelled;
            let is_owed = match watch.holder {
                Holder::Outside => true,
                Holder::Object(holder) => reachable.has(holder) && holder != id,
            };
            self.require(!(is_missing && is_owed), || format!("{id} died without callback {number} being called"));
        }
    }

    /// A callback begins to run.
    pub(super) fn callback_runs(&mut self, number: WatchId) {
        let watch = self.watches[number].clone();
        self.require(watch.call == Call::Pending, || format!("callback {number} was called, but is {:?}", watch.call));
        self.watches[number].call = Call::Called;
        if watch.by_hand {
            return;
        }
        self.require(!watch.cancelled || watch.late, || {
            format!("callback {number} was called after its weak pointer was dropped")
        });
        let target = self.objects[watch.target].clone();
        if target.boxes != watch.boxes || target.unsettled || target.place == Place::MovedOut {
            return;
        }
        let is_reachable = self.reachable().has(watch.target);
        self.require(target.place != Place::Gone, || {
            format!("callback {number} was called after {} was dropped", watch.target)
        });
        self.require(!is_reachable, || format!("callback {number} was called, though {} is reachable", watch.target));
        if let Holder::Object(holder) = watch.holder {
            let die_together = self.condemned.has(holder) && self.condemned.has(watch.target);
            self.require(!die_together, || {
                format!("callback {number} was called, though {holder}, which has it, dies too")
            });
        }
        self.objects[watch.target].weakly_dead = true;
    }

    /// A callback is dropped: after it ran, or because it never will.
    pub(super) fn callback_gone(&mut self, number: WatchId) {
        let watch = self.watches[number].clone();
        self.watches[number].capture = None;
        if watch.call != Call::Pending {
            return;
        }
        self.watches[number].call = Call::Never;
        let is_owed = match watch.holder {
            Holder::Outside => true,
            Holder::Object(holder) => self.place(holder) == Place::InBox && self.reachable().has(holder),
        };
        self.require(watch.cancelled || !is_owed, || format!("callback {number} was dropped without being called"));
    }

    /// The value of an entry is being dropped.
    pub(super) fn entry_dropped(&mut self, entry: EntryId) {
        let Some(it) = self.entries.get(entry).cloned() else { return };
        if let EntryPlace::In(map) = it.place {
            let reachable = self.reachable();
            let is_map_alive = match self.maps[map] {
                MapPlace::Outside => true,
                MapPlace::Of(owner) => reachable.has(owner),
                MapPlace::Gone => false,
            };
            self.require(!is_map_alive || !reachable.has(it.key), || {
                format!("entry {entry} was dropped, though its key {} and its map are reachable", it.key)
            });
        }
        self.require(it.place != EntryPlace::Gone, || format!("entry {entry} was dropped twice"));
        self.entries[entry].place = EntryPlace::Gone;
        self.entries[entry].target = None;
    }

    pub(super) fn map_dropped(&mut self, map: MapId) {
        self.maps[map] = MapPlace::Gone;
    }

    /// A weak pointer was upgraded, or was not.
    pub(super) fn upgraded(&mut self, weak: WeakRef, succeeded: bool) {
        let target = self.objects[weak.target].clone();
        let is_same = target.boxes == weak.boxes && target.place == Place::InBox && !target.weakly_dead;
        if succeeded {
            self.require(is_same, || format!("a weak pointer to {} upgraded, though it is dead", weak.target));
        } else if is_same && !target.unsettled {
            let is_reachable = self.reachable().has(weak.target);
            self.require(!is_reachable, || {
                format!("a weak pointer to {} did not upgrade, though reachable", weak.target)
            });
            self.objects[weak.target].weakly_dead = true;
        }
    }

    /// What a full collection of a quiet heap must reclaim. Frozen objects are not looked at, and keep what they refer to.
    pub(super) fn condemn(&self) -> Set {
        let frozen = self.frozen();
        self.in_boxes().without(self.reachable_with(frozen))
    }

    /// A full collection that nothing interfered with is over.
    pub(super) fn were_reclaimed(&mut self, condemned: Set) {
        let left: Vec<_> = condemned.and(self.in_boxes()).iter().collect();
        self.require(left.is_empty(), || format!("{left:?} survived a full collection, though unreachable"));
    }

    /// A step is over: nothing is on the stack, and all that counting frees is gone.
    pub(super) fn is_consistent(&mut self) {
        for id in self.in_boxes().iter() {
            let references = self.references(id);
            self.require(references > 0, || format!("{id} is still there, though nothing refers to it"));
            let is_dead = self.objects[id].weakly_dead;
            self.require(!is_dead, || format!("{id} is still there, though weak pointers to it were dead"));
        }
        for number in 0..self.entries.len() {
            let entry = self.entries[number].clone();
            let EntryPlace::In(map) = entry.place else { continue };
            let is_over = self.place(entry.key) == Place::Gone || self.maps[map] == MapPlace::Gone;
            self.require(!is_over, || format!("entry {number} is still there, though its key or its map is not"));
        }
        let is_settled = self.held.is_empty() && self.objects.iter().all(|object| !object.unsettled);
        self.require(is_settled, || "the fuzzer left something on the stack".into());
        self.doomed = Set::default();
        self.has_frozen = false;
    }
}
