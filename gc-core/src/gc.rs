//! The controls of this thread's collector, after CPython's `gc` module.
//!
//! # Examples
//! ```
//! use std::cell::RefCell;
//! use gc_core::{Gc, Trace, gc};
//!
//! #[derive(Trace)]
//! struct Node {
//!     next: RefCell<Option<Gc<Node>>>,
//! }
//!
//! let node = Gc::new(Node { next: RefCell::new(None) });
//! *node.next.borrow_mut() = Some(node.clone());
//! drop(node);
//! assert_eq!(gc::stats().live_objects, 1);
//! assert_eq!(gc::collect(), 1);
//! assert_eq!(gc::stats().live_objects, 0);
//! ```
//!
//! # When collections come
//! By themselves only while a box is allocated ([`Gc::new`](crate::Gc::new) and its kin), never inside a finalizer, `trace`,
//! callback, hook or destructor that the heap runs for a box. A young collection comes when more tracked boxes have been made than freed since the last one, by
//! more than the young threshold; after a threshold's number of younger collections it is one of the next older generation. A
//! full collection also waits until a quarter of the old boxes are new to it.
//!
//! Old garbage is found without help: as long as any box is suspected, a full collection begins after at most
//! `max(100,000, o, w / 32) + 701` allocations of boxes of any kind since the last one, where `o` is the number of tracked boxes
//! that survived that, and `w` the work that automatic full collections have done at once: boxes, edges and elements of
//! collections that they looked at (701 is the default young threshold and one). While automatic full collections find next to
//! nothing, that becomes twice and then four times as many allocations, until one finds something, or is asked for. So the memory
//! of a dropped document of 100,000 boxes is under way after 100,701 allocations at most, whatever they are of, where no more than
//! that is old beside it.
//!
//! A full collection of more than 50,000 tracked boxes is done in slices, between which the program goes on: each looks at 2,000
//! boxes, edges and elements, one or two tenths of a millisecond. So a live heap of millions of boxes makes no long pause. What is garbage when the collection begins
//! is reclaimed before it ends, a group of connected boxes after the other.
//!
//! All automatic work is linear in allocations: one pays for 32 boxes, edges or elements, and no collection or slice comes before
//! what the last ones did is paid for. It does not matter how large the live heap is, how often its handles are cloned and dropped,
//! or how many edges a single value has. Pauses are bounded besides: see [`set_budget`].
//!
#![doc = include_str!("cpython.md")]

pub use crate::debug::DebugFlags;
pub use crate::generation::Generation;
pub use crate::heap::HookGuard;
use crate::heap::{Heap, Paused};
use crate::pointers::Referent;
pub use crate::policy::Thresholds;
pub use crate::report::{CollectEvent, Collection, GenerationStats, Stats};

/// Collects all generations; returns how many boxes were reclaimed.
///
/// Called from inside a collection (by a finalizer, a callback, a hook, a destructor of garbage) it does nothing and
/// returns 0. It works while automatic collections are disabled or paused.
///
/// # Panics
/// With the first panic of a finalizer, a callback, a hook, a destructor or a hand-written `trace`, after everything else
/// that was garbage has been reclaimed; and if a hand-written `trace` is found to break its contract, in which case
/// nothing was freed.
pub fn collect() -> usize {
    collect_generation(Generation::Old).collected
}

/// Collects `generation` and the younger ones; survivors become a generation older.
///
/// Called from inside a collection it does nothing and returns an empty report.
///
/// # Panics
/// As [`collect`].
///
/// # Examples
/// ```
/// use gc_core::gc::{self, Generation};
///
/// let report = gc::collect_generation(Generation::Young);
/// assert_eq!((report.generation, report.collected), (Generation::Young, 0));
/// ```
pub fn collect_generation(generation: Generation) -> Collection {
    Heap::with(|heap| heap.collect(generation))
}

/// Turns automatic collections on, as they are at the start of a thread.
pub fn enable() {
    Heap::with(|heap| heap.counters().set_enabled(true));
}

/// Turns automatic collections off until [`enable`]. Counting goes on freeing what is not part of a cycle.
pub fn disable() {
    Heap::with(|heap| heap.counters().set_enabled(false));
}

/// Whether automatic collections are on. A [`pause`] does not change the answer.
pub fn is_enabled() -> bool {
    Heap::with(|heap| heap.counters().is_enabled())
}

