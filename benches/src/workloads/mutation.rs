//! A graph that changes at random.

use super::{Random, Sample, Size, is_due, time};
use crate::columns::Column;

/// A change of the graph behind a table of handles.
pub enum Step {
    Create(usize),
    Link(usize, usize),
    LinkOther(usize, usize),
    Unlink(usize),
    Drop(usize),
}

/// Random steps, the same in each column.
pub fn steps(count: u64, handles: u64) -> impl Iterator<Item = Step> {
    let mut random = Random::new(6);
    (0..count).map(move |_| {
        let [handle, other] = [random.below(handles) as usize, random.below(handles) as usize];
        match random.below(8) {
            0 | 1 => Step::Create(handle),
            2 | 3 => Step::Link(handle, other),
            4 | 5 => Step::LinkOther(handle, other),
            6 => Step::Unlink(handle),
            _ => Step::Drop(handle),
        }
    })
}

pub(super) fn random<C: Column>(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut handles: Vec<Option<C::Node>> = vec![None; size.live as usize];
        for (count, step) in (1_u64..).zip(steps(size.operations, size.live)) {
            take::<C>(&mut handles, step);
            if is_due::<C>(count) {
                C::collect();
            }
        }
        drop(handles);
        C::collect();
    }))
}

#[inline]
fn take<C: Column>(handles: &mut [Option<C::Node>], step: Step) {
    match step {
        Step::Create(handle) => handles[handle] = Some(C::node(handle as u64)),
        Step::Link(from, to) => {
            if let (Some(from), Some(to)) = (&handles[from], &handles[to]) {
                C::set_next(from, Some(to.clone()));
            }
        }
        Step::LinkOther(from, to) => {
            if let (Some(from), Some(to)) = (&handles[from], &handles[to]) {
                C::set_other(from, Some(to.clone()));
            }
        }
        Step::Unlink(handle) => {
            if let Some(node) = &handles[handle] {
                C::set_next(node, None);
            }
        }
        Step::Drop(handle) => handles[handle] = None,
    }
}
