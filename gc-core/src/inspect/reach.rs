//! What is held from outside, and the shortest way there: breadth first.
//!
//! # Invariants
//! - **I8** `by[i]` is the edge by which `i` was first reached, [`HELD`] if it is held from outside itself, [`GARBAGE`] if nothing
//!   outside leads to it.

use std::collections::HashMap;

use super::links::Edges;
use crate::object::describer::EdgeKind;

const GARBAGE: u32 = u32::MAX;
const HELD: u32 = u32::MAX - 1;

pub(super) struct Reach {
    by: Vec<u32>,
}

impl Reach {
    /// Follows all edges that keep something alive from what `is_held`; tells how far it is.
    pub(super) fn new(
        edges: &Edges,
        objects: u32,
        is_held: impl Fn(u32) -> bool,
        progress: &mut dyn FnMut(usize),
    ) -> Self {
        let mut by = vec![GARBAGE; objects as usize];
        let mut queue: Vec<u32> = (0..objects).filter(|&object| is_held(object)).collect();
        queue.iter().for_each(|&held| by[held as usize] = HELD);
        // Edges of entries whose key was reached before the collection.
        let mut waiting: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut next = 0;
        while let Some(&object) = queue.get(next) {
            progress(next);
            next += 1;
            let woken = waiting.remove(&object).unwrap_or_default();
            for edge in edges.of(object).chain(woken) {
                let target = edges.targets[edge as usize];
                if by[target as usize] != GARBAGE {
                    continue;
                }
                match edges.kind(edge) {
                    EdgeKind::Weak => continue,
                    EdgeKind::Ephemeron => {
                        if let Some(owner) = edges.guard(edge).filter(|&owner| by[owner as usize] == GARBAGE) {
                            waiting.entry(owner).or_default().push(edge);
                            continue;
                        }
                    }
                    EdgeKind::Strong => {}
                }
                by[target as usize] = edge;
                queue.push(target);
            }
        }
        Self { by }
    }

    pub(super) fn is_reached(&self, object: u32) -> bool {
        self.by[object as usize] != GARBAGE
    }

    pub(super) fn is_held(&self, object: u32) -> bool {
        self.by[object as usize] == HELD
    }

    /// The edge by which a reached object was reached first, unless it is held from outside.
    pub(super) fn by(&self, object: u32) -> Option<u32> {
        Some(self.by[object as usize]).filter(|&edge| edge < HELD)
    }

    /// Whether the edge keeps its target alive, if its source is.
    pub(super) fn is_sound(&self, edges: &Edges, edge: u32) -> bool {
        match edges.kind(edge) {
            EdgeKind::Strong => true,
            EdgeKind::Weak => false,
            EdgeKind::Ephemeron => edges.guard(edge).is_none_or(|owner| self.is_reached(owner)),
        }
    }
}