/// Holds automatic collections back as long as the guard lives. Guards nest.
///
/// # Examples
/// ```
/// use gc_core::gc;
///
/// let guard = gc::pause();
/// // Build a large graph; nothing is collected meanwhile.
/// drop(guard);
/// ```
pub fn pause() -> PauseGuard {
    PauseGuard { _paused: Heap::pause() }
}

/// Ends a [`pause`] when dropped.
#[derive(Debug)]
#[must_use = "the pause ends when the guard is dropped"]
pub struct PauseGuard {
    _paused: Paused,
}

/// When automatic collections are due.
pub fn thresholds() -> Thresholds {
    Heap::with(|heap| heap.counters().thresholds())
}

/// Sets when automatic collections are due; `young: 0` turns them off.
///
/// # Panics
/// If a threshold is larger than [`Thresholds::MAX`].
pub fn set_thresholds(thresholds: Thresholds) {
    thresholds.check();
    Heap::with(|heap| heap.counters().set_thresholds(thresholds));
}

/// How much work an automatic collection does at one go: in boxes, edges, and elements of collections looked at.
pub fn budget() -> usize {
    Heap::with(|heap| heap.counters().budget())
}

/// Bounds the pauses that automatic collections make. A young or middle one that would look at more than `work` boxes, edges
/// and elements of collections is broken off, reclaims nothing, and leaves its candidates to the collections of the next
/// older generation. A full one, where more boxes are tracked than a quarter of that, is done in slices of 2,000, or of `work` if
/// that is less.
///
/// The default, 200,000, is a millisecond or two. A single value with more edges than that is still asked for all of them, but
/// they are not followed. Garbage is disposed of as a whole where its boxes are connected, whatever that takes, since its
/// finalizers are to see it whole. Collections that are asked for are not bounded. With a large young threshold goes a large
/// budget; with `usize::MAX`, full collections are done at one go as well, which takes about half the time altogether.
///
/// # Examples
/// ```
/// use gc_core::gc;
///
/// gc::set_budget(20_000);
/// assert_eq!(gc::budget(), 20_000);
/// ```
pub fn set_budget(work: usize) {
    Heap::with(|heap| heap.counters().set_budget(work));
}

/// Sets everything that is alive now aside: no collection looks at it again until [`unfreeze`]. O(1).
///
/// For what a program loads at its start and keeps: later collections cost nothing for it, however much of it is touched.
/// Frozen boxes still die when their last `Gc` goes. What they own counts as held from outside; a cycle of them that becomes
/// garbage waits for [`unfreeze`], or for the end of the thread. Their [`Generation`] is old. All [`counts`] become 0.
///
/// A box whose value is yet to come ([`Gc::new_cyclic`](crate::Gc::new_cyclic), [`Gc::new_uninit`](crate::Gc::new_uninit))
/// is frozen too. A collection that is under way, in slices or not, goes on with what was garbage by then. Freezing again freezes what has come since.
/// A box that lives through some sixteen million (2^24) collections, or half as many with the feature `inspect`, is no longer known
/// as frozen.
///
/// # Examples
/// ```
/// use gc_core::{Gc, gc};
///
/// let config = Gc::new(vec![Gc::new(1), Gc::new(2)]);
/// gc::collect();
/// gc::freeze();
/// drop(config.clone());
/// assert_eq!(gc::collect_generation(gc::Generation::Old).visited, 0);
/// ```
pub fn freeze() {
    Heap::with(Heap::freeze);
}

/// Takes [`freeze`] back: collections of the old generation look at what was frozen. Linear in the number of boxes that are
/// suspected to be garbage.
///
/// # Examples
/// ```
/// use gc_core::gc;
///
/// gc::freeze();
/// gc::unfreeze();
/// assert_eq!(gc::frozen_len(), 0);
/// ```
pub fn unfreeze() {
    Heap::with(Heap::unfreeze);
}

/// How many boxes alive now are frozen, not counting those that collections never look at
/// ([`Gc::is_tracked`](crate::Gc::is_tracked)). O(1).
///
/// # Examples
/// ```
/// use gc_core::{Gc, gc};
///
/// let pair = Gc::new((Gc::new(1), Gc::new(2)));
/// gc::freeze();
/// assert_eq!(gc::frozen_len(), 1);
/// drop(pair);
/// assert_eq!(gc::frozen_len(), 0);
/// ```
pub fn frozen_len() -> usize {
    Heap::with(Heap::frozen_len)
}

