//! Which boxes nothing outside of them refers to: trial deletion.
//!
//! "Concurrent Cycle Collection in Reference Counted Systems" (Bacon, Rajan, 2001, the synchronous algorithm) and
//! CPython's `deduce_unreachable`, on an explicit queue: subtract the edges seen from inside the visited boxes from
//! their counts; what still counts more than zero is referenced from outside, and so is all that it reaches.

use std::ptr::NonNull;

use crate::cycle::Host;
#[cfg(gc_verify)]
use crate::cycle::verify;
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
    let mut trial = Trial::new(candidates, admit, limit, host.number_trial());
    // SAFETY: the caller's promise.
    unsafe { start(&mut trial, Header::visit_candidate) };
    // SAFETY: the caller's promise: the boxes are live, and edges lead to live boxes.
    let outcome = unsafe { deduce_unreachable(&mut trial, host, panics) };
    let (visited, edges, work) = (trial.boxes.len(), trial.edges(), trial.work());
    // SAFETY: visited boxes are live (T5).
    trial.busy.retain(|busy| unsafe { busy.as_ref() }.life() == Life::Reachable);
    let (busy, mut frozen) = (std::mem::take(&mut trial.busy), std::mem::take(&mut trial.frozen));
    if outcome == Outcome::Failed {
        // The panic hook may have freed them (Y4). Their referrers are candidates again.
        frozen.clear();
    }
    let (unreachable, survivors) = if outcome != Outcome::Complete || trial.external > 0 {
        // SAFETY: visited boxes are live (T5).
        unsafe { part(&trial.boxes, suspects, outcome) }
    } else {
        (trial.boxes, Vec::new())
    };
    Found { visited, edges, work, unreachable, survivors, busy, frozen, outcome }
}

/// The unreachable among `boxes`, and those of the first `suspects` that are not; `Live` again unless unreachable.
///
/// # Safety
/// The boxes are live.
unsafe fn part(
    boxes: &[NonNull<Header>],
    suspects: usize,
    outcome: Outcome,
) -> (Vec<NonNull<Header>>, Vec<NonNull<Header>>) {
    let (mut unreachable, mut survivors) = (Vec::new(), Vec::with_capacity(suspects));
    for (index, &visited) in boxes.iter().enumerate() {
        // SAFETY: the caller's promise.
        let header = unsafe { visited.as_ref() };
        if header.life() == Life::Visited && outcome == Outcome::Complete {
            unreachable.push(visited);
            continue;
        }
        if header.life() > Life::Reachable {
            // It waits in the drop queue (Y4).
            continue;
        }
        header.set_life(Life::Live);
        if index < suspects {
            survivors.push(visited);
        }
    }
    (unreachable, survivors)
}

/// Makes every box of `trial` a visited one, by `visit`, which says how many references edges have to explain.
///
/// # Safety
/// The boxes are live, or unreachable and owned by the pass.
pub(super) unsafe fn start(trial: &mut Trial, visit: impl Fn(&Header) -> u32) {
    for visited in &trial.boxes {
        // SAFETY: the caller's promise.
        let references = visit(unsafe { visited.as_ref() });
        trial.external += usize::from(references > 0);
    }
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
        verify::marked(trial, host);
        Outcome::Complete
    });
    completed.unwrap_or(Outcome::Failed)
}

/// Afterwards `scratch` is, for every visited box, the number of references to it from outside the visited boxes.
unsafe fn subtract_edges(trial: &mut Trial, host: &impl Host) {
    while let Some(&visited) = trial.boxes.get(trial.current) {
        prefetch(trial.boxes.get(trial.current + AHEAD));
        // SAFETY: visited boxes are allocated, with whole values (V2).
        unsafe { look_into(visited, host, Pass::Subtract(trial)) };
        trial.current += 1;
        if trial.is_too_much() {
            return;
        }
    }
}

/// Afterwards a visited box that can be reached from outside is `Reachable`.
unsafe fn mark_reachable(trial: &Trial, host: &impl Host) {
    if trial.external == 0 {
        return;
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

/// How many boxes ahead to prefetch.
const AHEAD: usize = 4;

#[inline]
fn prefetch(soon: Option<&NonNull<Header>>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(soon) = soon {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing, and takes no invariant.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(soon.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = soon;
}
