//! `Gc<T>`, the strong pointer.
//!
//! # Invariants
//! - **S1** a `Gc` owns one strong count of its box, whose value is whole as long as safe code can reach the pointer:
//!   a box dies at count zero, or when it is referred to only by other dying values, which have no code that looks
//!   (T4).
//! - **S2** a value is moved out of its box only by the `Gc` itself (by value, or `&mut`), and only by the last one.
//! - **S3** a `&mut` to a value comes from the `&mut` of its only pointer, strong or weak; the box is no candidate as long
//!   as it lives, and no edge that a pass may follow leads to it.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use crate::gc_box::{self, GcBox};
use crate::generation::Generation;
use crate::heap::{Heap, drop_strong};
use crate::object::header::{Header, Life};
use crate::object::tracer::{Pass, Tracer};
use crate::pointers::allocate::NewBox;
use crate::pointers::{Allocate, Referent, Weak};
use crate::trace::Trace;

/// A counted pointer to a value on this thread's heap, like [`Rc`](std::rc::Rc); cycles of them are collected.
///
/// The value is dropped the moment the last `Gc` to it goes. Values that keep one another alive in a cycle go with a
/// collection, automatic or by [`gc::collect`](crate::gc::collect).
///
/// `T` needs no bound: only construction asks for [`Trace`], or for nothing at all ([`Gc::leaf`]). Functions that
/// could clash with a method of `T` are associated functions, called as `Gc::strong_count(&gc)`.
///
/// # Examples
/// ```
/// use gc_core::Gc;
///
/// let five = Gc::new(5);
/// let same = Gc::clone(&five);
/// assert_eq!(*five + *same, 10);
/// assert_eq!(Gc::strong_count(&five), 2);
/// ```
///
/// A `Gc` stays on its thread:
/// ```compile_fail
/// let gc = gc_core::Gc::new(5);
/// std::thread::spawn(move || *gc);
/// ```
///
#[doc = include_str!("parity.md")]
pub struct Gc<T: ?Sized> {
    boxed: NonNull<GcBox<T>>,
    owns: PhantomData<GcBox<T>>,
}

impl<T> Gc<T> {
    /// Allocates a box for `value`, collecting first if that is due.
    ///
    /// The type is [`Trace`] and, unlike with `Rc`, `'static`: a value that is part of a cycle may die as late as its
    /// thread.
    ///
    /// # Panics
    /// If a collection runs, with the panic of a finalizer, callback, destructor or hand-written `trace`; `value` is
    /// dropped then.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Option<Gc<Node>>,
    /// }
    ///
    /// let tail = Gc::new(Node { next: None });
    /// let head = Gc::new(Node { next: Some(tail) });
    /// assert!(head.next.is_some());
    /// ```
    #[inline]
    pub fn new(value: T) -> Self
    where
        Self: Allocate<T>,
        T: 'static,
    {
        // SAFETY: the value is put in below (G3).
        let NewBox(header) = unsafe { Self::allocate(Self::finalizes(&value)) };
        // SAFETY: the box was made for a `T`, and its count of 1 is ours (G3).
        unsafe { Self::fill(header, value) }
    }

    /// Allocates a box for a value whose edges are not traced: a plain counted pointer.
    ///
    /// Every `Gc` that the value owns counts as held from outside, so a cycle through it leaks, as with `Rc`. In
    /// return the type needs neither `Trace` nor `'static`, and may implement `Drop`. As the value may borrow, it is
    /// dropped at once, on the stack of whoever drops the last pointer: a chain of millions of such boxes overflows
    /// it, as with `Rc`.
    ///
    /// # Panics
    /// As [`Gc::new`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let file = Gc::leaf(std::fs::File::open("Cargo.toml"));
    /// assert!(!Gc::is_tracked(&file));
    /// ```
    #[inline]
    pub fn leaf(value: T) -> Self {
        let header = Heap::with(|heap| heap.allocate(gc_box::leaf::<T>(), gc_box::fixed::<T>()));
        // SAFETY: the box was made for a `T`, and its count of 1 is ours (G3).
        unsafe { Self::fill(header, value) }
    }

