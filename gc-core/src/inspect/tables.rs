//! What is in a snapshot as tables, for those who write formats of their own.

use std::fmt;

use super::names::Short;
use super::object::{Edge, Label, Object};
use super::snapshot::Snapshot;
use crate::object::labels::LabelId;

impl Snapshot {
    /// The names of the types of all objects, each once; [`Object::type_index`] is an index into it.
    #[must_use]
    pub fn type_names(&self) -> &[&'static str] {
        &self.types
    }

    /// The same names without modules.
    pub fn short_type_names(&self) -> impl ExactSizeIterator<Item = impl fmt::Display> {
        self.types.iter().map(|name| Short(name))
    }

    /// All labels of edges, by their [`index`](Label::index), and also some that are only the beginning of others.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = Label<'_>> {
        (0..self.labels.len()).map(|index| Label { labels: &self.labels, id: LabelId(index as u32) })
    }

    /// For each object, how many edges long its [path](Object::why_alive) is: 0 for one that is held from outside, `None` for
    /// garbage. Linear in the number of objects.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, inspect::Snapshot};
    ///
    /// let outer = Gc::new(Some(Gc::new("inner")));
    /// let snapshot = Snapshot::capture();
    /// let mut distances = snapshot.distances();
    /// distances.sort();
    /// assert_eq!(distances, [Some(0), Some(1)]);
    /// # drop(outer);
    /// ```
    #[must_use]
    pub fn distances(&self) -> Vec<Option<u32>> {
        let mut distances = vec![None; self.len()];
        let mut way = Vec::new();
        for object in self.objects().filter(|object| !object.is_garbage()) {
            let mut at = object;
            while let (None, Some(edge)) = (distances[at.index()], at.reached_by()) {
                way.push(at);
                at = edge.from();
            }
            let mut distance = *distances[at.index()].get_or_insert(0);
            while let Some(next) = way.pop() {
                distance += 1;
                distances[next.index()] = Some(distance);
            }
        }
        distances
    }
}

impl<'s> Object<'s> {
    /// The number of its type: where its name is in [`Snapshot::type_names`].
    #[must_use]
    pub fn type_index(self) -> usize {
        self.record().of as usize
    }

    /// The last edge of its [path](Self::why_alive): the one by which what holds it was found first. `None` for an object that is
    /// held from outside, and for garbage.
    #[must_use]
    pub fn reached_by(self) -> Option<Edge<'s>> {
        self.snapshot.reach.by(self.index).map(|index| self.snapshot.edge(index))
    }
}

impl Edge<'_> {
    /// Its number: the edges of object 0 come first, then those of object 1, and so on.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}
