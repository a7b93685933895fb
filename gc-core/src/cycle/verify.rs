//! Checks T3, T5, Y1 and Y2: what a pass found is computed once more, otherwise.

use std::ptr::NonNull;

use super::Host;
use crate::object::audit::Audit;
use crate::object::header::{Header, Life};
use crate::object::tracer::Trial;
use crate::spread::{Spread, WordMap};
use crate::verify::{at, require};

/// How often boxes refer to each other. `None` if that cannot be said, because a `trace` panics.
fn count_edges(boxes: &[NonNull<Header>], host: &impl Host) -> Option<WordMap<NonNull<Header>, u32>> {
    let mut audit = Audit::new(false, |_| true);
    for &boxed in boxes {
        // SAFETY: the boxes of a pass are allocated, with whole values (T5); none is mutably borrowed (S3).
        let looked = unsafe { audit.look_into(boxed) };
        if !looked {
            return None;
        }
        // SAFETY: as above.
        if unsafe { boxed.as_ref() }.is_observed() {
            host.visit_entries(boxed, &mut |entry| audit.hangs_on(boxed, entry));
        }
    }
    let mut seen = WordMap::with_hasher(Spread);
    seen.extend(boxes.iter().map(|&boxed| (boxed, 0)));
    for edge in audit.edges {
        if let Some(count) = seen.get_mut(&edge.to) {
            *count += 1;
        }
    }
    Some(seen)
}

fn header<'a>(boxed: NonNull<Header>) -> &'a Header {
    // SAFETY: the boxes of a pass are allocated, and no `&mut Header` exists (H1).
    unsafe { boxed.as_ref() }
}

/// The edges of all visited boxes were seen.
pub(super) fn subtracted(trial: &Trial, host: &impl Host) {
    at("after the edges were subtracted");
    let Some(edges) = count_edges(&trial.boxes, host) else { return };
    let visited = trial.boxes.len();
    require!(edges.len() == visited, "T5", "{visited} boxes were visited, {} different ones", edges.len());
    for (&boxed, &edges) in &edges {
        let header = header(boxed);
        let (life, strong, left) = (header.life(), header.strong(), header.scratch());
        if header.is_immortal() {
            require!((life, left) == (Life::Live, 1), "T5", "an immortal box is {life:?}, {left} pointers are left");
            continue;
        }
        // Of boxes looked at for the second time the pass owns a count; those are quiet.
        let own = u32::from(!header.is_noisy());
        require!(life == Life::Visited, "T5", "a visited box is {life:?}");
        let expected = strong.checked_sub(own + edges);
        require!(
            expected == Some(left),
            "T5",
            "of {strong} pointers to a `{}`, {own} the pass's own, {edges} edges were seen, but {left} are left \
             (or its referrers report other edges each time, T3)",
            (header.vtable().type_name)()
        );
    }
    let external = trial.boxes.iter().filter(|&&boxed| header(boxed).scratch() > 0).count();
    require!(external == trial.external, "T5", "{} boxes count as external, {external} are", trial.external);
    let immortal = trial.boxes.iter().filter(|&&boxed| header(boxed).is_immortal()).count();
    host.verify("after the edges were subtracted", visited - immortal);
}

/// What is reachable was marked.
pub(super) fn marked(trial: &Trial, host: &impl Host) {
    at("after the reachable were marked");
    let is_marked = |boxed: NonNull<Header>| header(boxed).life() == Life::Reachable;
    for &boxed in &trial.boxes {
        let (life, scratch) = (header(boxed).life(), header(boxed).scratch());
        require!(matches!(life, Life::Visited | Life::Reachable), "T5", "a visited box is {life:?}");
        require!(is_marked(boxed) || scratch == 0, "T5", "a box is unreachable with {scratch} pointers from outside");
    }
    let mut audit = Audit::new(false, |life| life != Life::Visited);
    for reachable in trial.boxes.iter().copied().filter(|&boxed| is_marked(boxed)) {
        // SAFETY: visited boxes are allocated, with whole values (T5). What a `trace` that panics keeps back is not checked.
        unsafe { audit.look_into(reachable) };
    }
    for edge in audit.edges {
        let is_missed = edge.is_sure && header(edge.to).life() == Life::Visited;
        require!(
            !is_missed,
            "T5",
            "a reachable `{}` refers to an unreachable box",
            (header(edge.from).vtable().type_name)()
        );
    }
    host.verify("after the reachable were marked", trial.boxes.len());
}

/// These boxes are referred to only from among themselves, and `own` times each by the pass, which was found just now.
pub(super) fn unreachable(boxes: &[NonNull<Header>], own: u32, moment: &'static str, host: &impl Host) {
    at(moment);
    let Some(edges) = count_edges(boxes, host) else { return };
    require!(edges.len() == boxes.len(), "Y1", "a box is unreachable twice");
    for (&boxed, &edges) in &edges {
        let (header, strong) = (header(boxed), header(boxed).strong());
        require!(
            strong == edges + own,
            "Y2",
            "an unreachable `{}` has {strong} pointers, {own} of the pass and {edges} from other unreachable boxes",
            (header.vtable().type_name)()
        );
    }
}

/// Whatever user code did meanwhile, these boxes are still the pass's, and dead.
pub(super) fn owned(garbage: &[NonNull<Header>], moment: &'static str, host: &impl Host) {
    at(moment);
    for &boxed in garbage {
        let (strong, life) = (header(boxed).strong(), header(boxed).life());
        require!(strong >= 1, "Y1", "nobody owns a `{}` that is garbage", (header(boxed).vtable().type_name)());
        require!(life == Life::Dead, "Y2", "garbage is {life:?} when its values are dropped");
    }
    host.verify(moment, 0);
}
