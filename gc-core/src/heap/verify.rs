//! Checks a whole heap: each box against its header, all figures and lists against the boxes, every edge against what it leads to.
//!
//! A walk costs as much as there are boxes and edges, so that a large heap waits for its turn: every boundary pays for a part of it.

use std::cell::Cell;
use std::ptr::NonNull;

use super::Heap;
use super::clock::Clock;
use super::counters::Counters;
use crate::object::audit::{Audit, Edge};
use crate::object::header::{Buffer, Header, Life};
use crate::spread::{Spread, WordMap};
use crate::verify::{self, Boxes, Known, require};

/// For how many boxes and edges one boundary pays. Heaps that are not larger are checked at each.
const PAID: usize = 256;

thread_local! {
    /// What the last walk cost, as far as it is not paid for.
    static UNPAID: Cell<usize> = const { Cell::new(0) };
}

/// A box that is not buried.
type Alive<'a> = (NonNull<Header>, &'a Header, &'a Known);

impl Heap {
    /// Checks everything. As many boxes as `visited` are those of a pass that looks for garbage now.
    pub(super) fn verify(&self, moment: &'static str, visited: usize) {
        verify::at(moment);
        let unpaid = UNPAID.get().saturating_sub(PAID);
        UNPAID.set(unpaid);
        if unpaid > 0 {
            return;
        }
        let (boxes, born) = verify::boxes();
        let alive: Vec<_> = boxes.iter().filter(|(_, known)| !known.buried).map(alive).collect();
        alive.iter().for_each(|alive| self.verify_box(alive));
        verify_lives(&alive, visited);
        self.counters.verify(&self.clock, &alive, born);
        self.clock.verify();
        self.candidates.verify(&boxes);
        self.watchers.verify(&boxes, self.collecting.get());
        self.drop_queue.verify(&boxes);
        self.debug.verify(&boxes);
        self.pool.verify(boxes.values().map(|known| (known.memory, known.layout)));
        #[cfg(feature = "inspect")]
        self.verify_boxes(&boxes);
        let edges = self.edges(&alive);
        verify_edges(&edges, &boxes);
        UNPAID.set(boxes.len() + edges.len());
    }

    /// What the header says by itself.
    fn verify_box(&self, &(boxed, header, place): &Alive<'_>) {
        let (life, weak, tracked) = (header.life(), header.weak(), header.vtable().tracked);
        // SAFETY: the table is the box's own (V1), or else the process ends here.
        let allocation = unsafe { header.vtable().allocation(boxed) };
        let prefix = boxed.addr().get().wrapping_sub(place.memory.addr().get());
        let is_own = (allocation.layout, allocation.prefix) == (place.layout, prefix);
        require!(is_own, "V1", "{boxed:p}, which takes {:?}, has the function table of another type", place.layout);
        let known = self.watchers.count(boxed);
        require!(
            weak as usize > known,
            "H3",
            "{boxed:p} has a weak count of {weak}, and {known} weak pointers watch it"
        );
        let is_noisy = header.is_noisy();
        let must_be = tracked && !header.is_candidate() && life < Life::Unreachable;
        // Boxes that are looked at for the second time were unreachable before.
        let is_second_look = is_visited(header) && !is_noisy;
        require!(
            is_noisy == must_be || is_second_look || header.is_immortal(),
            "H4",
            "{boxed:p} is noisy: {is_noisy}; tracked: {tracked}, a candidate: {}, {life:?}",
            header.is_candidate()
        );
        let is_held = life != Life::Unreachable || header.strong() > 0;
        require!(is_held, "H5", "{boxed:p} is {life:?}, but nobody owns a count of it");
        require!(life != Life::Live || header.strong() > 0, "S1", "{boxed:p} lives without a pointer to it");
        self.clock.verify_box(boxed, header);
    }

    /// The edges of all whole values, but for those that may be mutably borrowed.
    fn edges(&self, alive: &[Alive<'_>]) -> Vec<Edge> {
        let mut audit = Audit::new(true, |life| life < Life::Dead);
        let whole =
            || alive.iter().filter(|(_, header, known)| header.life() < Life::Dead && !may_be_borrowed(header, known));
        for &(boxed, ..) in whole() {
            // SAFETY: the box is allocated, its value whole, since it is not dead, and not mutably borrowed (H6, S3).
            unsafe { audit.look_into(boxed) };
        }
        for &(boxed, header, _) in whole() {
            if header.is_observed() {
                self.watchers.visit_entries(boxed, &mut |entry| audit.hangs_on(boxed, entry));
            }
        }
        audit.edges
    }

    /// The thread is over: what it keeps is for boxes that are left.
    pub(super) fn verify_exit(&self) {
        UNPAID.set(0);
        self.verify("at the end of the thread", 0);
        let (boxes, _) = verify::boxes();
        if boxes.is_empty() {
            let bytes = self.pool.held_bytes();
            require!(bytes == 0, "E1", "no box is left, but blocks of {bytes} bytes");
            let kept = self.candidates.len() + self.drop_queue.capacity();
            require!(kept == 0, "E1", "no box is left, but {kept} candidates and places in the drop queue");
            require!(self.watchers.keep_nothing(), "E1", "no box is left, but lists of watchers");
        }
    }
}

fn alive<'a>((&boxed, known): (&NonNull<Header>, &'a Known)) -> Alive<'a> {
    // SAFETY: the box is allocated until the heap says that it was freed, and no `&mut Header` exists (H1).
    (boxed, unsafe { boxed.as_ref() }, known)
}

