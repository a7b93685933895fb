//! The end of unreachable boxes, in the order of DESIGN 2.4: finalizers, the second look, weak pointers dead,
//! callbacks, values dropped, memory freed.

use std::ptr::NonNull;

use crate::cycle::Host;
use crate::cycle::find::{self, Outcome};
#[cfg(gc_verify)]
use crate::cycle::verify;
use crate::object::header::{Ceremony, Header, Life};
use crate::object::tracer::{Admit, ObserverSearch, Pass, Trial};
use crate::panics::FirstPanic;
use crate::watchers::Aftermath;

/// What became of unreachable boxes.
pub(crate) struct Disposal {
    pub(crate) collected: usize,
    pub(crate) resurrected: usize,
}

/// Afterwards each of the `unreachable` is freed or resurrected.
///
/// # Safety
/// The boxes are as `find` left them, each there once, and referred to only from among themselves.
pub(crate) unsafe fn dispose(unreachable: Vec<NonNull<Header>>, host: &impl Host, panics: &mut FirstPanic) -> Disposal {
    #[cfg(gc_verify)]
    verify::unreachable(&unreachable, 0, "before the unreachable are owned", host);
    let found = unreachable.len();
    let garbage =
        if own(&unreachable) || host.has_observers() { hear_out(unreachable, host, panics) } else { unreachable };
    #[cfg(gc_verify)]
    verify::owned(&garbage, "before values are dropped", host);
    drop_values(&garbage, panics);
    #[cfg(gc_verify)]
    verify::owned(&garbage, "after values were dropped", host);
    // SAFETY: the values are dropped, and only garbage, dropped too, held pointers to them (Y1, Y2).
    unsafe { host.free(&garbage) };
    Disposal { collected: garbage.len(), resurrected: found - garbage.len() }
}

/// The unreachable that have a say: afterwards finalizers have run, those resurrected are let go, and callbacks have run
/// for the garbage, which is returned, marked dead.
fn hear_out(unreachable: Vec<NonNull<Header>>, host: &impl Host, panics: &mut FirstPanic) -> Vec<NonNull<Header>> {
    headers(&unreachable).for_each(|header| header.set_life(Life::Unreachable));
    #[cfg(gc_verify)]
    host.verify("before finalizers", 0);
    let (garbage, resurrected) =
        if finalize(&unreachable, panics) { tell_apart(unreachable, host, panics) } else { (unreachable, Vec::new()) };
    #[cfg(gc_verify)]
    verify::unreachable(&garbage, 1, "after finalizers", host);
    headers(&garbage).for_each(|header| header.set_life(Life::Dead));
    #[cfg(gc_verify)]
    verify::owned(&garbage, "after garbage was marked dead", host);
    for owned in resurrected {
        // SAFETY: resurrected boxes are live, and the pass gives up the count it took (Y1).
        panics.catch(|| unsafe { host.let_go(owned) });
    }
    tell_watchers(&garbage, host, panics);
    garbage
}

/// The headers of boxes that the pass keeps allocated.
fn headers(boxes: &[NonNull<Header>]) -> impl Iterator<Item = &Header> {
    // SAFETY: the pass owns a count of each, or finds it live (Y1); no `&mut Header` exists (H1).
    boxes.iter().map(|owned| unsafe { owned.as_ref() })
}

/// Afterwards the pass owns a count of each box (Y1), and all are dead; `true` if one of them has a finalizer to run or
/// somebody to tell, and must be heard before.
fn own(unreachable: &[NonNull<Header>]) -> bool {
    headers(unreachable).map(Header::own).fold(Ceremony::NONE, Ceremony::and).is_due()
}

/// Afterwards no finalizer of these boxes has yet to run; `true` if one ran, and anything may have changed.
fn finalize(unreachable: &[NonNull<Header>], panics: &mut FirstPanic) -> bool {
    let mut ran = false;
    for &owned in unreachable {
        // SAFETY: the pass owns a count (Y1).
        let header = unsafe { owned.as_ref() };
        if header.awaits_finalizer() {
            ran = true;
            header.set_finalized();
            // SAFETY: the table is the box's own (V1), and its value whole: nothing was dropped yet (V2).
            panics.catch(|| unsafe { (header.vtable().finalize)(owned) });
        }
    }
    ran
}

/// Afterwards the running pass has reached a box of which it owns a count; returns the others.
fn visit_owned(header: &Header) -> u32 {
    if header.is_immortal() {
        return header.visit_immortal();
    }
    let others = header.strong() - 1;
    header.visit(others);
    others
}

