//! The edges of a snapshot, from both ends.
//!
//! # Invariants
//! - **I7** the edges of object `i` are `first[i]..first[i + 1]`; `refs[ref_first[i]..ref_first[i + 1]]` are the edges to it, in
//!   order.

use std::ops::Range;

use super::capture::Record;
use super::snapshot::{Phase, Progress, STRIDE};
use crate::object::describer::{EdgeKind, RawEdge};
use crate::object::labels::LabelId;
use crate::spread::{Spread, WordMap};

/// The edges, by both ends (I7).
pub(super) struct Edges {
    first: Vec<u32>,
    pub(super) targets: Vec<u32>,
    pub(super) sources: Vec<u32>,
    pub(super) names: Vec<Name>,
    ref_first: Vec<u32>,
    refs: Vec<u32>,
    /// Edges of entries whose table an object owns, in order, with that object.
    guards: Vec<(u32, u32)>,
}

/// A label, and the kind of edge.
#[derive(Clone, Copy)]
pub(super) struct Name(u32);

impl Name {
    const SHIFT: u32 = LabelId::BITS;

    fn new(label: LabelId, kind: EdgeKind) -> Self {
        let kind = match kind {
            EdgeKind::Strong => 0,
            EdgeKind::Weak => 1,
            EdgeKind::Ephemeron => 2,
        };
        Self(label.0 | kind << Self::SHIFT)
    }

    pub(super) fn label(self) -> LabelId {
        LabelId(self.0 & ((1 << Self::SHIFT) - 1))
    }

    fn kind(self) -> EdgeKind {
        match self.0 >> Self::SHIFT {
            0 => EdgeKind::Strong,
            1 => EdgeKind::Weak,
            _ => EdgeKind::Ephemeron,
        }
    }
}

impl Edges {
    pub(super) fn of(&self, object: u32) -> Range<u32> {
        self.first[object as usize]..self.first[object as usize + 1]
    }

    pub(super) fn to(&self, object: u32) -> &[u32] {
        &self.refs[self.ref_first[object as usize] as usize..self.ref_first[object as usize + 1] as usize]
    }

    pub(super) fn kind(&self, edge: u32) -> EdgeKind {
        self.names[edge as usize].kind()
    }

    /// The object that owns the collection that this edge of an entry needs besides its key, if any object does.
    pub(super) fn guard(&self, edge: u32) -> Option<u32> {
        let at = self.guards.binary_search_by_key(&edge, |&(guarded, _)| guarded).ok()?;
        Some(self.guards[at].1)
    }
}

/// Finds objects by address: those of one page lie side by side.
pub(super) struct Pages(WordMap<usize, u32>);

impl Pages {
    const SHIFT: u32 = 14;

    pub(super) fn new(records: &[Record]) -> Self {
        let mut pages = WordMap::with_hasher(Spread);
        for (index, record) in records.iter().enumerate() {
            pages.entry(record.address >> Self::SHIFT).or_insert(index as u32);
        }
        Self(pages)
    }

    pub(super) fn find(&self, records: &[Record], address: usize) -> Option<u32> {
        let first = *self.0.get(&(address >> Self::SHIFT))? as usize;
        // No page has more objects than steps of eight bytes.
        let end = records.len().min(first + (1 << (Self::SHIFT - 3)));
        let at = records[first..end].binary_search_by_key(&address, |record| record.address).ok()?;
        Some((first + at) as u32)
    }
}

/// Puts edges in order.
pub(super) struct Linker {
    pub(super) records: Vec<Record>,
    pub(super) pages: Pages,
    pub(super) ephemerons: Vec<(Range<u32>, *const ())>,
    pub(super) owners: WordMap<usize, u32>,
}

impl Linker {
    pub(super) fn link(
        mut self,
        spans: &[Range<u32>],
        raw: Vec<RawEdge>,
        progress: &mut dyn FnMut(Progress),
    ) -> (Self, Edges) {
        let total = self.records.len();
        let mut first = Vec::with_capacity(total + 1);
        let mut ref_first = vec![0; total + 1];
        let mut guards = Vec::new();
        let [mut targets, mut sources] = [(); 2].map(|()| Vec::with_capacity(raw.len()));
        let mut names = Vec::with_capacity(raw.len());
        for record in &mut self.records {
            record.outside = record.strong;
        }
        for (object, span) in spans.iter().enumerate() {
            if object.is_multiple_of(STRIDE) {
                progress(Progress { phase: Phase::Linking, done: object, total });
            }
            first.push(targets.len() as u32);
            for number in span.clone() {
                let edge = raw[number as usize];
                // Not even a snapshot has edges to what is dead.
                let Some(target) = self.pages.find(&self.records, edge.to.as_ptr().addr()) else { continue };
                if edge.kind != EdgeKind::Weak {
                    let outside = &mut self.records[target as usize].outside;
                    *outside = outside.saturating_sub(1);
                }
                if edge.kind == EdgeKind::Ephemeron
                    && let Some(owner) = self.owner(number)
                {
                    guards.push((targets.len() as u32, owner));
                }
                ref_first[target as usize + 1] += 1;
                targets.push(target);
                sources.push(object as u32);
                names.push(Name::new(edge.label, edge.kind));
            }
        }
        first.push(targets.len() as u32);
        drop(raw);
        let refs = group(&targets, &mut ref_first);
        (self, Edges { first, targets, sources, names, ref_first, refs, guards })
    }

    /// The object that owns the table of the entry that has this edge.
    fn owner(&self, edge: u32) -> Option<u32> {
        let at = self.ephemerons.partition_point(|(span, _)| span.end <= edge);
        let (span, entry) = self.ephemerons.get(at)?;
        if span.contains(&edge) { self.owners.get(&entry.addr()).copied() } else { None }
    }
}

/// The edges by their targets. Before, `counts[i + 1]` is how many lead to `i`; afterwards, where those to `i` begin.
fn group(targets: &[u32], counts: &mut [u32]) -> Vec<u32> {
    for at in 1..counts.len() {
        counts[at] += counts[at - 1];
    }
    let mut refs = vec![0; targets.len()];
    for (edge, &target) in targets.iter().enumerate().rev() {
        let place = &mut counts[target as usize + 1];
        *place -= 1;
        refs[*place as usize] = edge as u32;
    }
    // Each count has become where its own group begins, one place too late.
    counts.rotate_left(1);
    if let Some(last) = counts.last_mut() {
        *last = targets.len() as u32;
    }
    refs
}