    /// Allocates a box whose value is made with a weak pointer to itself at hand.
    ///
    /// The weak pointer does not upgrade until the value is in place.
    ///
    /// # Panics
    /// If `make` panics, and as [`Gc::new`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, Trace, Weak};
    ///
    /// #[derive(Trace)]
    /// struct Gadget {
    ///     me: Weak<Gadget>,
    /// }
    ///
    /// let gadget = Gc::new_cyclic(|me| Gadget { me: me.clone() });
    /// assert!(Gc::ptr_eq(&gadget, &gadget.me.upgrade().unwrap()));
    /// ```
    pub fn new_cyclic<F>(make: F) -> Self
    where
        F: FnOnce(&Weak<T>) -> T,
        Self: Allocate<T>,
        T: 'static,
    {
        /// Gives the box up if no value came.
        struct Unfilled(NonNull<Header>);
        impl Drop for Unfilled {
            fn drop(&mut self) {
                // SAFETY: the box has no value, and no strong pointer was made (G3, U1).
                Heap::with(|heap| unsafe { heap.bury(self.0) });
            }
        }

        // SAFETY: the value is put in below, or `Unfilled` gives the box up (G3).
        let NewBox(boxed) = unsafe { Self::allocate(false) };
        let unfilled = Unfilled(boxed);
        // SAFETY: the box was just allocated, and `weak` below keeps its memory (H3).
        let header = unsafe { boxed.as_ref() };
        let noisy = header.is_noisy();
        header.die();
        header.retain_weak();
        // SAFETY: the count was added above (H3).
        let weak = unsafe { Weak::from_box(boxed.cast::<GcBox<T>>()) };
        let value = make(&weak);
        std::mem::forget(unfilled);
        // From here on the box is as any new one, and its count of 1 is ours.
        header.hold(Life::Live);
        header.set_noisy(noisy);
        if Self::finalizes(&value) {
            header.await_finalizer();
        }
        // SAFETY: the box was made for a `T`, and the count is the one of the line above (G3).
        unsafe { Self::fill(boxed, value) }
    }

    /// # Safety
    /// `header` is that of a box made for a `T`, without a value, whose strong count is the caller's.
    #[inline]
    unsafe fn fill(header: NonNull<Header>, value: T) -> Self {
        let boxed = header.cast::<GcBox<T>>();
        // SAFETY: the box is allocated (G3).
        let place = unsafe { GcBox::value(boxed) };
        // SAFETY: it was made for a `T`, and nobody else looks at the value (G2).
        unsafe { place.write(value) };
        // SAFETY: the caller's promise.
        unsafe { Self::from_box(boxed) }
    }

    /// The value, if this is the only strong pointer; otherwise the pointer back.
    ///
    /// Weak pointers to the value do not upgrade any more, and their callbacks run. The value's finalizer does not:
    /// it goes on living.
    ///
    /// # Errors
    /// The pointer itself, if others exist, or if the value is unreachable garbage whose finalizers are running.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let text = Gc::new(String::from("x"));
    /// assert_eq!(Gc::try_unwrap(text), Ok(String::from("x")));
    /// ```
    pub fn try_unwrap(this: Self) -> Result<T, Self> {
        if !this.is_only_strong() {
            return Err(this);
        }
        // SAFETY: this is the only pointer to the value, and the box is given up (S2, U1).
        let value = unsafe { Self::as_ptr(&this).read() };
        this.abandon();
        Ok(value)
    }

    /// The value, if this was the only strong pointer; otherwise this pointer is dropped.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// let other = one.clone();
    /// assert_eq!(Gc::into_inner(one), None);
    /// assert_eq!(Gc::into_inner(other), Some(1));
    /// ```
    pub fn into_inner(this: Self) -> Option<T> {
        Self::try_unwrap(this).ok()
    }
}

