//! The heap of one thread: what boxes are made of, when they are collected, and how they end.
//!
//! # Invariants
//! - **E1** a heap is never destroyed: its thread-local has no destructor, so that a `Gc` can be made and dropped
//!   while other thread-locals are torn down. What it holds goes back when the thread exits, or when the last box
//!   that outlives that moment dies.
//! - **E2** an automatic collection starts only in an allocation, and only if no collection, finalizer, callback,
//!   hook, `trace` or drop of a box is under way on this thread and the thread is not panicking.
//! - **E3** a box is always freed on the thread that made it: every pointer to it is `!Send`.

mod clock;
mod collect;
mod counters;
mod debug;
mod end;
mod exit;
mod farewells;
mod freeze;
mod hooks;
#[cfg(feature = "inspect")]
mod inspect;
mod slices;
#[cfg(gc_verify)]
mod verify;

use std::alloc::Layout;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use crate::candidates::Candidates;
use crate::cycle::Slices;
use crate::drop_queue::DropQueue;
use crate::generation::Generation;
use crate::object::ephemeron::{Ephemeron, TrialNumber};
use crate::object::header::{Birth, Buffer, Header};
use crate::object::vtable::Allocation;
use crate::pool::Pool;
use crate::report::Stats;
use crate::watchers::Watchers;
use clock::Clock;
use counters::Counters;
use debug::Debug;
pub(crate) use end::{Kind, drop_strong, drop_weak, end_any, end_sized};
pub(crate) use farewells::Farewell;
use farewells::Farewells;
pub use hooks::HookGuard;
use hooks::Hooks;
#[cfg(feature = "inspect")]
use inspect::Roll;

/// See [`Heap::pause`].
#[derive(Debug)]
pub(crate) struct Paused {
    /// It belongs to the heap of the thread that made it.
    heap: PhantomData<*const ()>,
}

impl Drop for Paused {
    fn drop(&mut self) {
        Heap::with(|heap| heap.counters.unpause());
    }
}

/// Everything about the boxes of one thread.
pub(crate) struct Heap {
    pool: Pool,
    counters: Counters,
    clock: Clock,
    candidates: Candidates,
    drop_queue: DropQueue,
    pub(crate) watchers: Watchers,
    trials: Cell<TrialNumber>,
    hooks: Hooks,
    pub(crate) farewells: Farewells,
    debug: Debug,
    #[cfg(feature = "inspect")]
    roll: Roll,
    /// A collection, or a slice of one, is under way.
    collecting: Cell<bool>,
    /// A full collection of which a slice is yet to come.
    slices: Cell<Option<Box<Slices>>>,
    /// The thread's exit has begun.
    exiting: Cell<bool>,
    /// A thread-local will tell of the thread's exit, and how many did or will.
    exit_announced: Cell<bool>,
    exits: Cell<usize>,
}

thread_local! {
    /// Without a destructor (E1), which also makes access to it a single address computation.
    static HEAP: ManuallyDrop<Heap> = const {
        ManuallyDrop::new(Heap {
            pool: Pool::new(),
            counters: Counters::new(),
            clock: Clock::new(),
            candidates: Candidates::new(),
            drop_queue: DropQueue::new(),
            watchers: Watchers::new(),
            trials: Cell::new(TrialNumber::FIRST),
            hooks: Hooks::new(),
            farewells: Farewells::new(),
            debug: Debug::new(),
            #[cfg(feature = "inspect")]
            roll: Roll::new(),
            collecting: Cell::new(false),
            slices: Cell::new(None),
            exiting: Cell::new(false),
            exit_announced: Cell::new(false),
            exits: Cell::new(0),
        })
    };
}

/// Memory for a box, where the pool has none at hand.
#[cold]
#[inline(never)]
fn refill(layout: Layout) -> NonNull<u8> {
    Heap::with(|heap| heap.pool.allocate(layout))
}

/// [`Heap::suspect`], of a box of any age, at any time, which a collection in slices may hold.
///
/// # Safety
/// As for [`Heap::suspect`].
#[inline(never)]
unsafe fn suspect_aged(suspect: NonNull<Header>) {
    Heap::with(|heap| {
        // SAFETY: the caller's promise.
        let header = unsafe { suspect.as_ref() };
        if header.is_traced() {
            // A later collection looks at it anew.
            heap.candidates.remove(header);
        }
        let buffer = heap.clock.buffer_of(header);
        // SAFETY: the caller's promise; a box leaves the candidates before its memory is given up.
        unsafe { heap.candidates.insert(suspect, buffer) };
        heap.settle_if_nobody_will();
    });
}