/// Tells the garbage from the resurrected, by the counts as they are now. If a `trace` fails, all are resurrected.
fn tell_apart(
    unreachable: Vec<NonNull<Header>>,
    host: &impl Host,
    panics: &mut FirstPanic,
) -> (Vec<NonNull<Header>>, Vec<NonNull<Header>>) {
    let mut trial = Trial::new(unreachable, Admit::NOBODY, usize::MAX, host.number_trial());
    trial.external = headers(&trial.boxes).filter(|header| visit_owned(header) > 0).count();
    // SAFETY: the values are whole: nothing was dropped yet (U1).
    let outcome = unsafe { find::deduce_unreachable(&mut trial, host, panics) };
    let completed = outcome == Outcome::Complete && !trial.is_all_reachable();
    let is_garbage = |&owned: &NonNull<Header>| {
        // SAFETY: the pass owns a count (Y1).
        completed && unsafe { owned.as_ref() }.life() == Life::Visited
    };
    let (garbage, resurrected): (Vec<_>, Vec<_>) = trial.boxes.into_iter().partition(is_garbage);
    for header in headers(&resurrected) {
        header.set_life(Life::Live);
        header.set_noisy(true);
    }
    (garbage, resurrected)
}

/// Afterwards everybody outside the garbage who watched one of the boxes has been told, newest first, and what weak tables
/// had for them is dropped.
fn tell_watchers(garbage: &[NonNull<Header>], host: &impl Host, panics: &mut FirstPanic) {
    // A weak pointer of the garbage may watch a box that is no garbage, but dies for want of it.
    let leaves = if host.has_observers() { silence_insiders(garbage, host, panics) } else { Vec::new() };
    if leaves.is_empty() && !headers(garbage).any(Header::is_observed) {
        return;
    }
    let mut aftermath = Vec::new();
    for &dead in garbage.iter().chain(&leaves) {
        host.take_aftermath(dead, &mut aftermath);
    }
    // The value of an entry may own another of the boxes whose watchers are to be told, before it is dropped.
    let (calls, drops): (Vec<_>, Vec<_>) = aftermath.into_iter().partition(Aftermath::is_call);
    for left in calls.into_iter().chain(drops) {
        panics.catch(|| left.run());
    }
}

/// Afterwards no weak pointer that dies with the garbage has a callback to call. Returns the leaves that do, marked dead.
fn silence_insiders(garbage: &[NonNull<Header>], host: &impl Host, panics: &mut FirstPanic) -> Vec<NonNull<Header>> {
    let mut search = ObserverSearch::new(host.number_trial());
    let mut dying = Vec::new();
    for &dead in garbage {
        // SAFETY: the value is whole: nothing was dropped yet (U1).
        panics.catch(|| unsafe { find::look_into(dead, host, Pass::Observers(&mut search)) });
    }
    for leaf in std::mem::take(&mut search.leaves) {
        // SAFETY: garbage owns a pointer to it (T1).
        let header = unsafe { leaf.as_ref() };
        let edges = header.scratch();
        header.set_scratch(0);
        if edges == header.strong() && !header.is_immortal() {
            // It dies with the garbage, unless its own finalizer saves it.
            if !header.awaits_finalizer() {
                // No callback may save it: its own watchers would never be called again.
                header.set_life(Life::Dead);
                dying.push(leaf);
            }
            // SAFETY: as above; its value is whole.
            panics.catch(|| unsafe { find::look_into(leaf, host, Pass::Observers(&mut search)) });
        }
    }
    for observer in search.observers {
        // SAFETY: an observer is allocated as long as its `Weak`, part of a whole value, is there (O1).
        unsafe { host.silence(observer) };
    }
    dying
}

/// Afterwards every value was dropped once. A destructor that panics does not keep the others from running.
fn drop_values(garbage: &[NonNull<Header>], panics: &mut FirstPanic) {
    let mut rest = garbage.iter();
    while !rest.as_slice().is_empty() {
        panics.catch(|| {
            for &dead in rest.by_ref() {
                // SAFETY: the pass owns a count (Y1).
                let vtable = unsafe { dead.as_ref() }.vtable();
                if let Some(drop_value) = vtable.drop_value {
                    // SAFETY: the table is the box's own (V1); the iterator hands out each box once.
                    unsafe { drop_value(dead) };
                }
            }
        });
    }
}
