//! What a program's heap should look like: who refers to whom, and what follows from that by plain reachability. Nothing is
//! counted but for asking how often something is referred to.

use super::program::{self, HANDLES, Kind, MAPS, ROOTS, WEAKS};

pub(super) type Id = usize;
pub(super) type WatchId = usize;
pub(super) type MapId = usize;
pub(super) type EntryId = usize;

pub(super) const SLOTS: usize = program::SLOTS as usize;

/// How many objects a program can make.
const MOST: usize = 128;

/// A set of objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(u128);

impl Set {
    pub(super) fn has(self, id: Id) -> bool {
        self.0 >> id & 1 == 1
    }

    /// Whether it was not there.
    pub(super) fn add(&mut self, id: Id) -> bool {
        let is_new = !self.has(id);
        self.0 |= 1 << id;
        is_new
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Id> {
        (0..MOST).filter(move |&id| self.has(id))
    }

    pub(super) fn len(self) -> usize {
        self.0.count_ones() as usize
    }
}

impl FromIterator<Id> for Set {
    fn from_iter<I: IntoIterator<Item = Id>>(ids: I) -> Self {
        ids.into_iter().fold(Self::default(), |mut set, id| {
            set.add(id);
            set
        })
    }
}

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On the stack: the box is not made yet.
    Coming,
    /// The box is made, the value is not.
    Awaited,
    InBox,
    /// On the stack: the box was given up.
    MovedOut,
    Gone,
}

#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) slots: [Option<Id>; SLOTS],
    /// How many reasons there are not to look into it: what it refers to is held from outside.
    pub(super) opaque: u32,
    /// It was seen that no weak pointer upgrades any more.
    pub(super) weakly_dead: bool,
    pub(super) finalized: bool,
    pub(super) frozen: bool,
    /// It was garbage when it was frozen: a collection that was under way may go on with it, slice by slice.
    pub(super) frozen_as_garbage: bool,
    pub(super) tracked: bool,
    /// How many boxes it had before this one.
    pub(super) boxes: u32,
    /// It is changing boxes, or being replaced: weak pointers may say either.
    pub(super) unsettled: bool,
    /// What the weak pointer in it says.
    pub(super) weak: Option<WeakRef>,
}

impl Object {
    pub(super) fn has_finalizer(&self) -> bool {
        matches!(self.kind, Kind::Finalized | Kind::Boxed)
    }

    /// Whether it knows itself by a weak pointer.
    fn knows_itself(&self) -> bool {
        self.kind == Kind::Finalized
    }

    /// Whether the collector cannot see this edge.
    fn hides(&self, slot: usize) -> bool {
        self.opaque > 0 || self.place != Place::InBox || (self.kind == Kind::Hiding && slot == SLOTS - 1)
    }
}

/// A weak pointer, to one of the boxes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WeakRef {
    pub(super) target: Id,
    pub(super) boxes: u32,
    pub(super) watch: Option<WatchId>,
}

/// Who keeps the weak pointer that a callback belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A variable, or the heap.
    Outside,
    Object(Id),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Pending,
    Called,
    /// It will not be called: its weak pointer is gone.
    Never,
}

/// A callback.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) target: Id,
    pub(super) boxes: u32,
    pub(super) holder: Holder,
    pub(super) call: Call,
    /// The program took it back.
    pub(super) cancelled: bool,
    /// It did so when the target was dying, perhaps too late.
    pub(super) late: bool,
    /// The program runs it by hand.
    pub(super) by_hand: bool,
    /// It is one of `Gc::on_drop`.
    pub(super) on_drop: bool,
    pub(super) capture: Option<Id>,
}

/// A weak map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapPlace {
    Outside,
    Of(Id),
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryPlace {
    /// On the stack.
    Outside,
    In(MapId),
    Gone,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) place: EntryPlace,
    pub(super) key: Id,
    pub(super) target: Option<Id>,
}

