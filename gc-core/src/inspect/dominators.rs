//! Which object dies with which: the dominator tree of what is held from outside.
//!
//! "A Fast Algorithm for Finding Dominators in a Flowgraph" (Lengauer, Tarjan, 1979), the simple version, whose paths are
//! compressed without balance: O(m log n), whatever the graph. It is as if one more object held all that is held from outside.
//! Nothing recurs.

use super::object::Object;
use super::snapshot::Snapshot;

/// Number 0 is the outside; the others are objects in the order in which a depth-first search meets them, from 1.
type Number = u32;
const OUTSIDE: Number = 0;
const NOBODY: u32 = u32::MAX;

/// Which object must be alive for which.
pub(super) struct Dominators {
    /// The immediate dominator of each object, or `NOBODY`.
    above: Vec<u32>,
    retained: Vec<usize>,
    /// The objects that each dominates immediately: the first one, then the next sibling. The outside comes last.
    first_below: Vec<u32>,
    next: Vec<u32>,
}

impl Dominators {
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let (order, above) = {
            let search = Search::new(snapshot);
            let idom = Finder::new(snapshot, &search).find();
            let above = above(snapshot.len(), &search.order, &idom);
            (search.order, above)
        };
        let retained = retained(snapshot, &order, &above);
        let outside = snapshot.len();
        let mut first_below = vec![NOBODY; outside + 1];
        let mut next = vec![NOBODY; outside];
        for &object in order.iter().rev() {
            let parent = match above[object as usize] {
                NOBODY => outside,
                parent => parent as usize,
            };
            next[object as usize] = std::mem::replace(&mut first_below[parent], object);
        }
        Self { above, retained, first_below, next }
    }
}

/// The immediate dominators by object, from those by number.
fn above(objects: usize, order: &[u32], idom: &[Number]) -> Vec<u32> {
    let mut above = vec![NOBODY; objects];
    for (&object, &dominator) in order.iter().zip(&idom[1..]) {
        if let Some(before) = dominator.checked_sub(1) {
            above[object as usize] = order[before as usize];
        }
    }
    above
}

/// A dominator comes before what it dominates in the order of the search.
fn retained(snapshot: &Snapshot, order: &[u32], above: &[u32]) -> Vec<usize> {
    let mut retained: Vec<_> = snapshot.records.iter().map(|record| record.bytes).collect();
    for &object in order.iter().rev() {
        let parent = above[object as usize];
        if parent != NOBODY {
            retained[parent as usize] += retained[object as usize];
        }
    }
    retained
}

/// A depth-first search from the outside.
struct Search {
    /// The objects by their numbers, less one.
    order: Vec<u32>,
    /// The numbers of the objects, `OUTSIDE` for those that are garbage.
    numbers: Vec<Number>,
    /// By number, the number of the object from which the search came.
    parents: Vec<Number>,
}

impl Search {
    fn new(snapshot: &Snapshot) -> Self {
        let objects = snapshot.len();
        let mut search = Self {
            order: Vec::with_capacity(objects),
            numbers: vec![OUTSIDE; objects],
            parents: Vec::with_capacity(objects + 1),
        };
        search.parents.push(OUTSIDE);
        let mut path = Vec::new();
        for held in (0..objects as u32).filter(|&object| snapshot.reach.is_held(object)) {
            search.descend(snapshot, held, &mut path);
        }
        search
    }

    fn descend(&mut self, snapshot: &Snapshot, held: u32, path: &mut Vec<(Number, u32)>) {
        self.meet(snapshot, held, OUTSIDE, path);
        while let Some((number, edge)) = path.last_mut() {
            let (number, next) = (*number, *edge);
            let object = self.order[number as usize - 1];
            if next == snapshot.edges.of(object).end {
                path.pop();
                continue;
            }
            *edge += 1;
            if snapshot.reach.is_sound(&snapshot.edges, next) {
                self.meet(snapshot, snapshot.edges.targets[next as usize], number, path);
            }
        }
    }

    fn meet(&mut self, snapshot: &Snapshot, object: u32, from: Number, path: &mut Vec<(Number, u32)>) {
        if self.numbers[object as usize] == OUTSIDE {
            self.order.push(object);
            let number = self.order.len() as Number;
            self.numbers[object as usize] = number;
            self.parents.push(from);
            path.push((number, snapshot.edges.of(object).start));
        }
    }
}

/// The names are those of the paper.
struct Finder<'a> {
    snapshot: &'a Snapshot,
    search: &'a Search,
    semi: Vec<Number>,
    ancestor: Vec<Number>,
    label: Vec<Number>,
    /// Lists of those with one semidominator: the first, then the next.
    bucket: Vec<Number>,
    next: Vec<Number>,
    idom: Vec<Number>,
    /// The way up that is compressed.
    path: Vec<Number>,
}

impl<'a> Finder<'a> {
    fn new(snapshot: &'a Snapshot, search: &'a Search) -> Self {
        let count = search.parents.len() as Number;
        let numbers = || (0..count).collect::<Vec<_>>();
        let nobody = || vec![NOBODY; count as usize];
        let (semi, label) = (numbers(), numbers());
        let idom = vec![OUTSIDE; count as usize];
        Self {
            snapshot,
            search,
            semi,
            ancestor: nobody(),
            label,
            bucket: nobody(),
            next: nobody(),
            idom,
            path: Vec::new(),
        }
    }

