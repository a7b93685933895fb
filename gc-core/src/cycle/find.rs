//! Which boxes nothing outside of them refers to: trial deletion.
//!
//! "Concurrent Cycle Collection in Reference Counted Systems" (Bacon, Rajan, 2001, the synchronous algorithm) and
//! CPython's `deduce_unreachable`, on an explicit queue: subtract the edges seen from inside the visited boxes from
//! their counts; what still counts more than zero is referenced from outside, and so is all that it reaches. What that is shows
//! from either side: by following the edges of those, or, if they are many, by the edges that the others do not explain.

use std::ptr::NonNull;

#[cfg(gc_verify)]
use crate::cycle::verify;
use crate::cycle::{Host, order};
use crate::object::header::{Header, Life};
use crate::object::tracer::{Admit, Marking, Pass, Tracer, Trial};
use crate::panics::FirstPanic;

/// What a look at the candidates showed.
pub(crate) struct Found {
    /// Boxes looked at.
    pub(crate) visited: usize,
    /// Edges followed from them.
    pub(crate) edges: usize,
    /// Edges, boxes and elements.
    pub(crate) work: usize,
    /// Boxes that are referred to only from among themselves.
    pub(crate) unreachable: Vec<NonNull<Header>>,
    /// Candidates that are alive, as far as this pass could see.
    pub(crate) survivors: Vec<NonNull<Header>>,
    /// Live boxes that it could not look into entirely.
    pub(crate) busy: Vec<NonNull<Header>>,
    /// Frozen boxes that it met: what they own counts as held from outside, though they may be garbage.
    pub(crate) frozen: Vec<NonNull<Header>>,
    /// Unless it is `Complete`, nothing is known: nothing is unreachable, and `survivors` are all candidates.
    pub(crate) outcome: Outcome,
}

impl Found {
    /// There was nothing to look at.
    const NOTHING: Self = Self {
        visited: 0,
        edges: 0,
        work: 0,
        unreachable: Vec::new(),
        survivors: Vec::new(),
        busy: Vec::new(),
        frozen: Vec::new(),
        outcome: Outcome::Complete,
    };
}

/// How a look at boxes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Complete,
    /// There was more to do than it may.
    TooMuch,
    /// A `trace` panicked or broke its contract.
    Failed,
}

/// Afterwards none of `unreachable` can be reached but through others of them; they are still `Visited`, and all other
/// boxes `Live` again.
///
/// # Safety
/// The candidates are live tracked boxes, each there once and known as a candidate only to itself; no other pass is running.
pub(crate) unsafe fn find(
    candidates: Vec<NonNull<Header>>,
    admit: Admit,
    limit: usize,
    host: &impl Host,
    panics: &mut FirstPanic,
) -> Found {
    let suspects = candidates.len();
    if suspects == 0 {
        return Found { survivors: candidates, ..Found::NOTHING };
    }
    let mut trial = Trial::new(candidates, admit, limit, host.number_trial());
    order::by_address(&mut trial.boxes);
    for suspect in &trial.boxes {
        // SAFETY: the caller's promise.
        unsafe { suspect.as_ref() }.visit_candidate();
    }
    // No edge was seen yet, and somebody refers to each.
    trial.external = suspects;
    // SAFETY: the caller's promise: the boxes are live, and edges lead to live boxes.
    let outcome = unsafe { deduce_unreachable(&mut trial, host, panics) };
    let (visited, edges, work) = (trial.boxes.len(), trial.edges(), trial.work());
    match outcome {
        Outcome::Complete if trial.is_all_reachable() => {}
        // SAFETY: visited boxes are live, or wait in the drop queue (T5, Y4).
        _ => trial.busy.retain(|busy| unsafe { busy.as_ref() }.life() == Life::Reachable),
    }
    let (busy, mut frozen) = (std::mem::take(&mut trial.busy), std::mem::take(&mut trial.frozen));
    if outcome == Outcome::Failed {
        // The panic hook may have freed them (Y4). Their referrers are candidates again.
        frozen.clear();
    }
    let (unreachable, survivors) = if outcome != Outcome::Complete || trial.is_all_reachable() {
        // SAFETY: visited boxes are live, or wait in the drop queue (T5, Y4).
        (Vec::new(), unsafe { let_all_live(trial.boxes, suspects, outcome) })
    } else if trial.reachable > 0 {
        // SAFETY: visited boxes are live (T5).
        unsafe { part(trial.boxes, suspects) }
    } else {
        (trial.boxes, Vec::new())
    };
    Found { visited, edges, work, unreachable, survivors, busy, frozen, outcome }
}