/// What a program's heap should look like.
#[derive(Default)]
pub(super) struct Model {
    pub(super) objects: Vec<Object>,
    pub(super) roots: [Option<Id>; ROOTS as usize],
    pub(super) weaks: [Option<WeakRef>; WEAKS as usize],
    pub(super) handles: [Option<WatchId>; HANDLES as usize],
    pub(super) standalone: [Option<MapId>; MAPS as usize],
    /// What is held by the stack, and what was forgotten.
    pub(super) held: Vec<Id>,
    pub(super) forgotten: Vec<Id>,
    pub(super) watches: Vec<Watch>,
    pub(super) maps: Vec<MapPlace>,
    pub(super) entries: Vec<Entry>,
    /// What was unreachable when a finalizer ran in this step: their finalizers may run too, whatever the first one did.
    pub(super) doomed: Set,
    /// An object that `make_mut` may replace by a clone, and the clone.
    pub(super) replaced: Option<(Id, Id)>,
    /// Something was frozen in this step: a collection that was under way goes on with it.
    pub(super) has_frozen: bool,
    /// What a collection that is under way must reclaim, if nothing interferes.
    pub(super) condemned: Set,
    /// What went wrong first.
    pub(super) failure: Option<String>,
}

impl Model {
    /// Whether there is room for as many more objects.
    pub(super) fn has_room(&self, more: usize) -> bool {
        self.objects.len() + more <= MOST
    }

    pub(super) fn new_object(&mut self, kind: Kind, slots: [Option<Id>; SLOTS]) -> Id {
        self.objects.push(Object {
            kind,
            place: Place::Coming,
            slots,
            opaque: 0,
            weakly_dead: false,
            finalized: false,
            frozen: false,
            frozen_as_garbage: false,
            tracked: kind != Kind::Leaf,
            boxes: 0,
            unsettled: false,
            weak: None,
        });
        self.objects.len() - 1
    }

    pub(super) fn new_watch(&mut self, target: Id, on_drop: bool, capture: Option<Id>) -> WatchId {
        self.watches.push(Watch {
            target,
            boxes: self.objects[target].boxes,
            holder: Holder::Outside,
            call: Call::Pending,
            cancelled: false,
            late: false,
            by_hand: false,
            on_drop,
            capture,
        });
        self.watches.len() - 1
    }

    pub(super) fn weak_to(&self, target: Id) -> WeakRef {
        WeakRef { target, boxes: self.objects[target].boxes, watch: None }
    }

    pub(super) fn let_go(&mut self, id: Id) {
        let at = self.held.iter().rposition(|&held| held == id).expect("what is let go was held");
        self.held.remove(at);
    }

    /// The program gives up a weak pointer: its callback is not called from here on.
    pub(super) fn give_up(&mut self, weak: Option<WeakRef>) {
        if let Some(watch) = weak.and_then(|weak| weak.watch) {
            let Watch { target, boxes, .. } = self.watches[watch];
            let object = &self.objects[target];
            let lives = object.boxes == boxes && !object.unsettled && self.reachable().has(target);
            self.watches[watch].late |= !lives;
            self.watches[watch].cancelled = true;
        }
    }

    pub(super) fn map_of(&self, owner: Id) -> MapId {
        self.maps.iter().position(|&place| place == MapPlace::Of(owner)).expect("the object has a map")
    }

    /// The entry of `key` in a map.
    pub(super) fn entry(&self, map: MapId, key: Id) -> Option<EntryId> {
        self.entries.iter().position(|entry| entry.place == EntryPlace::In(map) && entry.key == key)
    }

    pub(super) fn entries_in(&self, map: MapId) -> usize {
        self.entries.iter().filter(|entry| entry.place == EntryPlace::In(map)).count()
    }

    pub(super) fn place(&self, id: Id) -> Place {
        self.objects[id].place
    }

    pub(super) fn in_boxes(&self) -> Set {
        (0..self.objects.len()).filter(|&id| self.place(id) == Place::InBox).collect()
    }

    /// The frozen objects that are in a box and tracked.
    pub(super) fn frozen(&self) -> Set {
        self.in_boxes().iter().filter(|&id| self.objects[id].frozen && self.objects[id].tracked).collect()
    }

