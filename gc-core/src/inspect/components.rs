//! Objects that lead to one another: strongly connected components.
//!
//! "Depth-First Search and Linear Graph Algorithms" (Tarjan, 1972), with a path instead of recursion.

use super::object::Object;
use super::snapshot::Snapshot;
use crate::object::describer::EdgeKind;

const UNMET: u32 = u32::MAX;

/// The strongly connected components of a snapshot: largest sets of objects each of which leads to all others. Weak edges are not
/// followed.
pub struct Components<'s> {
    snapshot: &'s Snapshot,
    /// The objects, component by component.
    members: Vec<u32>,
    /// Where each component begins, and the end.
    starts: Vec<u32>,
    of: Vec<u32>,
}

/// One strongly connected component.
#[derive(Clone, Copy)]
pub struct Component<'s, 'c> {
    snapshot: &'s Snapshot,
    members: &'c [u32],
}

impl Snapshot {
    /// The strongly connected components: cycles, and objects by themselves.
    ///
    /// # Examples
    /// ```
    /// use std::cell::RefCell;
    /// use gc_core::inspect::Snapshot;
    /// use gc_core::{Gc, Trace};
    ///
    /// #[derive(Trace, Default)]
    /// struct Node {
    ///     next: RefCell<Option<Gc<Node>>>,
    /// }
    ///
    /// let (one, two, three) = (Gc::<Node>::default(), Gc::<Node>::default(), Gc::<Node>::default());
    /// *one.next.borrow_mut() = Some(two.clone());
    /// *two.next.borrow_mut() = Some(one.clone());
    /// *three.next.borrow_mut() = Some(one);
    /// let snapshot = Snapshot::capture();
    /// let components = snapshot.components();
    /// assert_eq!(components.len(), 2);
    /// assert_eq!(components.cycles().map(|cycle| cycle.len()).collect::<Vec<_>>(), [2]);
    /// ```
    #[must_use]
    pub fn components(&self) -> Components<'_> {
        Finder::new(self).find()
    }
}

impl<'s> Components<'s> {
    /// How many components there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether the snapshot has no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All components. One that leads to another comes after it.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Component<'s, '_>> {
        (0..self.len()).map(|number| self.component(number))
    }

    /// The components that are cycles.
    pub fn cycles(&self) -> impl Iterator<Item = Component<'s, '_>> {
        self.iter().filter(|component| component.is_cycle())
    }

    /// The component of an object of the same snapshot.
    #[must_use]
    pub fn of(&self, object: Object<'s>) -> Component<'s, '_> {
        self.component(self.of[object.index()] as usize)
    }

    fn component(&self, number: usize) -> Component<'s, '_> {
        let members = &self.members[self.starts[number] as usize..self.starts[number + 1] as usize];
        Component { snapshot: self.snapshot, members }
    }
}

impl std::fmt::Debug for Components<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Components").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<'s, 'c> Component<'s, 'c> {
    /// How many objects it has: at least one.
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    #[must_use]
    pub fn len(self) -> usize {
        self.members.len()
    }

    /// Its objects, by their numbers.
    pub fn objects(self) -> impl ExactSizeIterator<Item = Object<'s>> + use<'s, 'c> {
        self.members.iter().map(move |&index| self.snapshot.at(index))
    }

    /// Whether its objects refer to one another, or the only one to itself.
    #[must_use]
    pub fn is_cycle(self) -> bool {
        let Some(first) = self.objects().next() else { return false };
        self.len() > 1 || first.edges().any(|edge| edge.kind() != EdgeKind::Weak && edge.to() == first)
    }
}

impl std::fmt::Debug for Component<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.objects()).finish()
    }
}

struct Finder<'s> {
    snapshot: &'s Snapshot,
    /// The order in which objects are met.
    met: Vec<u32>,
    /// The earliest object, of those whose component is not known, that is known to be reached.
    low: Vec<u32>,
    /// Met, and of no component yet.
    open: Vec<u32>,
    path: Vec<(u32, u32)>,
    count: u32,
    found: Components<'s>,
}

impl<'s> Finder<'s> {
    fn new(snapshot: &'s Snapshot) -> Self {
        let unmet = || vec![UNMET; snapshot.len()];
        let members = Vec::with_capacity(snapshot.len());
        let found = Components { snapshot, members, starts: vec![0], of: unmet() };
        Self { snapshot, met: unmet(), low: unmet(), open: Vec::new(), path: Vec::new(), count: 0, found }
    }

    fn find(mut self) -> Components<'s> {
        for start in 0..self.snapshot.len() as u32 {
            if self.met[start as usize] == UNMET {
                self.meet(start);
                self.follow_path();
            }
        }
        self.found
    }

    fn meet(&mut self, object: u32) {
        self.met[object as usize] = self.count;
        self.low[object as usize] = self.count;
        self.count += 1;
        self.open.push(object);
        self.path.push((object, self.snapshot.edges.of(object).start));
    }

    fn follow_path(&mut self) {
        let edges = &self.snapshot.edges;
        while let Some((object, edge)) = self.path.last_mut() {
            let (object, next) = (*object, *edge);
            if next == edges.of(object).end {
                self.path.pop();
                self.leave(object);
                continue;
            }
            *edge += 1;
            let target = edges.targets[next as usize];
            if edges.kind(next) == EdgeKind::Weak {
            } else if self.met[target as usize] == UNMET {
                self.meet(target);
            } else if self.found.of[target as usize] == UNMET {
                self.low[object as usize] = self.low[object as usize].min(self.met[target as usize]);
            }
        }
    }

    /// All that `object` leads to is known.
    fn leave(&mut self, object: u32) {
        let low = self.low[object as usize];
        if let Some(&(from, _)) = self.path.last() {
            self.low[from as usize] = self.low[from as usize].min(low);
        }
        if low < self.met[object as usize] {
            return;
        }
        let Components { members, starts, of, .. } = &mut self.found;
        let start = members.len();
        while let Some(member) = self.open.pop() {
            of[member as usize] = starts.len() as u32 - 1;
            members.push(member);
            if member == object {
                break;
            }
        }
        members[start..].sort_unstable();
        starts.push(members.len() as u32);
    }
}