impl<T: ?Sized> Gc<T> {
    /// # Safety
    /// `boxed` has a whole value, and one of its strong counts is the caller's.
    #[inline]
    pub(crate) unsafe fn from_box(boxed: NonNull<GcBox<T>>) -> Self {
        Self { boxed, owns: PhantomData }
    }

    #[inline]
    pub(crate) fn as_box(&self) -> NonNull<GcBox<T>> {
        self.boxed
    }

    /// Whether no other strong pointer exists, and no collection holds the box.
    pub(super) fn is_only_strong(&self) -> bool {
        self.header().is_changeable()
    }

    /// Whether the box has a size that its type gives, though `T` may have none.
    pub(super) fn has_fixed_layout(&self) -> bool {
        self.header().vtable().layout.size() > 0
    }

    /// Gives the box up, whose value was moved out by the only strong pointer. Weak pointers do not upgrade any more, and
    /// their callbacks run.
    pub(super) fn abandon(self) {
        let this = ManuallyDrop::new(self);
        // SAFETY: the value was moved out, and this was the only strong pointer (S2).
        Heap::with(|heap| unsafe { heap.abandon(this.boxed.cast()) });
    }

    #[inline]
    fn header(&self) -> &Header {
        // SAFETY: our count keeps the box allocated, which starts with its header (S1, G1).
        unsafe { self.boxed.cast::<Header>().as_ref() }
    }

    /// A weak pointer to the same value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let gc = Gc::new(1);
    /// let weak = Gc::downgrade(&gc);
    /// assert!(weak.upgrade().is_some());
    /// drop(gc);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "this returns a new `Weak` pointer, without modifying the original `Gc`"]
    #[inline]
    pub fn downgrade(this: &Self) -> Weak<T> {
        this.header().retain_weak();
        // SAFETY: the count was added above (H3).
        unsafe { Weak::from_box(this.boxed) }
    }

    /// A weak pointer that calls back once, when the value dies: after its finalizer, when no weak pointer to it
    /// upgrades any more, before it is dropped.
    ///
    /// The callback is not called if the weak pointer is dropped before the value dies, nor if the weak pointer is itself part of the
    /// garbage that dies with the value, as far as [`Trace`] shows it (what a [`Leaf`](crate::Leaf) or an `Rc` owns is not
    /// seen). Callbacks for one value run newest first. A clone of the weak pointer has no
    /// callback. What the callback captures counts as held from outside.
    ///
    /// # Examples
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use gc_core::Gc;
    ///
    /// let died = Rc::new(Cell::new(false));
    /// let gc = Gc::new(1);
    /// let flag = died.clone();
    /// let weak = Gc::downgrade_with(&gc, move || flag.set(true));
    /// drop(gc);
    /// assert!(died.get());
    /// # drop(weak);
    /// ```
    #[must_use = "the callback is not called once this `Weak` is dropped"]
    pub fn downgrade_with(this: &Self, callback: impl FnOnce() + 'static) -> Weak<T> {
        Weak::with_callback(Self::downgrade(this), Box::new(callback))
    }