/// Nobody but whoever has the only pointer could look into it: `Gc::get_mut` relies on that.
fn may_be_borrowed(header: &Header, known: &Known) -> bool {
    known.mutable && (header.strong(), header.weak()) == (1, 1) && !header.is_listed()
}

fn is_visited(header: &Header) -> bool {
    matches!(header.life(), Life::Visited | Life::Reachable)
}

fn verify_lives(alive: &[Alive<'_>], visited: usize) {
    let found = alive.iter().filter(|(_, header, _)| is_visited(header)).count();
    require!(found == visited, "H5", "{found} boxes are visited, the pass knows {visited}");
}

/// Where edges lead, and how many.
fn verify_edges(edges: &[Edge], boxes: &Boxes) {
    let mut seen = WordMap::with_hasher(Spread);
    for edge in edges {
        verify_target(edge, boxes);
        *seen.entry(edge.to).or_insert(0_u32) += 1;
    }
    for (to, edges) in seen {
        // SAFETY: the target is allocated, as was seen above (S1).
        let strong = unsafe { to.as_ref() }.strong();
        require!(strong >= edges, "T1", "{to:p} has a count of {strong}, but {edges} edges lead to it (or T2)");
    }
}

fn verify_target(edge: &Edge, boxes: &Boxes) {
    let &Edge { from, to, is_sure } = edge;
    // SAFETY: edges come from boxes that are alive (T1).
    let name = (unsafe { from.as_ref() }.vtable().type_name)();
    let known = boxes.get(&to).is_some_and(|known| !known.buried);
    require!(known, "S1", "{from:p}, a `{name}`, refers to {to:p}, which is no box, or a dead one");
    // SAFETY: the target is allocated (S1).
    let life = unsafe { to.as_ref() }.life();
    require!(life < Life::Dead || !is_sure, "S1", "{from:p}, a `{name}`, refers to {to:p}, which is {life:?}");
}

impl Counters {
    /// Checks F1 and F2.
    fn verify(&self, clock: &Clock, alive: &[Alive<'_>], born: u64) {
        let bytes = alive.iter().map(|(.., known)| known.layout.size()).sum::<usize>();
        let (counted, counted_bytes) = (self.live(), self.live_bytes());
        require!(self.made() == born, "F1", "{} boxes are counted as made, {born} were", self.made());
        require!(counted == alive.len(), "F1", "{counted} boxes are counted, {} are alive", alive.len());
        require!(counted_bytes == bytes, "F1", "{counted_bytes} bytes are counted, boxes take {bytes}");
        let tracked = || alive.iter().filter(|(_, header, _)| header.vtable().tracked);
        let counted = self.tracked_made();
        require!(
            counted == tracked().count(),
            "F1",
            "{counted} tracked boxes are counted, {} alive",
            tracked().count()
        );
        let frozen = tracked().filter(|(_, header, _)| clock.is_frozen(header)).count();
        require!(self.frozen() == frozen, "F2", "{} boxes are counted as frozen, {frozen} are", self.frozen());
    }
}

impl Clock {
    /// Checks A1.
    fn verify(&self) {
        let [frozen, middle, now] = self.ticks();
        require!(frozen <= middle && middle <= now, "A1", "frozen at {frozen}, middle since {middle}, now {now}");
    }

    /// Checks A1 and A2 for one box.
    fn verify_box(&self, boxed: NonNull<Header>, header: &Header) {
        let [.., now] = self.ticks();
        let age = self.now().since(header.birth());
        require!(u64::from(age) <= now, "A1", "{boxed:p} is {age} epochs old, the heap {now}");
        if !header.is_candidate() {
            return;
        }
        let (buffer, generation) = (header.buffer(), self.generation_of(header));
        let waits_in_time = match buffer {
            Buffer::Frozen => self.is_frozen(header),
            Buffer::Of(waits_for) => waits_for <= generation,
        };
        require!(waits_in_time, "A2", "{boxed:p}, which is {generation:?}, is a candidate of {buffer:?}");
    }
}

#[cfg(test)]
mod tests;
