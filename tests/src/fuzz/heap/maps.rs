//! Weak maps, which stand on their own or are part of a value.

use std::cell::RefCell;
use std::rc::Rc;

use gc_core::{Gc, Leaf};

use super::World;
use super::graph::Held;
use crate::fuzz::model::{self, EntryId, EntryPlace, Id, MapId, MapPlace};
use crate::fuzz::program::{Kind, MAPS, Script};
use crate::fuzz::things::{Any, Entry, EntryTag, Map, Standalone, Thing};

const STANDALONE: usize = MAPS as usize;

/// A key or a map held by the stack while user code runs: taken out of its variable, and put back.
enum Lent<'a> {
    Standalone(Rc<Standalone>),
    Root(Held<'a>),
}

impl Lent<'_> {
    fn map(&self) -> &Map {
        match self {
            Lent::Standalone(map) => &map.map,
            Lent::Root(held) => held.any().map().expect("it has a map"),
        }
    }
}

fn as_key(any: &Any) -> Option<&Gc<dyn Thing>> {
    match any {
        Any::Dyn(gc) => Some(gc),
        Any::Node(_) | Any::Slice(_) => None,
    }
}

impl World {
    pub(super) fn map_new(&self, map: usize) {
        let id = {
            let mut model = self.model.borrow_mut();
            model.maps.push(MapPlace::Outside);
            let id = model.maps.len() - 1;
            model.standalone[map] = Some(id);
            id
        };
        let old = self.maps.borrow_mut()[map].replace(Standalone::new(id));
        drop(old);
    }

    pub(super) fn map_drop(&self, map: usize) {
        self.model.borrow_mut().standalone[map] = None;
        let old = self.maps.borrow_mut()[map].take();
        drop(old);
    }

    /// The map of this number, and the key in a root.
    fn map_and_key(&self, map: usize, key: usize) -> Option<(MapId, Id)> {
        let model = self.model.borrow();
        let key = model.roots[key]?;
        if matches!(model.objects[key].kind, Kind::Node | Kind::Slice) {
            return None;
        }
        if map < STANDALONE {
            return Some((model.standalone[map]?, key));
        }
        let owner = model.roots[map - STANDALONE]?;
        (model.objects[owner].kind == Kind::Mapping).then(|| (model.map_of(owner), key))
    }

    /// Looks at a map and a key. No user code runs meanwhile.
    fn look<R>(&self, map: usize, key: usize, look: impl FnOnce(&Map, &Gc<dyn Thing>) -> R) -> Option<R> {
        let roots = self.roots.borrow();
        let key = as_key(roots[key].as_ref()?)?;
        if map < STANDALONE {
            return self.maps.borrow()[map].as_ref().map(|it| look(&it.map, key));
        }
        roots[map - STANDALONE].as_ref()?.map().map(|map| look(map, key))
    }

    pub(super) fn map_insert(&self, map: usize, key: usize, value: Option<usize>) {
        let Some((map_id, key_id)) = self.map_and_key(map, key) else { return };
        let (target, any) = value.and_then(|value| self.copy(value)).unzip();
        let entry = {
            let mut model = self.model.borrow_mut();
            model.entries.push(model::Entry { place: EntryPlace::Outside, key: key_id, target });
            model.entries.len() - 1
        };
        let value = Entry { tag: Leaf(EntryTag(entry)), target: RefCell::new(any) };
        let old = self.look(map, key, |map, key| map.insert(key, value)).flatten();
        {
            let mut model = self.model.borrow_mut();
            if let Some(old) = model.entry(map_id, key_id) {
                model.entries[old].place = EntryPlace::Outside;
            }
            model.entries[entry].place = EntryPlace::In(map_id);
            model.objects[key_id].tracked = true;
        }
        drop(old);
    }

    pub(super) fn map_remove(&self, map: usize, key: usize) {
        let Some((map_id, key_id)) = self.map_and_key(map, key) else { return };
        let old = self.look(map, key, Map::remove).flatten();
        let entry = self.model.borrow().entry(map_id, key_id);
        if let Some(entry) = entry {
            self.model.borrow_mut().entries[entry].place = EntryPlace::Outside;
        }
        drop(old);
    }

    /// The entry of a key; the heap must know it exactly if the model does.
    fn expect_entry(&self, map: MapId, key: Id, is_there: bool) -> Option<EntryId> {
        let entry = self.model.borrow().entry(map, key);
        if entry.is_some() != is_there {
            self.model.borrow_mut().fail(|| format!("map {map} has an entry for {key}: {is_there}"));
        }
        entry
    }

    pub(super) fn map_get(&self, map: usize, key: usize, to: usize) {
        let Some((map_id, key_id)) = self.map_and_key(map, key) else { return };
        let found = self.look(map, key, |map, key| map.with(key, |value| value.target.borrow().clone())).flatten();
        let entry = self.expect_entry(map_id, key_id, found.is_some());
        let target = entry.and_then(|entry| self.model.borrow().entries[entry].target);
        if let (Some(any), Some(target)) = (found.flatten(), target) {
            self.put(to, self.hold(target, any));
        }
    }

    pub(super) fn map_with(&self, map: usize, key: usize, script: &Script) {
        let Some((map_id, key_id)) = self.map_and_key(map, key) else { return };
        if map.checked_sub(STANDALONE) == Some(key) {
            return;
        }
        let lent = if map < STANDALONE {
            self.maps.borrow()[map].clone().map(Lent::Standalone)
        } else {
            self.take(map - STANDALONE).map(Lent::Root)
        };
        let (Some(lent), Some(held)) = (lent, self.take(key)) else { return };
        let target =
            self.model.borrow().entry(map_id, key_id).and_then(|entry| self.model.borrow().entries[entry].target);
        let found = {
            /// What an entry refers to, held as long as it is looked at.
            struct Watched<'a>(&'a World, Option<Id>);
            impl Drop for Watched<'_> {
                fn drop(&mut self) {
                    if let Some(target) = self.1 {
                        self.0.model.borrow_mut().let_go(target);
                    }
                }
            }
            lent.map().with(as_key(held.any()).expect("it is a key"), |_| {
                self.model.borrow_mut().held.extend(target);
                let _watched = Watched(self, target);
                self.run(script);
            })
        };
        let _ = found;
        self.put(key, held);
        if let Lent::Root(owner) = lent {
            self.put(map - STANDALONE, owner);
        }
    }
}