/// What is held against the thresholds: tracked boxes made less those freed since the last collection (never below 0);
/// young collections since the last middle one; middle collections since the last full one.
pub fn counts() -> [usize; 3] {
    Heap::with(|heap| heap.counters().counts())
}

/// Calls `hook` when a collection of this thread starts, and when it stops, as long as the guard lives: once each for
/// every collection, whether automatic, asked for, or at the thread's end; and for every slice of a full one, whose figures are
/// those of the slice. Hooks are called in order of registration.
///
/// A hook may do anything. A [`collect`] in it, as everywhere inside a collection, does nothing, and tells nobody. A hook
/// that is registered during a collection hears of later ones only; one that is unregistered (even by itself) is not
/// called again. If one panics, the collection and the other hooks still run, and the panic continues out of the
/// collection at the end. Time spent in hooks is in nobody's [`duration`](Collection::duration).
///
/// # Examples
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use gc_core::gc::{self, CollectEvent};
///
/// let collections = Rc::new(Cell::new(0));
/// let counter = collections.clone();
/// let guard = gc::on_collect(move |event| {
///     if let CollectEvent::Stop(report) = event {
///         println!("{report}");
///         counter.set(counter.get() + 1);
///     }
/// });
/// gc::collect();
/// drop(guard);
/// gc::collect();
/// assert_eq!(collections.get(), 1);
/// ```
pub fn on_collect(hook: impl FnMut(&CollectEvent) + 'static) -> HookGuard {
    Heap::on_collect(Box::new(hook))
}

/// Has collections of this thread show what they do, until they are told otherwise. See [`DebugFlags`].
///
/// # Examples
/// ```
/// use gc_core::gc::{self, DebugFlags};
///
/// gc::set_debug(gc::debug() | DebugFlags::STATS);
/// gc::collect();
/// gc::set_debug(DebugFlags::NONE);
/// ```
pub fn set_debug(flags: DebugFlags) {
    Heap::with(|heap| heap.set_debug(flags));
}

/// What collections of this thread show.
pub fn debug() -> DebugFlags {
    Heap::with(Heap::debug)
}

/// The garbage that collections found, and kept because of [`DebugFlags::SAVE_ALL`], in the order in which they found it; CPython's
/// `gc.garbage`. It is not kept any more.
///
/// Saved objects are alive again, as if they had not been found: weak pointers upgrade, and no finalizer or callback has run.
/// (CPython runs finalizers, and clears weak references.) What was saved is in no [`Collection::collected`]. Once the
/// `Referent`s are dropped, cycles among the objects are garbage again, for the next collection to reclaim, or to save. At the
/// end of the thread nothing is saved any more, and what is left is reclaimed.
///
/// # Examples
/// ```
/// use std::cell::RefCell;
/// use gc_core::gc::{self, DebugFlags};
/// use gc_core::{Gc, Trace};
///
/// #[derive(Trace)]
/// struct Node {
///     me: RefCell<Option<Gc<Node>>>,
/// }
///
/// let node = Gc::new(Node { me: None.into() });
/// *node.me.borrow_mut() = Some(node.clone());
/// drop(node);
///
/// gc::set_debug(DebugFlags::SAVE_ALL);
/// assert_eq!(gc::collect(), 0);
/// gc::set_debug(DebugFlags::NONE);
/// let garbage = gc::take_garbage();
/// assert_eq!(garbage.len(), 1);
/// let node = garbage[0].clone().downcast::<Node>().unwrap();
/// *node.me.borrow_mut() = None; // Broken: it dies by count.
/// ```
#[must_use = "what is not looked at can be dropped"]
pub fn take_garbage() -> Vec<Referent> {
    let saved = Heap::with(Heap::take_saved);
    // SAFETY: saved boxes are live, and the counts that the heap gave up are ours (E4).
    saved.into_iter().map(|saved| unsafe { Referent::owning(saved) }).collect()
}

/// How many objects wait for [`take_garbage`]. O(1).
pub fn garbage_len() -> usize {
    Heap::with(Heap::saved_len)
}

/// What the heap of this thread holds and has done. O(1).
///
/// # Examples
/// ```
/// use gc_core::gc;
///
/// println!("{}", gc::stats());
/// ```
pub fn stats() -> Stats {
    Heap::with(Heap::stats)
}
