//! Which objects of a large heap are shown.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::super::{Object, Snapshot};

/// The objects shown, by index, in ascending order.
pub(super) struct Selection(Vec<usize>);

impl Selection {
    /// Those that retain most; of those that retain the same, the first ones. Whatever dominates one of them is among them.
    pub(super) fn largest(snapshot: &Snapshot, limit: usize) -> Self {
        let mut all: Vec<_> = snapshot.objects().map(|object| object.index()).collect();
        let retained = |index| snapshot.object(index).map_or(0, Object::retained_size);
        if limit < all.len() {
            all.select_nth_unstable_by_key(limit, |&index| (Reverse(retained(index)), index));
            all.truncate(limit);
        }
        Self::sorted(all)
    }

    /// Those that the fewest edges lie between `start` and, whatever their direction.
    pub(super) fn nearest(start: Object<'_>, limit: usize) -> Self {
        let mut found = vec![start];
        let mut indices = HashSet::from([start.index()]);
        let mut next = 0;
        while next < found.len() && found.len() < limit {
            let object = found[next];
            let neighbours = object.referrers().map(|edge| edge.from()).chain(object.edges().map(|edge| edge.to()));
            let new = neighbours.filter(|neighbour| indices.insert(neighbour.index()));
            let room = limit - found.len();
            let new: Vec<_> = new.take(room).collect();
            found.extend(new);
            next += 1;
        }
        found.truncate(limit);
        Self::sorted(found.iter().map(|object| object.index()).collect())
    }

    fn sorted(mut indices: Vec<usize>) -> Self {
        indices.sort_unstable();
        Self(indices)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        self.0.iter().copied()
    }

    pub(super) fn contains(&self, object: Object<'_>) -> bool {
        self.0.binary_search(&object.index()).is_ok()
    }
}
