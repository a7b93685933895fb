//! Names for edges: what a `trace` says on the way to one, for those who look at the heap (the feature `inspect`).
//!
//! Without the feature nothing is left of it. With it, a pass that is not asked for names pays one test for each field that has to be
//! dropped, and for each collection that may have edges or weak pointers.

use super::Trace;
#[cfg(feature = "inspect")]
use crate::object::labels::Segment;
use crate::object::tracer::Tracer;

impl Tracer<'_> {
    /// Traces `value`, whose edges are known by this name to those who look at the heap: `next`, `Pair.0`.
    ///
    /// For a `trace` written by hand; the derive names fields and variants by itself. Names go on from those around them: a
    /// vector in the field `rows` has edges `rows[0]`, `rows[1]`. Without the feature `inspect` the name is ignored. An edge that
    /// nothing names is as good as one with a name.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Trace, Tracer};
    ///
    /// struct Pair<T>(Option<Gc<T>>, Vec<Gc<T>>);
    ///
    /// // SAFETY: both fields are reported once, and there is no `Drop` (T1 to T4).
    /// unsafe impl<T> Trace for Pair<T> {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         tracer.field("first", &self.0);
    ///         tracer.field("others", &self.1);
    ///     }
    /// }
    ///
    /// let pair = Gc::new(Pair(Some(Gc::new(1)), vec![Gc::new(2)]));
    /// assert_eq!(Gc::referents(&pair).len(), 2);
    /// # #[cfg(feature = "inspect")]
    /// # {
    /// # let snapshot = gc_core::inspect::Snapshot::capture();
    /// # let labels: Vec<_> = snapshot.find(&pair).unwrap().edges().map(|edge| edge.label().to_string()).collect();
    /// # assert_eq!(labels, ["first", "others[0]"]);
    /// # }
    /// ```
    #[inline(always)]
    pub fn field<T: Trace + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.__gc_enter::<T>(name);
        value.trace(self);
        self.__gc_leave::<T>();
    }

    /// Traces `value`, the element of a collection with this number: its edges are known as `[3]`.
    ///
    /// As [`field`](Self::field), for collections written by hand.
    #[inline(always)]
    pub fn element<T: Trace + ?Sized>(&mut self, index: usize, value: &T) {
        #[cfg(feature = "inspect")]
        if may_report::<T>() && self.describes() {
            self.enter(Segment::Index(index));
        }
        let _ = index;
        value.trace(self);
        self.__gc_leave::<T>();
    }

    /// Traces all `elements` of a collection.
    #[inline(always)]
    pub(crate) fn elements<'a, T: Trace + 'a>(&mut self, elements: impl Iterator<Item = &'a T>) {
        #[cfg(feature = "inspect")]
        if self.describes() {
            return describe_all(self, elements);
        }
        elements.for_each(|element| element.trace(self));
    }

    /// Traces all `entries` of a map.
    #[inline(always)]
    pub(crate) fn entries<'a, K: Trace + 'a, V: Trace + 'a>(&mut self, entries: impl Iterator<Item = (&'a K, &'a V)>) {
        #[cfg(feature = "inspect")]
        if self.describes() {
            return describe_entries(self, entries);
        }
        entries.for_each(|(key, value)| {
            key.trace(self);
            value.trace(self);
        });
    }

    /// Traces the only part of a value that is nothing else: the name is left out where there is another.
    #[inline(always)]
    pub(crate) fn sole_part<T: Trace + ?Sized>(&mut self, name: &'static str, value: &T) {
        #[cfg(feature = "inspect")]
        if may_report::<T>() && self.describes() {
            self.enter_sole(name);
        }
        let _ = name;
        value.trace(self);
        self.__gc_leave::<T>();
    }

    // For the derive as well. There is one call of `trace` between the two, which is inlined as if there were no names.

    /// What follows is a `T`, in the field of this name, until [`__gc_leave`](Self::__gc_leave).
    #[doc(hidden)]
    #[inline(always)]
    pub fn __gc_enter<T: ?Sized>(&mut self, name: &'static str) {
        #[cfg(feature = "inspect")]
        if may_report::<T>() && self.describes() {
            self.enter(Segment::Name(name));
        }
        let _ = name;
    }

    /// The end of a `T`.
    #[doc(hidden)]
    #[inline(always)]
    pub fn __gc_leave<T: ?Sized>(&mut self) {
        #[cfg(feature = "inspect")]
        if may_report::<T>() && self.describes() {
            self.leave();
        }
    }
}

/// Whether a `T` may own a `Gc` or a `Weak`: one that does has to be dropped.
#[cfg(feature = "inspect")]
#[inline(always)]
const fn may_report<T: ?Sized>() -> bool {
    std::mem::needs_drop::<T>()
}

#[cfg(feature = "inspect")]
#[cold]
#[inline(never)]
fn describe_all<'a, T: Trace + 'a>(tracer: &mut Tracer<'_>, elements: impl Iterator<Item = &'a T>) {
    for (index, element) in elements.enumerate() {
        tracer.element(index, element);
    }
}

#[cfg(feature = "inspect")]
#[cold]
#[inline(never)]
fn describe_entries<'a, K: Trace + 'a, V: Trace + 'a>(
    tracer: &mut Tracer<'_>,
    entries: impl Iterator<Item = (&'a K, &'a V)>,
) {
    for (index, (key, value)) in entries.enumerate() {
        tracer.enter(Segment::Index(index));
        tracer.field("key", key);
        value.trace(tracer);
        tracer.leave();
    }
}