impl Heap {
    /// Runs `action` on this thread's heap.
    #[inline(always)]
    pub(crate) fn with<R>(action: impl FnOnce(&Self) -> R) -> R {
        // Only the address is taken inside `LocalKey::with`, which is not inlined around anything larger.
        let heap = HEAP.with(|heap| ptr::from_ref(&**heap));
        // SAFETY: the thread-local is there as long as its thread: it has no destructor (E1), and is never borrowed
        // mutably; `action` cannot keep the reference, nor take it to another thread.
        action(unsafe { &*heap })
    }

    /// A box with a new header and nothing behind it; collects first if that is due.
    ///
    /// # Panics
    /// If that collection does; nothing is allocated then.
    #[inline(always)]
    pub(crate) fn allocate(&self, birth: Birth, allocation: Allocation) -> NonNull<Header> {
        let (tracked, bytes) = (birth.vtable.tracked, allocation.layout.size());
        if self.counters.born(tracked, bytes) {
            collect::check(tracked, bytes);
        }
        let memory = self.pool.pop(allocation.layout).unwrap_or_else(|| refill(allocation.layout));
        // SAFETY: a box's header lies inside its memory (G1, Z1).
        let header = unsafe { memory.byte_add(allocation.prefix) }.cast::<Header>();
        // SAFETY: the memory is ours (P3).
        unsafe { header.write(Header::new(birth, self.clock.now())) };
        #[cfg(feature = "inspect")]
        self.roll.born(header, allocation);
        #[cfg(gc_verify)]
        crate::verify::born(header, memory, allocation.layout);
        header
    }

    /// Makes a box one of another type. One that is tracked, as a `Box` it was moved in from or a weak table has it, stays
    /// so.
    ///
    /// # Safety
    /// The box takes as much memory as the tables of `birth` say, and holds such a value.
    pub(crate) unsafe fn retype(&self, boxed: NonNull<Header>, birth: Birth) {
        // SAFETY: the caller's promise.
        let header = unsafe { boxed.as_ref() };
        self.candidates.remove(header);
        if header.vtable().tracked {
            return header.retype(birth.tracked());
        }
        header.retype(birth);
        if birth.vtable.tracked {
            self.counters.tracked_later(self.clock.is_frozen(header));
        }
    }

    /// Afterwards `entry`, of a table, leaves it when its key dies. The key of one with edges is tracked: it may be part of
    /// a cycle.
    pub(crate) fn enter(&self, entry: Rc<dyn Ephemeron>, has_edges: bool) {
        // SAFETY: the key is allocated (M1).
        let key = unsafe { entry.key().as_ref() };
        if has_edges && !key.vtable().tracked {
            let birth = Birth { vtable: key.vtable(), finalizes: key.awaits_finalizer() };
            // SAFETY: the table is the box's own, but tracked (V1).
            unsafe { self.retype(entry.key(), birth.tracked()) };
        }
        self.watchers.enter(entry);
    }

    /// Holds automatic collections back as long as the guard lives.
    pub(crate) fn pause() -> Paused {
        Self::with(|heap| heap.counters.pause());
        Paused { heap: PhantomData }
    }

    /// Makes `suspect`, whose count fell but not to zero, a candidate, if it is noisy.
    ///
    /// # Safety
    /// The box is allocated, on this heap.
    #[inline]
    pub(crate) unsafe fn suspect(&self, suspect: NonNull<Header>) {
        // SAFETY: the caller's promise.
        if !unsafe { suspect.as_ref() }.is_untouched_since(self.clock.now()) || self.exiting.get() {
            // SAFETY: the caller's promise.
            return unsafe { suspect_aged(suspect) };
        }
        // SAFETY: the caller's promise; a box leaves the candidates before its memory is given up.
        unsafe { self.candidates.insert(suspect, Buffer::Of(Generation::Young)) };
    }

    /// Afterwards `header`'s box is no candidate: no pass starts from it.
    #[inline]
    pub(crate) fn clear_suspicion(&self, header: &Header) {
        self.candidates.remove(header);
    }

    /// The age class of a box.
    pub(crate) fn generation_of(&self, header: &Header) -> Generation {
        self.clock.generation_of(header)
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats {
            generations: self.counters.generations(),
            allocated: self.counters.made(),
            live_objects: self.counters.live(),
            live_bytes: self.counters.live_bytes(),
            candidates: self.candidates.len(),
            pool_bytes: self.pool.held_bytes(),
        }
    }
}