    fn find(mut self) -> Vec<Number> {
        for w in (1..self.semi.len() as Number).rev() {
            let parent = self.search.parents[w as usize];
            self.find_semidominator(w);
            let semi = self.semi[w as usize] as usize;
            self.next[w as usize] = std::mem::replace(&mut self.bucket[semi], w);
            self.ancestor[w as usize] = parent;
            let mut v = std::mem::replace(&mut self.bucket[parent as usize], NOBODY);
            while v != NOBODY {
                let u = self.eval(v);
                self.idom[v as usize] = if self.semi[u as usize] < self.semi[v as usize] { u } else { parent };
                v = self.next[v as usize];
            }
        }
        for w in 1..self.semi.len() {
            if self.idom[w] != self.semi[w] {
                self.idom[w] = self.idom[self.idom[w] as usize];
            }
        }
        self.idom
    }

    fn find_semidominator(&mut self, w: Number) {
        let object = self.search.order[w as usize - 1];
        let Snapshot { edges, reach, .. } = self.snapshot;
        if reach.is_held(object) {
            self.semi[w as usize] = OUTSIDE;
            return;
        }
        for &edge in edges.to(object) {
            let v = self.search.numbers[edges.sources[edge as usize] as usize];
            if v != OUTSIDE && reach.is_sound(edges, edge) {
                let u = self.eval(v);
                self.semi[w as usize] = self.semi[w as usize].min(self.semi[u as usize]);
            }
        }
    }

    fn eval(&mut self, v: Number) -> Number {
        if self.ancestor[v as usize] != NOBODY {
            self.compress(v);
        }
        self.label[v as usize]
    }

    /// Afterwards the ancestor of each on the way up from `v` is the root of its tree, and its label the best on that way.
    fn compress(&mut self, v: Number) {
        let mut at = v;
        while self.ancestor[self.ancestor[at as usize] as usize] != NOBODY {
            self.path.push(at);
            at = self.ancestor[at as usize];
        }
        while let Some(at) = self.path.pop() {
            let above = self.ancestor[at as usize];
            let (best, own) = (self.label[above as usize], self.label[at as usize]);
            if self.semi[best as usize] < self.semi[own as usize] {
                self.label[at as usize] = best;
            }
            self.ancestor[at as usize] = self.ancestor[above as usize];
        }
    }
}

/// Which object must be alive for which: one *dominates* another if every way from outside to the other leads through it. Its
/// death is the other's too.
///
/// An object whose value is in a weak map counts as held by its key alone.
///
/// # Examples
/// ```
/// use gc_core::Gc;
/// use gc_core::inspect::Snapshot;
///
/// let shared = Gc::new(1);
/// let pair = Gc::new((Gc::new(Some(shared.clone())), Some(shared)));
/// let snapshot = Snapshot::capture();
/// let tree = snapshot.dominators();
/// let pair = snapshot.find(&pair).unwrap();
/// assert_eq!(tree.children(pair).count(), 2);
/// assert!(tree.children(pair).all(|below| tree.immediate_dominator(below) == Some(pair)));
/// assert_eq!(pair.retained_size(), snapshot.objects().map(|object| object.size()).sum::<usize>());
/// assert_eq!(tree.roots().collect::<Vec<_>>(), [pair]);
/// ```
#[derive(Clone, Copy)]
pub struct DominatorTree<'s> {
    pub(super) snapshot: &'s Snapshot,
    pub(super) dominators: &'s Dominators,
}

impl<'s> DominatorTree<'s> {
    /// The closest object that dominates this one. `None` for one that no other object dominates: it is held from outside, or
    /// in several ways, or it is garbage.
    #[must_use]
    pub fn immediate_dominator(self, object: Object<'s>) -> Option<Object<'s>> {
        let above = self.dominators.above[object.index()];
        (above != NOBODY).then(|| self.snapshot.at(above))
    }

    /// The objects that this one dominates immediately.
    pub fn children(self, object: Object<'s>) -> impl Iterator<Item = Object<'s>> {
        self.below(object.index())
    }

    /// The objects that no other one dominates, without the garbage.
    pub fn roots(self) -> impl Iterator<Item = Object<'s>> {
        self.below(self.snapshot.len())
    }

    fn below(self, parent: usize) -> impl Iterator<Item = Object<'s>> {
        let Dominators { first_below, next, .. } = self.dominators;
        let first = Some(first_below[parent]).filter(|&first| first != NOBODY);
        let siblings = std::iter::successors(first, |&at| Some(next[at as usize]).filter(|&next| next != NOBODY));
        siblings.map(move |index| self.snapshot.at(index))
    }

    /// See [`Object::retained_size`].
    #[must_use]
    pub fn retained_size(self, object: Object<'s>) -> usize {
        self.dominators.retained[object.index()]
    }
}

impl std::fmt::Debug for DominatorTree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DominatorTree").field("objects", &self.snapshot.len()).finish_non_exhaustive()
    }
}

impl Object<'_> {
    /// How many bytes of boxes its death would free, its own included: those of all that it [dominates](DominatorTree). For garbage,
    /// its own size.
    ///
    /// The first call for a snapshot computes those of all its objects.
    #[must_use]
    pub fn retained_size(self) -> usize {
        self.snapshot.dominators().retained_size(self)
    }
}
