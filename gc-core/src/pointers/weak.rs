//! `Weak<T>`, the pointer that keeps nothing alive.
//!
//! # Invariants
//! - **W1** an even address is that of a box, of which the `Weak` owns one weak count. An odd one belongs to no box:
//!   all ones for a pointer to nothing, otherwise one more than the address of the observer that the `Weak` owns,
//!   through which it owns a weak count of the observer's target. Metadata and provenance are the target's in both
//!   cases.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZero;
use std::ptr::{self, NonNull};

use crate::gc_box::GcBox;
use crate::heap::{Heap, drop_weak};
use crate::object::header::{Header, Life};
use crate::object::observer::Observer;
use crate::object::tracer::Tracer;
use crate::pointers::Gc;
use crate::pointers::gc::strong_count;
use crate::trace::Trace;
use crate::watchers::Callback;

/// A pointer to a value on this thread's heap that does not keep it alive, like [`rc::Weak`](std::rc::Weak).
///
/// It upgrades as long as the value lives, which includes the time its finalizer runs: a child that looks for its
/// parent finds it or finds nothing, never something half dead.
///
/// # Examples
/// ```
/// use std::cell::RefCell;
/// use gc_core::{Gc, Trace, Weak};
///
/// #[derive(Trace)]
/// struct Node {
///     parent: RefCell<Weak<Node>>,
///     children: RefCell<Vec<Gc<Node>>>,
/// }
///
/// let leaf = Gc::new(Node { parent: RefCell::default(), children: RefCell::default() });
/// let branch = Gc::new(Node { parent: RefCell::default(), children: RefCell::new(vec![leaf.clone()]) });
/// *leaf.parent.borrow_mut() = Gc::downgrade(&branch);
///
/// assert!(leaf.parent.borrow().upgrade().is_some());
/// drop(branch);
/// assert!(leaf.parent.borrow().upgrade().is_none());
/// ```
pub struct Weak<T: ?Sized> {
    /// See W1.
    tagged: NonNull<GcBox<T>>,
    owns: PhantomData<GcBox<T>>,
}

impl<T> Weak<T> {
    /// A pointer to nothing: it never upgrades.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Weak;
    ///
    /// static NOTHING: fn() -> Weak<i32> = || const { Weak::new() };
    /// assert!(NOTHING().upgrade().is_none());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { tagged: NonNull::without_provenance(NonZero::<usize>::MAX), owns: PhantomData }
    }
}

impl<T: ?Sized> Weak<T> {
    /// The address of no box: nothing to upgrade to.
    pub(super) const NOWHERE: usize = usize::MAX;

    /// # Safety
    /// One weak count of `boxed` is the caller's.
    #[inline]
    pub(super) unsafe fn from_box(boxed: NonNull<GcBox<T>>) -> Self {
        Self { tagged: boxed, owns: PhantomData }
    }

    /// The pointer as it is, whatever it means (W1).
    pub(super) fn tagged(&self) -> NonNull<GcBox<T>> {
        self.tagged
    }

    /// `plain`, now with a callback.
    pub(super) fn with_callback(plain: Self, callback: Callback) -> Self {
        let target = plain.tagged.cast::<Header>();
        let observer =
            Box::new(Observer { target, callback: Some(callback).into(), newer: None.into(), older: None.into() });
        let observer = NonNull::from_mut(Box::leak(observer));
        // SAFETY: just allocated, and removed in `drop` before it is freed (O1, O2).
        Heap::with(|heap| unsafe { heap.watchers.insert(observer) });
        let address = observer.as_ptr().expose_provenance() + 1;
        let tagged = with_address(plain.tagged, address);
        std::mem::forget(plain);
        Self { tagged, owns: PhantomData }
    }

    /// The observer that this pointer owns.
    fn observer(&self) -> Option<NonNull<Observer>> {
        let address = self.tagged.as_ptr().addr();
        if address & 1 == 0 || address == Self::NOWHERE {
            return None;
        }
        NonNull::new(ptr::with_exposed_provenance_mut(address - 1))
    }

    /// The box, unless this points to nothing. Its value may be gone.
    #[inline]
    pub(super) fn target(&self) -> Option<NonNull<GcBox<T>>> {
        if self.is_plain() { Some(self.tagged) } else { self.observed_target() }
    }

    /// Whether it points to a box, without a callback.
    #[inline]
    fn is_plain(&self) -> bool {
        self.tagged.as_ptr().addr() & 1 == 0
    }

    /// The header of the box, unless this points to nothing. Its value may be gone.
    pub(crate) fn header_address(&self) -> Option<NonNull<Header>> {
        self.target().map(NonNull::cast)
    }

    #[cold]
    fn observed_target(&self) -> Option<NonNull<GcBox<T>>> {
        let observer = self.observer()?;
        // SAFETY: our observer is allocated (W1, O1).
        let target = unsafe { observer.as_ref() }.target;
        Some(with_address(self.tagged, target.as_ptr().addr()))
    }

    #[inline]
    fn header(&self) -> Option<&Header> {
        // SAFETY: our weak count keeps the memory of the box (W1, H3).
        self.target().map(|boxed| unsafe { boxed.cast::<Header>().as_ref() })
    }