    /// Whether both point to the same box. Metadata of unsized values is not compared.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// assert!(Gc::ptr_eq(&one, &one.clone()));
    /// assert!(!Gc::ptr_eq(&one, &Gc::new(1)));
    /// ```
    #[must_use]
    #[inline]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        ptr::addr_eq(this.boxed.as_ptr(), other.boxed.as_ptr())
    }

    /// How many `Gc`s point to the value. The count saturates near 2^31, and the value is never freed then.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// let _other = one.clone();
    /// assert_eq!(Gc::strong_count(&one), 2);
    /// ```
    #[must_use]
    #[inline]
    pub fn strong_count(this: &Self) -> usize {
        strong_count(this.header())
    }

    /// How many `Weak`s point to the value.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// let _weak = Gc::downgrade(&one);
    /// assert_eq!(Gc::weak_count(&one), 1);
    /// ```
    #[must_use]
    #[inline]
    pub fn weak_count(this: &Self) -> usize {
        this.header().weak() as usize - 1
    }

    /// A mutable reference to the value, if no other pointer to it, strong or weak, exists.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut one = Gc::new(1);
    /// *Gc::get_mut(&mut one).unwrap() += 1;
    /// assert_eq!(*one, 2);
    /// ```
    #[inline]
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        let header = this.header();
        if !header.is_changeable() || header.weak() != 1 {
            return None;
        }
        // No pass starts from a box that is no candidate, and no edge leads to this one but `this`, which the caller
        // borrows mutably: no pass reads the value behind the reference.
        Heap::with(|heap| heap.clear_suspicion(header));
        #[cfg(gc_verify)]
        crate::verify::borrowed_mutably(this.boxed.cast());
        #[cfg(feature = "inspect")]
        header.set_exclusive(true);
        // SAFETY: the box is allocated (S1).
        let value = unsafe { GcBox::value(this.boxed) };
        // SAFETY: `this` is the only pointer to the value, and mutably borrowed as long as the reference (S3).
        Some(unsafe { &mut *value })
    }

    /// A raw pointer to the value, valid as long as a `Gc` to it exists.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// assert_eq!(Gc::as_ptr(&one), &raw const *one);
    /// ```
    #[must_use]
    #[inline]
    pub fn as_ptr(this: &Self) -> *const T {
        // SAFETY: the box is allocated (S1).
        unsafe { GcBox::value(this.boxed) }
    }

    /// Whether collections consider the box: its type can own a `Gc`, and it was not made by [`Gc::leaf`].
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// assert!(!Gc::is_tracked(&Gc::new(1)));
    /// assert!(Gc::is_tracked(&Gc::new(Some(Gc::new(1)))));
    /// ```
    #[must_use]
    pub fn is_tracked(this: &Self) -> bool {
        this.header().vtable().tracked
    }

    /// The box's age class.
    ///
    /// # Examples
    /// ```
    /// use gc_core::{Gc, gc, gc::Generation};
    ///
    /// let one = Gc::new(Some(Gc::new(1)));
    /// assert_eq!(Gc::generation(&one), Generation::Young);
    /// gc::collect();
    /// assert_eq!(Gc::generation(&one), Generation::Old);
    /// ```
    #[must_use]
    pub fn generation(this: &Self) -> Generation {
        Heap::with(|heap| heap.generation_of(this.header()))
    }

    /// Whether the value's finalizer has run: the value was resurrected, or is about to die.
    ///
    /// Always `false` for a type without a finalizer.
    #[must_use]
    pub fn is_finalized(this: &Self) -> bool {
        let header = this.header();
        // SAFETY: the table is the box's own (V1), and its value is whole (S1).
        !header.awaits_finalizer() && unsafe { (header.vtable().has_finalizer)(this.boxed.cast()) }
    }

    /// What the value's traced edges lead to, one entry for each edge.
    ///
    /// # Panics
    /// If a hand-written `trace` does.
    ///
    /// # Examples
    /// ```
    /// use gc_core::Gc;
    ///
    /// let text = Gc::new(String::from("x"));
    /// let pair = Gc::new((text.clone(), text.clone()));
    /// let referents = Gc::referents(&pair);
    /// assert_eq!(referents.len(), 2);
    /// assert!(referents[0].is(&text));
    /// ```
    #[must_use]
    pub fn referents(this: &Self) -> Vec<Referent> {
        let mut edges = Vec::new();
        let mut tracer = Tracer::new(Pass::List(&mut edges));
        // SAFETY: the table is the box's own (V1), and its value is whole (S1).
        unsafe { (this.header().vtable().trace)(this.boxed.cast(), &mut tracer) };
        // SAFETY: the value's own edges keep their targets allocated, and nothing has run since the call (T1, T3).
        edges.into_iter().map(|target| unsafe { Referent::new(target) }).collect()
    }
}

/// The count as users know it: without the one that a collection owns while finalizers run.
pub(super) fn strong_count(header: &Header) -> usize {
    let own = usize::from(header.life() == Life::Unreachable);
    header.strong() as usize - own
}

impl<T: ?Sized> Deref for Gc<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the value is whole (S1), and mutably borrowed only through `get_mut`, which asks for `&mut self`.
        unsafe { &*Self::as_ptr(self) }
    }
}