    pub(super) fn set_frozen(&mut self, frozen: bool) {
        self.has_frozen |= frozen;
        let reachable = self.reachable();
        for (id, object) in self.objects.iter_mut().enumerate() {
            object.frozen = frozen && matches!(object.place, Place::InBox | Place::Awaited);
            object.frozen_as_garbage = object.frozen && !reachable.has(id);
        }
    }

    /// All that can be reached.
    pub(super) fn reachable(&self) -> Set {
        self.reachable_with(Set::default())
    }

    /// All that can be reached, if these can.
    pub(super) fn reachable_with(&self, others: Set) -> Set {
        let mut reached = Set::default();
        let mut queue = Vec::new();
        let mut reach = |id: Id, queue: &mut Vec<Id>| {
            if reached.add(id) {
                queue.push(id);
            }
        };
        self.held_from_outside(|id| reach(id, &mut queue));
        others.iter().for_each(|id| reach(id, &mut queue));
        let mut next = 0;
        loop {
            while let Some(&id) = queue.get(next) {
                next += 1;
                if self.place(id) == Place::InBox {
                    self.objects[id].slots.iter().flatten().for_each(|&edge| reach(edge, &mut queue));
                }
            }
            let known: Set = queue.iter().copied().collect();
            for entry in &self.entries {
                if known.has(entry.key) && self.holds(entry, known) {
                    entry.target.iter().for_each(|&target| reach(target, &mut queue));
                }
            }
            if next == queue.len() {
                return queue.into_iter().collect();
            }
        }
    }

    /// Whether an entry is in a map that is reachable.
    fn holds(&self, entry: &Entry, reached: Set) -> bool {
        let EntryPlace::In(map) = entry.place else { return false };
        match self.maps[map] {
            MapPlace::Outside => true,
            MapPlace::Of(owner) => reached.has(owner),
            MapPlace::Gone => false,
        }
    }

    /// What something refers to that no collection looks into.
    fn held_from_outside(&self, mut visit: impl FnMut(Id)) {
        self.roots.iter().flatten().chain(&self.held).chain(&self.forgotten).for_each(|&id| visit(id));
        self.watches.iter().filter_map(|watch| watch.capture).for_each(&mut visit);
        let outside = self.entries.iter().filter(|entry| entry.place == EntryPlace::Outside);
        outside.filter_map(|entry| entry.target).for_each(&mut visit);
        for object in self.objects.iter().filter(|object| object.place != Place::Gone) {
            let hidden = object.slots.iter().enumerate().filter(|&(slot, _)| object.hides(slot));
            hidden.filter_map(|(_, edge)| *edge).for_each(&mut visit);
        }
    }

    /// How many pointers there are to the object.
    pub(super) fn references(&self, id: Id) -> usize {
        let values = self.objects.iter().filter(|object| object.place != Place::Gone);
        let entries = self.entries.iter().filter(|entry| entry.place != EntryPlace::Gone);
        let all = self.roots.iter().flatten().chain(&self.held).chain(&self.forgotten);
        all.chain(self.watches.iter().filter_map(|watch| watch.capture.as_ref()))
            .chain(values.flat_map(|object| object.slots.iter().flatten()))
            .chain(entries.filter_map(|entry| entry.target.as_ref()))
            .filter(|&&it| it == id)
            .count()
    }

    /// Whether there is a weak pointer to the box that the object is in.
    pub(super) fn is_weakly_referenced(&self, id: Id) -> bool {
        let boxes = self.objects[id].boxes;
        let values = self.objects.iter().filter(|object| object.place != Place::Gone);
        let mut weaks = self.weaks.iter().chain(values.map(|object| &object.weak)).flatten();
        weaks.any(|weak| weak.target == id && weak.boxes == boxes)
            || self.objects[id].knows_itself()
            || self.entries.iter().any(|entry| matches!(entry.place, EntryPlace::In(_)) && entry.key == id)
            || self
                .watches
                .iter()
                .any(|watch| watch.on_drop && watch.call == Call::Pending && (watch.target, watch.boxes) == (id, boxes))
    }
}