/// Makes all `boxes` `Live` again, but for those that wait in the drop queue since a `trace` panicked (Y4). Returns the first
/// `suspects` of them.
///
/// # Safety
/// The boxes are live, or wait in the drop queue.
unsafe fn let_all_live(mut boxes: Vec<NonNull<Header>>, suspects: usize, outcome: Outcome) -> Vec<NonNull<Header>> {
    for visited in &boxes {
        // SAFETY: the caller's promise.
        let header = unsafe { visited.as_ref() };
        if outcome != Outcome::Failed || header.is_looked_at() {
            header.set_life(Life::Live);
        }
    }
    boxes.truncate(suspects);
    if outcome == Outcome::Failed {
        // SAFETY: the caller's promise.
        boxes.retain(|suspect| unsafe { suspect.as_ref() }.life() == Life::Live);
    }
    boxes
}

/// The unreachable among `boxes`, and those of the first `suspects` that are not; `Live` again unless unreachable.
///
/// # Safety
/// The boxes are live.
unsafe fn part(mut boxes: Vec<NonNull<Header>>, suspects: usize) -> (Vec<NonNull<Header>>, Vec<NonNull<Header>>) {
    let mut survivors = Vec::with_capacity(suspects);
    let mut index = 0;
    boxes.retain(|&visited| {
        // SAFETY: the caller's promise.
        let header = unsafe { visited.as_ref() };
        index += 1;
        if header.is_visited() {
            return true;
        }
        header.set_life(Life::Live);
        if index <= suspects {
            survivors.push(visited);
        }
        false
    });
    (boxes, survivors)
}

/// Afterwards the boxes of life `Visited` are those that cannot be reached from outside, if the look was complete.
///
/// # Safety
/// The boxes of `trial` are allocated, with whole values.
pub(super) unsafe fn deduce_unreachable(trial: &mut Trial, host: &impl Host, panics: &mut FirstPanic) -> Outcome {
    let completed = panics.catch(|| {
        // SAFETY: the caller's promise.
        unsafe { subtract_edges(trial, host) };
        assert_contract(trial);
        if trial.is_too_much() {
            return Outcome::TooMuch;
        }
        #[cfg(gc_verify)]
        verify::subtracted(trial, host);
        // SAFETY: the caller's promise.
        unsafe { mark_reachable(trial, host) };
        #[cfg(gc_verify)]
        if trial.external < trial.boxes.len() {
            verify::marked(trial, host);
        }
        Outcome::Complete
    });
    completed.unwrap_or(Outcome::Failed)
}

/// Afterwards `scratch` is, for every visited box, the number of references to it from outside the visited boxes, unless that
/// is too much.
unsafe fn subtract_edges(trial: &mut Trial, host: &impl Host) {
    // SAFETY: the caller's promise.
    unsafe { subtract_edges_until::<false>(NEAR, trial, host) };
    // SAFETY: the caller's promise.
    unsafe { subtract_edges_until::<true>(usize::MAX, trial, host) };
}

/// [`subtract_edges`], as far as `end`. Boxes that lie `FAR` from the processor are sent for.
#[inline(never)]
unsafe fn subtract_edges_until<const FAR: bool>(end: usize, trial: &mut Trial, host: &impl Host) {
    let mut current = trial.current;
    while current < end
        && !trial.is_too_much()
        && let Some(&visited) = trial.boxes.get(current)
    {
        if FAR {
            prefetch(trial.boxes.get(current + AHEAD));
        }
        // SAFETY: visited boxes are allocated, with whole values (V2).
        unsafe { look_into(visited, host, Pass::Subtract(trial)) };
        current += 1;
        trial.current = current;
    }
}