impl<T: ?Sized> Clone for Gc<T> {
    /// Another pointer to the same value.
    #[inline]
    fn clone(&self) -> Self {
        self.header().retain_strong();
        // SAFETY: the count was added above, and the value is whole (S1).
        unsafe { Self::from_box(self.boxed) }
    }
}

impl<T: ?Sized> Drop for Gc<T> {
    /// Drops the value with the last pointer to it; otherwise the value becomes a candidate for collection.
    ///
    /// # Panics
    /// With the first panic of a finalizer, a callback or a destructor.
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the count is ours (S1).
        unsafe { drop_strong(self.boxed.cast()) };
    }
}

// SAFETY: the pointer itself is reported, once; it owns its count (T1), and its `Drop` is the release of that count,
// which the collector accounts for.
unsafe impl<T: ?Sized> Trace for Gc<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.edge(self.boxed.cast());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gc;
    use crate::object::strong::StrongCount;

    /// As if all these clones had been made and forgotten.
    fn set_strong_count<T>(this: &Gc<T>, count: u32) {
        this.header().pretend_strong(count);
    }

    #[test]
    fn a_count_that_overflows_leaks_the_value_and_frees_nothing() {
        let held = Gc::new(Some(Gc::new(1)));
        set_strong_count(&held, StrongCount::MAX_NOISY);
        let one_more = held.clone();
        let weak = Gc::downgrade(&one_more);
        for _ in 0..10 {
            drop(held.clone());
        }
        let count = Gc::strong_count(&held);
        drop((held, one_more));
        assert_eq!((gc::collect(), gc::stats().live_objects), (0, 2));
        let upgraded = weak.upgrade().expect("immortal");
        assert_eq!(Gc::strong_count(&upgraded), count);
        // Undone, so that nothing leaks from the test.
        set_strong_count(&upgraded, 1);
        drop(upgraded);
        assert_eq!(gc::stats().live_objects, 0);
    }

    #[test]
    fn an_immortal_member_keeps_its_ring() {
        struct Node(std::cell::RefCell<Option<Gc<Node>>>);
        // SAFETY: the only field is reported, once (T1 to T4).
        unsafe impl Trace for Node {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.0.trace(tracer);
            }
        }
        let one = Gc::new(Node(None.into()));
        *one.0.borrow_mut() = Some(Gc::new(Node(Some(one.clone()).into())));
        let weak = Gc::downgrade(&one);
        set_strong_count(&one, i32::MAX as u32);
        drop(one);
        assert_eq!(gc::collect(), 0);
        let one = weak.upgrade().expect("immortal");
        set_strong_count(&one, 2);
        drop(one);
        assert_eq!(gc::collect(), 2);
    }

    #[test]
    fn a_box_that_its_finalizer_makes_immortal_lives_on_with_what_it_leads_to() {
        struct Node {
            next: std::cell::RefCell<Option<Gc<Node>>>,
            finalizes: bool,
        }
        // SAFETY: the only field with edges is reported, once (T1 to T4).
        unsafe impl Trace for Node {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.next.trace(tracer);
            }
            fn has_finalizer(&self) -> bool {
                self.finalizes
            }
            fn run_finalizer(&self) {
                let other = self.next.borrow().clone().expect("a ring");
                let me = other.next.borrow().clone().expect("a ring of two");
                set_strong_count(&me, 1 << 31);
                drop(me.clone());
            }
        }
        let one = Gc::new(Node { next: None.into(), finalizes: true });
        *one.next.borrow_mut() = Some(Gc::new(Node { next: Some(one.clone()).into(), finalizes: false }));
        let weak = Gc::downgrade(&one);
        drop(one);
        assert_eq!((gc::collect(), gc::stats().live_objects), (0, 2));
        let one = weak.upgrade().expect("immortal");
        assert!(Gc::is_finalized(&one));
        set_strong_count(&one, 2);
        drop(one);
        assert_eq!(gc::collect(), 2);
    }
}