    /// The strong pointer, if the value is alive.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let gc = Gc::new(5);
    /// let weak: Weak<i32> = Gc::downgrade(&gc);
    /// assert_eq!(*weak.upgrade().unwrap(), 5);
    /// drop(gc);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "this returns a new `Gc`, without modifying the original weak pointer"]
    #[inline]
    pub fn upgrade(&self) -> Option<Gc<T>> {
        let boxed = self.target()?;
        // SAFETY: our weak count keeps the memory of the box (W1, H3).
        let header = unsafe { boxed.cast::<Header>().as_ref() };
        if header.life() == Life::Dead {
            return None;
        }
        header.retain_strong();
        // SAFETY: the count was added above; the value of a box that is not dead is whole (H6).
        Some(unsafe { Gc::from_box(boxed) })
    }

    /// How many `Gc`s point to the value; 0 once it is dead.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let gc = Gc::new(5);
    /// assert_eq!(Gc::downgrade(&gc).strong_count(), 1);
    /// assert_eq!(Weak::<i32>::new().strong_count(), 0);
    /// ```
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.live_header().map_or(0, strong_count)
    }

    /// How many `Weak`s point to the value; 0 once it is dead.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(5);
    /// let weak = Gc::downgrade(&gc);
    /// assert_eq!(weak.weak_count(), 1);
    /// drop(gc);
    /// assert_eq!(weak.weak_count(), 0);
    /// ```
    #[must_use]
    pub fn weak_count(&self) -> usize {
        self.live_header().map_or(0, |header| header.weak() as usize - 1)
    }

    fn live_header(&self) -> Option<&Header> {
        self.header().filter(|header| header.life() != Life::Dead)
    }

    /// Whether both point to the same box, dead or alive, or both to nothing.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let gc = Gc::new(5);
    /// assert!(Gc::downgrade(&gc).ptr_eq(&Gc::downgrade(&gc)));
    /// assert!(!Gc::downgrade(&gc).ptr_eq(&Weak::new()));
    /// ```
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        let address = |weak: &Self| weak.target().map(NonNull::cast::<Header>);
        address(self) == address(other)
    }
}

/// `boxed` with another address, but its metadata and provenance.
fn with_address<T: ?Sized>(boxed: NonNull<GcBox<T>>, address: usize) -> NonNull<GcBox<T>> {
    let offset = address.wrapping_sub(boxed.as_ptr().addr());
    let moved = boxed.as_ptr().wrapping_byte_add(offset);
    // SAFETY: the addresses of boxes and observers are not zero (W1).
    unsafe { NonNull::new_unchecked(moved) }
}

impl<T: ?Sized> Clone for Weak<T> {
    /// Another weak pointer to the same value, without the callback if there is one.
    #[inline]
    fn clone(&self) -> Self {
        let Some(boxed) = self.target() else { return Self { tagged: self.tagged, owns: PhantomData } };
        // SAFETY: our weak count keeps the memory of the box (W1, H3).
        unsafe { boxed.cast::<Header>().as_ref() }.retain_weak();
        // SAFETY: the count was added above (W1).
        unsafe { Self::from_box(boxed) }
    }
}

impl<T: ?Sized> Drop for Weak<T> {
    /// Drops the callback, uncalled, if there is one.
    #[inline]
    fn drop(&mut self) {
        if self.is_plain() {
            // SAFETY: the count is ours (W1).
            unsafe { drop_weak(self.tagged.cast()) };
        } else {
            drop_observed(self.observed_target().map(NonNull::cast), self.observer());
        }
    }
}

/// Drops what a `Weak` that is not plain owns: nothing, or an observer and a count of its target.
#[cold]
#[inline(never)]
fn drop_observed(target: Option<NonNull<Header>>, observer: Option<NonNull<Observer>>) {
    // Dropped last: what the callback captured may panic.
    let _callback = observer.map(take_observer);
    if let Some(target) = target {
        // SAFETY: the count was the pointer's (W1).
        unsafe { drop_weak(target) };
    }
}

/// Takes an observer from the `Weak` that owned it, and out of its target's list.
#[cold]
fn take_observer(observer: NonNull<Observer>) -> Box<Observer> {
    // SAFETY: the `Weak` that owns it is being dropped, so it is allocated (O1).
    Heap::with(|heap| unsafe { heap.watchers.remove(observer) });
    // SAFETY: it came from a `Box`, is in no list, and nobody else knows it (O1).
    unsafe { Box::from_raw(observer.as_ptr()) }
}

impl<T> Default for Weak<T> {
    /// As [`Weak::new`].
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}

// SAFETY: no edge is reported: a `Weak` owns no value (T1 to T4).
unsafe impl<T: ?Sized> Trace for Weak<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(observer) = self.observer() {
            tracer.observer(observer);
        }
        #[cfg(feature = "inspect")]
        if tracer.describes()
            && let Some(target) = self.header_address()
        {
            tracer.weak_edge(target);
        }
    }

    #[inline]
    fn has_edges() -> bool {
        false
    }
}
