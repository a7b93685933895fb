//! What a value reports its edges to: the closed set of passes over the object graph.

use std::ptr::NonNull;

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
    Mark(&'a mut Vec<NonNull<Header>>),
    /// The edge is noted down.
    List(&'a mut Vec<NonNull<Header>>),
    /// Only the weak pointers that have a callback are of interest.
    Observers(&'a mut ObserverSearch),
}

/// Which boxes a pass walks into.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Admit {
    /// Those born at most this many epochs before `now`.
    Born { now: Epoch, within: u32 },
    /// None that it does not hold already.
    Nobody,
}

impl Admit {
    #[inline]
    fn allows(self, header: &Header) -> bool {
        match self {
            Self::Born { now, within } => now.since(header.birth()) <= within,
            Self::Nobody => false,
        }
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
    pub(crate) edges: usize,
    /// Boxes that could not be looked into entirely.
    pub(crate) busy: Vec<NonNull<Header>>,
    /// A box that was reported more often than it is referenced, and the one that reported it last.
    pub(crate) over_reported: Option<(NonNull<Header>, NonNull<Header>)>,
    admit: Admit,
}

impl Trial {
    pub(crate) fn new(boxes: Vec<NonNull<Header>>, admit: Admit) -> Self {
        Self { boxes, current: 0, external: 0, edges: 0, busy: Vec::new(), over_reported: None, admit }
    }

    /// Starts with `header`, a box of `boxes` that `references` pointers lead to.
    pub(crate) fn start(&mut self, header: &Header, references: u32) {
        header.set_life(Life::Visited);
        header.set_scratch(references);
        self.external += usize::from(references > 0);
    }

    #[inline]
    fn subtract(&mut self, target: NonNull<Header>) {
        self.edges += 1;
        // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
        let header = unsafe { target.as_ref() };
        if header.is_unvisited() {
            self.visit(target, header);
        } else if header.life() == Life::Visited {
            self.decrement(target, header);
        }
    }

    #[inline]
    fn visit(&mut self, target: NonNull<Header>, header: &Header) {
        if !self.admit.allows(header) || header.is_immortal() {
            return;
        }
        self.boxes.push(target);
        self.start(header, header.strong() - 1);
    }

    #[inline]
    fn decrement(&mut self, target: NonNull<Header>, header: &Header) {
        match header.scratch() {
            0 => self.over_reported = Some((target, self.boxes[self.current])),
            1 => {
                header.set_scratch(0);
                self.external -= 1;
            }
            refs => header.set_scratch(refs - 1),
        }
    }
}

/// Which weak pointers with a callback belong to a set of boxes.
#[derive(Default)]
pub(crate) struct ObserverSearch {
    pub(crate) observers: Vec<NonNull<Observer>>,
    /// Untracked boxes that the set refers to; `scratch`, otherwise unused in them, counts how often.
    pub(crate) leaves: Vec<NonNull<Header>>,
}

impl ObserverSearch {
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
            Pass::Mark(queue) => mark(queue, target),
            Pass::List(list) => list.push(target),
            Pass::Observers(search) => search.edge(target),
        }
    }

    /// Whether this pass looks into values without edges.
    #[inline]
    pub(crate) fn seeks_observers(&self) -> bool {
        matches!(self.pass, Pass::Observers(_))
    }

    /// Reports one owned `Weak` that has a callback.
    pub(crate) fn observer(&mut self, observer: NonNull<Observer>) {
        if let Pass::Observers(search) = &mut self.pass {
            search.observers.push(observer);
        }
    }

    /// Says that a part of this value cannot be looked at now: a cell mutably borrowed, a lock held.
    ///
    /// What it owns counts as held from outside until a later collection, for which the box stays a candidate.
    pub fn report_busy(&mut self) {
        if let Pass::Subtract(trial) = &mut self.pass {
            let current = trial.boxes[trial.current];
            if trial.busy.last() != Some(&current) {
                trial.busy.push(current);
            }
        }
    }
}

#[inline]
fn mark(queue: &mut Vec<NonNull<Header>>, target: NonNull<Header>) {
    // SAFETY: an edge leads to an allocated box (T1), and no `&mut Header` exists (H1).
    let header = unsafe { target.as_ref() };
    if header.life() == Life::Visited {
        header.set_life(Life::Reachable);
        queue.push(target);
    }
}
