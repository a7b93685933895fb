//! What a value reports its edges to: the closed set of passes over the object graph.

use std::ptr::NonNull;

#[cfg(gc_verify)]
use crate::object::audit::Audit;
#[cfg(feature = "inspect")]
use crate::object::describer::{Describer, EdgeKind};
use crate::object::ephemeron::{Ephemeron, TrialNumber, WeakTable};
use crate::object::header::{Epoch, Header, Life};
use crate::object::observer::Observer;

/// What [`Trace::trace`](crate::Trace::trace) reports edges to.
///
/// Only the collector makes one. A hand-written `trace` passes it on to the `trace` of its fields.
pub struct Tracer<'a> {
    pass: Pass<'a>,
}

/// What is done with an edge.
pub(crate) enum Pass<'a> {
    /// Trial deletion: the edge no longer counts for its target.
    Subtract(&'a mut Trial),
    /// The target is reachable, as its referent is.
    Mark(&'a mut Marking),
    /// The edge is noted down.
    List(&'a mut Vec<NonNull<Header>>),
    /// Only the weak pointers that have a callback are of interest.
    Observers(&'a mut ObserverSearch),
    /// A pass that is done in slices, between which anything may change.
    Slice(&'a mut dyn Slice),
    /// Edges are noted down with their names, weak ones too.
    #[cfg(feature = "inspect")]
    Describe(&'a mut Describer),
    /// Edges are noted down, and those of entries once.
    #[cfg(gc_verify)]
    Audit(&'a mut Audit),
}

/// What a pass that is done in slices does with what a value reports.
pub(crate) trait Slice {
    fn edge(&mut self, target: NonNull<Header>);

    /// So many elements are about to be looked at.
    fn look_at(&mut self, elements: usize);

    /// A part of the value cannot be looked at now.
    fn report_busy(&mut self);

    fn table(&mut self, table: &dyn WeakTable);

    /// Whether the edges of an entry's value are to be reported.
    fn is_due(&mut self, entry: &dyn Ephemeron) -> bool;
}

/// The boxes found reachable, those that have yet to be looked into among them.
pub(crate) struct Marking {
    pub(crate) queue: Vec<NonNull<Header>>,
    pub(crate) trial: TrialNumber,
}

/// Which boxes a pass walks into: those born at most so many epochs before `now`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admit {
    pub(crate) now: Epoch,
    pub(crate) within: i32,
    /// The others may be frozen: then it is noted where the pass meets them.
    pub(crate) notes_frozen: bool,
}

impl Admit {
    /// None that the pass does not hold already.
    pub(crate) const NOBODY: Self = Self { now: Epoch::FIRST, within: -1, notes_frozen: false };

    /// Whether a box that is not allowed is frozen, and to be noted. It could be younger than the pass.
    pub(crate) fn are_others_frozen(self, header: &Header) -> bool {
        self.notes_frozen && self.now.since(header.birth()) < Epoch::HALF_A_ROUND
    }

    #[inline]
    pub(crate) fn allows(self, header: &Header) -> bool {
        self.now.since(header.birth()).cast_signed() <= self.within
    }
}

/// The state of a trial deletion.
///
/// # Invariants
/// - **T5** `boxes` holds each box of life `Visited` once, and its `scratch` is its strong count less the edges seen
///   so far; `external` is how many of them have a `scratch` above zero.
pub(crate) struct Trial {
    /// The visited set, and the queue: boxes before `current` have been traced.
    pub(crate) boxes: Vec<NonNull<Header>>,
    pub(crate) current: usize,
    pub(crate) external: usize,
    /// How many boxes are reachable from outside, once that is known.
    pub(crate) reachable: usize,
    /// Boxes that could not be looked into entirely.
    pub(crate) busy: Vec<NonNull<Header>>,
    /// Frozen boxes that it met.
    pub(crate) frozen: Vec<NonNull<Header>>,
    /// It met entries of weak tables, whose edges depend on two boxes each.
    pub(crate) met_entries: bool,
    /// A box that was reported more often than it is referenced, and the one that reported it last.
    pub(crate) over_reported: Option<(NonNull<Header>, NonNull<Header>)>,
    pub(crate) number: TrialNumber,
    admit: Admit,
    /// How much work may be done: edges, elements of collections, and boxes.
    limit: usize,
    /// How much of it is left, but for the boxes. Once it is negative, edges are not followed any more, and nothing is known
    /// about the boxes.
    left: isize,
    /// How many elements of collections were seen.
    elements: usize,
}

impl Trial {
    /// More than can be done: memory has fewer edges and elements, and what is seen twice takes its time.
    pub(crate) const NO_LIMIT: usize = usize::MAX / 2;

    pub(crate) fn new(boxes: Vec<NonNull<Header>>, admit: Admit, limit: usize, number: TrialNumber) -> Self {
        let (busy, frozen, over_reported) = (Vec::new(), Vec::new(), None);
        Self {
            boxes,
            current: 0,
            external: 0,
            reachable: 0,
            busy,
            frozen,
            met_entries: false,
            over_reported,
            number,
            admit,
            limit: limit.min(Self::NO_LIMIT),
            left: limit.min(Self::NO_LIMIT).cast_signed(),
            elements: 0,
        }
    }

    /// How many edges and elements were seen.
    fn seen(&self) -> usize {
        self.limit.wrapping_sub(self.left.cast_unsigned())
    }

    /// How many edges, boxes and elements were seen.
    pub(crate) fn work(&self) -> usize {
        self.seen() + self.boxes.len()
    }

    /// How many edges were seen.
    pub(crate) fn edges(&self) -> usize {
        self.seen() - self.elements
    }

    /// Notes down elements that are looked at.
    #[inline]
    pub(crate) fn look_at(&mut self, elements: usize) {
        self.elements += elements;
        self.left -= elements.cast_signed();
    }

    /// Whether no box is unreachable, once that is known. Then they need not be marked.
    pub(crate) fn is_all_reachable(&self) -> bool {
        self.reachable == self.boxes.len()
    }

    /// Whether fewer boxes have to be looked into to find what the others refer to than there are others.
    pub(crate) fn is_mostly_external(&self) -> bool {
        2 * (self.boxes.len() - self.external) < self.external && !self.met_entries
    }

    /// There was more work than may be done.
    #[inline]
    pub(crate) fn is_too_much(&self) -> bool {
        self.boxes.len().cast_signed() > self.left
    }

    /// The box that is looked into is so only in part.
    fn report_busy(&mut self) {
        let current = self.boxes[self.current];
        if self.busy.last() != Some(&current) {
            self.busy.push(current);
        }
    }

    #[inline(never)]
    fn subtract(&mut self, target: NonNull<Header>) {
        self.left -= 1;
        if self.left < 0 {
            return;
        }
        // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
        let header = unsafe { target.as_ref() };
        if header.is_visited() {
            self.decrement(target, header);
        } else {
            self.meet(target, header);
        }
    }

    /// An edge leads to a box that is not visited.
    #[inline(never)]
    fn meet(&mut self, target: NonNull<Header>, header: &Header) {
        // What is noisy, but in a list, is held by a collection in slices, and none of this pass's.
        if !header.is_at_rest() || !header.is_noisy() {
            return;
        }
        if !self.admit.allows(header) {
            return self.refuse(target);
        }
        let others = header.strong() - 1;
        header.visit(others);
        self.external += usize::from(others > 0);
        self.boxes.push(target);
    }

    #[cold]
    fn refuse(&mut self, target: NonNull<Header>) {
        if self.admit.notes_frozen && self.frozen.last() != Some(&target) {
            self.frozen.push(target);
        }
    }

    #[inline]
    fn decrement(&mut self, target: NonNull<Header>, header: &Header) {
        let Some(left) = header.scratch().checked_sub(1) else { return self.over_report(target) };
        header.set_scratch(left);
        // Whether an edge is the last one cannot be predicted.
        self.external -= usize::from(left == 0);
    }

    #[cold]
    #[inline(never)]
    fn over_report(&mut self, target: NonNull<Header>) {
        self.over_reported = Some((target, self.boxes[self.current]));
    }
}

/// Which weak pointers with a callback belong to a set of boxes.
pub(crate) struct ObserverSearch {
    pub(crate) observers: Vec<NonNull<Observer>>,
    /// Untracked boxes that the set refers to; `scratch`, otherwise unused in them, counts how often.
    pub(crate) leaves: Vec<NonNull<Header>>,
    /// Like a trial, it counts the edges of an entry once.
    pub(crate) number: TrialNumber,
}

impl ObserverSearch {
    pub(crate) fn new(number: TrialNumber) -> Self {
        Self { observers: Vec::new(), leaves: Vec::new(), number }
    }

    fn edge(&mut self, target: NonNull<Header>) {
        // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
        let header = unsafe { target.as_ref() };
        if header.vtable().tracked {
            return;
        }
        if header.scratch() == 0 {
            self.leaves.push(target);
        }
        header.set_scratch(header.scratch() + 1);
    }
}

impl<'a> Tracer<'a> {
    pub(crate) fn new(pass: Pass<'a>) -> Self {
        Self { pass }
    }

    /// Reports one owned `Gc`.
    #[inline]
    pub(crate) fn edge(&mut self, target: NonNull<Header>) {
        match &mut self.pass {
            Pass::Subtract(trial) => trial.subtract(target),
            Pass::Mark(marking) => mark(&mut marking.queue, target),
            Pass::Slice(slice) => slice.edge(target),
            Pass::List(_) | Pass::Observers(_) => self.edge_of_rare_pass(target),
            #[cfg(feature = "inspect")]
            Pass::Describe(_) => self.edge_of_rare_pass(target),
            #[cfg(gc_verify)]
            Pass::Audit(_) => self.edge_of_rare_pass(target),
        }
    }

    #[cold]
    #[inline(never)]
    fn edge_of_rare_pass(&mut self, target: NonNull<Header>) {
        match &mut self.pass {
            Pass::List(list) => list.push(target),
            Pass::Observers(search) => search.edge(target),
            #[cfg(feature = "inspect")]
            Pass::Describe(describer) => describer.edge(target, EdgeKind::Strong),
            #[cfg(gc_verify)]
            Pass::Audit(audit) => audit.edge(target),
            Pass::Subtract(_) | Pass::Mark(_) | Pass::Slice(_) => {}
        }
    }

    /// Says that so many `T`s are about to be looked at, which may have no edges to show for it.
    #[inline]
    pub(crate) fn iterate<T>(&mut self, elements: usize) {
        /// Few elements are part of the work for their box.
        const FREE: usize = 8;
        // Where a `T` takes no place, there is nothing to look at, and any number of them.
        if size_of::<T>() > 0 && elements > FREE {
            match &mut self.pass {
                Pass::Subtract(trial) => trial.look_at(elements),
                Pass::Slice(slice) => slice.look_at(elements),
                _ => {}
            }
        }
    }

    /// Whether this pass looks into values without edges.
    #[inline]
    pub(crate) fn seeks_observers(&self) -> bool {
        #[cfg(feature = "inspect")]
        return matches!(self.pass, Pass::Observers(_) | Pass::Describe(_));
        #[cfg(not(feature = "inspect"))]
        matches!(self.pass, Pass::Observers(_))
    }

    /// Whether this pass asks for the names of edges.
    #[cfg(feature = "inspect")]
    #[inline(always)]
    pub(crate) fn describes(&self) -> bool {
        matches!(self.pass, Pass::Describe(_))
    }

    #[cfg(feature = "inspect")]
    pub(crate) fn describer(&mut self) -> Option<&mut Describer> {
        if let Pass::Describe(describer) = &mut self.pass { Some(describer) } else { None }
    }

    /// Reports one owned `Weak` that has a callback.
    pub(crate) fn observer(&mut self, observer: NonNull<Observer>) {
        if let Pass::Observers(search) = &mut self.pass {
            search.observers.push(observer);
        }
    }

    /// Reports the entries of a table that this value owns.
    pub(crate) fn table(&mut self, table: &dyn WeakTable) {
        #[cfg(feature = "inspect")]
        if let Pass::Describe(describer) = &mut self.pass {
            return describer.table(table);
        }
        match &mut self.pass {
            Pass::Subtract(trial) => {
                trial.met_entries = true;
                table.standing().visited.set(trial.number);
            }
            Pass::Mark(marking) => drop(table.standing().reached.set(marking.trial)),
            Pass::Slice(slice) => slice.table(table),
            Pass::List(_) | Pass::Observers(_) => {}
            #[cfg(feature = "inspect")]
            Pass::Describe(_) => {}
            #[cfg(gc_verify)]
            Pass::Audit(_) => {}
        }
        table.for_each(&mut |entry| self.ephemeron(entry));
    }

    /// Reports an entry whose table or key is looked at: its edges count once, and it is reachable once both are.
    pub(crate) fn ephemeron(&mut self, entry: &dyn Ephemeron) {
        if let Pass::Subtract(trial) = &mut self.pass {
            trial.met_entries = true;
        }
        let is_due = match &mut self.pass {
            Pass::Subtract(_) if entry.is_lent() => {
                // Nobody would suspect what it leads to again once it is not lent any more.
                self.report_busy();
                false
            }
            Pass::Subtract(trial) => {
                trial.look_at(1);
                entry.counted().set(trial.number)
            }
            Pass::Mark(marking) => {
                // SAFETY: the key is allocated (M1), and no `&mut Header` exists (H1).
                let key = unsafe { entry.key().as_ref() };
                key.life() != Life::Visited
                    && entry.is_table_reachable(marking.trial)
                    && entry.counted().set(marking.trial.marking())
            }
            // What is lent outlives its table and its key.
            Pass::Observers(search) => !entry.is_lent() && entry.counted().set(search.number),
            Pass::List(_) => true,
            Pass::Slice(slice) => slice.is_due(entry),
            #[cfg(feature = "inspect")]
            Pass::Describe(_) => false,
            #[cfg(gc_verify)]
            Pass::Audit(audit) => {
                audit.entry(entry);
                false
            }
        };
        if is_due {
            entry.trace_value(self);
        }
    }

    /// Says that a part of this value cannot be looked at now: a cell mutably borrowed, a lock held.
    ///
    /// What it owns counts as held from outside until a later collection, for which the box stays a candidate.
    pub fn report_busy(&mut self) {
        match &mut self.pass {
            Pass::Subtract(trial) => trial.report_busy(),
            Pass::Slice(slice) => slice.report_busy(),
            #[cfg(feature = "inspect")]
            Pass::Describe(describer) => describer.is_busy = true,
            _ => {}
        }
    }
}

#[inline(never)]
fn mark(queue: &mut Vec<NonNull<Header>>, target: NonNull<Header>) {
    // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
    let header = unsafe { target.as_ref() };
    if header.is_visited() {
        header.set_life(Life::Reachable);
        queue.push(target);
    }
}