/// Afterwards a visited box that can be reached from outside is `Reachable`, unless all can, and they are counted.
unsafe fn mark_reachable(trial: &mut Trial, host: &impl Host) {
    trial.reachable = if trial.external == trial.boxes.len() {
        trial.external
    } else if trial.is_mostly_external() {
        // SAFETY: the caller's promise.
        trial.external + unsafe { mark_reachable_inside(trial, host) }
    } else {
        // SAFETY: the caller's promise.
        unsafe { mark_from_outside(trial, host) }
    };
}

/// [`mark_reachable`], without a look into boxes that are referred to from outside: what else they reach has pointers that the
/// edges of the others, by themselves, do not explain. A second trial, of the others alone, finds and counts it.
unsafe fn mark_reachable_inside(trial: &Trial, host: &impl Host) -> usize {
    let mut inside = Vec::with_capacity(trial.boxes.len() - trial.external);
    let mut external = 0;
    for &visited in &trial.boxes {
        // SAFETY: visited boxes are allocated (T5).
        let header = unsafe { visited.as_ref() };
        if header.scratch() > 0 {
            header.set_life(Life::Reachable);
        } else {
            // Of boxes looked at for the second time, which are quiet, the pass owns a count.
            let references = header.strong() - u32::from(!header.is_noisy());
            header.set_scratch(references);
            external += usize::from(references > 0);
            inside.push(visited);
        }
    }
    let mut trial = Trial::new(inside, Admit::NOBODY, usize::MAX, trial.number);
    trial.external = external;
    // SAFETY: the caller's promise.
    unsafe { subtract_edges(&mut trial, host) };
    assert_contract(&trial);
    // SAFETY: the caller's promise.
    unsafe { mark_from_outside(&trial, host) }
}

/// [`mark_reachable`], beginning with the boxes that are referred to from outside. Returns how many are reachable.
unsafe fn mark_from_outside(trial: &Trial, host: &impl Host) -> usize {
    if trial.external == 0 {
        return 0;
    }
    let mut marking = Marking { queue: Vec::with_capacity(trial.boxes.len()), trial: trial.number };
    for &visited in &trial.boxes {
        // SAFETY: visited boxes are allocated (T5).
        let header = unsafe { visited.as_ref() };
        if header.scratch() > 0 {
            header.set_life(Life::Reachable);
            marking.queue.push(visited);
        }
    }
    let mut next = 0;
    while next < marking.queue.len() && marking.queue.len() < trial.boxes.len() {
        prefetch(marking.queue.get(next + AHEAD));
        // SAFETY: visited boxes are allocated, with whole values (V2).
        unsafe { look_into(marking.queue[next], host, Pass::Mark(&mut marking)) };
        next += 1;
    }
    marking.queue.len()
}

/// Reports all that belongs to a box: the edges of its value, and those of the entries of weak tables that hang on it.
///
/// # Safety
/// The box is allocated, with a whole value.
pub(super) unsafe fn look_into(looked_into: NonNull<Header>, host: &impl Host, pass: Pass<'_>) {
    // SAFETY: the caller's promise.
    let header = unsafe { looked_into.as_ref() };
    let mut tracer = Tracer::new(pass);
    // SAFETY: the table is the box's own (V1), the value whole (V2).
    unsafe { (header.vtable().trace)(looked_into, &mut tracer) };
    if header.is_observed() {
        host.visit_entries(looked_into, &mut |entry| tracer.ephemeron(entry));
    }
}

fn assert_contract(trial: &Trial) {
    let Some((target, reporter)) = trial.over_reported else { return };
    // SAFETY: both are boxes of the pass, hence allocated (T5).
    let [target, reporter] = [target, reporter].map(|broken| unsafe { broken.as_ref() });
    panic!(
        "the `Trace` contract is broken: a box of `{}` was reported more often than its {} strong pointers allow, \
         last by a box of `{}`; report each owned `Gc` once, and only if nobody else owns it (nothing was freed)",
        (target.vtable().type_name)(),
        target.strong(),
        (reporter.vtable().type_name)(),
    );
}

/// So many boxes stay in the nearer caches from one look to the next.
const NEAR: usize = 4096;
/// How many boxes ahead to prefetch.
const AHEAD: usize = 4;

#[inline]
pub(super) fn prefetch(soon: Option<&NonNull<Header>>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(soon) = soon {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing, and takes no invariant.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(soon.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = soon;
}
