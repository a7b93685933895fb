//! What was made since a moment, and is still there: a test's way to say that nothing leaks.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use super::names::{Short, Visible};
use super::object::Object;
use super::path::Path;
use super::snapshot::Snapshot;
use crate::heap::Heap;
use crate::object::header::Epoch;

/// Knows what was alive on this thread's heap when it was made, so that what came since and stays can be found.
///
/// It is a moment and no more: it holds nothing, and costs nothing but the look at the end. Scopes may nest and overlap.
///
/// # Examples
/// ```
/// use gc_core::Gc;
/// use gc_core::inspect::LeakScope;
///
/// let before = Gc::new(1);
/// let scope = LeakScope::new();
/// let during = Gc::new((before.clone(), 2));
/// assert_eq!(scope.survivors().len(), 1);
/// drop(during);
/// scope.assert_empty();
/// ```
///
/// What is left fails the test, with a reason for each type:
/// ```should_panic
/// use std::rc::Rc;
/// use gc_core::Gc;
/// use gc_core::inspect::LeakScope;
///
/// let scope = LeakScope::new();
/// let leaked = Rc::new(Gc::new("a value"));
/// std::mem::forget(leaked.clone());
/// drop(leaked);
/// scope.assert_empty();
/// ```
#[must_use = "a scope is of use when its survivors are asked for"]
#[derive(Debug)]
pub struct LeakScope {
    since: Epoch,
    /// It belongs to the heap of the thread that made it.
    heap: PhantomData<*const ()>,
}

impl LeakScope {
    /// A scope that begins now.
    #[expect(clippy::new_without_default, reason = "a moment is not a value like any other")]
    pub fn new() -> Self {
        Self { since: Heap::with(Heap::mark_epoch), heap: PhantomData }
    }

    /// The objects that were made since the scope began, and are alive.
    ///
    /// # Panics
    /// As [`Snapshot::capture`].
    #[must_use]
    pub fn survivors(&self) -> Survivors {
        let snapshot = Snapshot::capture();
        let is_born_since =
            |&index: &u32| Heap::with(|heap| heap.is_since(self.since, snapshot.records[index as usize].birth));
        let born = (0..snapshot.len() as u32).filter(is_born_since).collect();
        Survivors { snapshot, born }
    }

    /// Panics if objects that were made since the scope began are alive. Those who want cyclic garbage not to count call
    /// [`gc::collect`](crate::gc::collect) before.
    ///
    /// # Panics
    /// In that case, with what [`Survivors`] print; and as [`Snapshot::capture`].
    #[track_caller]
    pub fn assert_empty(&self) {
        let survivors = self.survivors();
        assert!(survivors.is_empty(), "{survivors}");
    }
}

/// What is alive of the objects that were made in a [`LeakScope`]. Prints as a list: how many of each type, and for one of each, why it
/// is alive.
pub struct Survivors {
    snapshot: Snapshot,
    born: Vec<u32>,
}

/// Why something survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// It is held by nothing that traces it.
    Outside,
    /// Something that is traced leads to it.
    Referred,
    /// Nothing leads to it from outside.
    Garbage,
}

impl Reason {
    fn of(object: Object<'_>) -> Self {
        if object.is_garbage() {
            Self::Garbage
        } else if object.outside() > 0 {
            Self::Outside
        } else {
            Self::Referred
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Outside => {
                "held by something that is not traced: a variable, a static, an `Rc`, a field with `#[trace(skip)]`, what a \
                 `Leaf` or a `Gc::leaf` owns, or a pointer that was forgotten"
            }
            Self::Referred => "held by objects that are alive",
            Self::Garbage => "garbage in cycles, which only a collection would free",
        }
    }
}

impl Survivors {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.born.len()
    }

    /// Whether nothing survives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.born.is_empty()
    }

    /// All of them.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = Object<'_>> {
        self.born.iter().map(|&index| self.snapshot.at(index))
    }

    /// The whole heap, as it was when they were asked for.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// By reason and type, in the order in which they are printed.
    fn groups(&self) -> Vec<((Reason, &'static str), Vec<Object<'_>>)> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for object in self.objects() {
            groups.entry((Reason::of(object), object.type_name())).or_default().push(object);
        }
        groups.into_iter().collect()
    }
}

impl fmt::Display for Survivors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            0 => return f.write_str("nothing that was made in this scope is alive"),
            1 => f.write_str("1 object that was made in this scope is alive")?,
            count => write!(f, "{count} objects that were made in this scope are alive")?,
        }
        let mut last = None;
        for ((reason, type_name), objects) in self.groups() {
            if last != Some(reason) {
                write!(f, "\n{}:", reason.heading())?;
            }
            last = Some(reason);
            let bytes: usize = objects.iter().map(|object| object.size()).sum();
            let name = Visible(Short(type_name));
            write!(f, "\n  {} x {name}, {bytes} bytes; ", objects.len())?;
            // A reason is that of all, if there is but one.
            f.write_str(if objects.len() > 1 { "one " } else { "" })?;
            if let Some(&example) = objects.first() {
                write_example(f, example)?;
            }
        }
        Ok(())
    }
}

/// Why one of them is alive.
fn write_example(f: &mut fmt::Formatter<'_>, example: Object<'_>) -> fmt::Result {
    let Some(path) = example.why_alive() else {
        return match example.referrers().next() {
            Some(edge) => write!(f, "in {}", Visible(Owner(edge.from(), &edge.label().to_string()))),
            None => f.write_str("in nothing: it is about to die"),
        };
    };
    match (example.outside(), example.strong()) {
        _ if !path.is_empty() => write!(f, "by {path}")?,
        (1, 1) => f.write_str("by its only strong pointer")?,
        (all, strong) if all == strong => write!(f, "by all of its {strong} strong pointers")?,
        (outside, strong) => write!(f, "by {outside} of its {strong} strong pointers")?,
    }
    write_doubt(f, &path)
}

/// An object and the way to an edge in it.
struct Owner<'a>(Object<'a>, &'a str);

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(object, label) = self;
        write!(f, "{}{}{label}", object.short_type_name(), if label.is_empty() { "" } else { "." })
    }
}

/// An object whose edges are missing may well own what seems to be held by nobody.
fn write_doubt(f: &mut fmt::Formatter<'_>, path: &Path<'_>) -> fmt::Result {
    let objects = path.edges().map(|edge| edge.to()).chain([path.start()]);
    for object in objects.filter(|object| object.is_busy()) {
        write!(f, " (not all edges of {} could be read)", Visible(object.short_type_name()))?;
    }
    let start = path.start();
    match start.snapshot.objects().find(|object| object.is_busy() && object.index() != start.index()) {
        Some(other) if !start.is_busy() => {
            write!(f, " (or by {}, not all edges of which could be read)", Visible(other.short_type_name()))
        }
        _ => Ok(()),
    }
}

impl fmt::Debug for Survivors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
