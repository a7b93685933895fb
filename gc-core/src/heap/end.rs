//! The end of a box whose strong count has reached zero.
//!
//! The order: the box leaves the candidates; finalizer, which may resurrect it; weak pointers dead; callbacks; the
//! value dropped; the memory freed, unless weak pointers remain.
//!
//! # Invariants
//! - **U1** a value is dropped once, or moved out: by whoever takes the last strong pointer and marks the box dead. That of
//!   garbage is dropped by the pass, which owns a count (Y1). Nobody is left then who could look at it.
//! - **U2** the memory goes back once, when `weak` falls to zero; the value's share of it (H3) falls after the value is gone.

use std::alloc::Layout;
use std::ptr::NonNull;

use super::Heap;
use super::counters::Tally;
use crate::drop_queue::{MAX_DEPTH, Waiting};
use crate::object::header::{Header, Life, Released};
use crate::object::vtable::{Allocation, VTable};
use crate::panics::FirstPanic;
use crate::pool::{self, Pool};
#[cfg(gc_verify)]
use crate::verify;

/// Drops one strong pointer to `target`. The heap is looked up only if there is something for it to do.
///
/// # Safety
/// The count was the caller's, and the box is on this thread's heap.
#[inline]
pub(crate) unsafe fn drop_strong(target: NonNull<Header>) {
    // SAFETY: the caller's count keeps the box allocated.
    if unsafe { target.as_ref() }.strong_falls() {
        // SAFETY: the caller's promise.
        unsafe { attend(target) };
    }
}

/// # Safety
/// The strong count has fallen, the rest is as for [`drop_strong`].
#[inline(never)]
unsafe fn attend(target: NonNull<Header>) {
    // SAFETY: the count has not been looked at since, so the box is allocated (S1).
    let header = unsafe { target.as_ref() };
    match header.fallen() {
        // SAFETY: the caller's pointer was the last one; the function is of the box's own table (V1).
        Released::Last => unsafe { (header.vtable().end)(target) },
        // SAFETY: other pointers keep the box allocated. The fall was news, so the box is noisy (H4).
        Released::Shared => unsafe { suspect(target) },
        Released::Immortal => {}
    }
}

/// Out of the way of `attend`, which is to call `end` and nothing else.
///
/// # Safety
/// As for [`Heap::suspect`].
#[inline(never)]
unsafe fn suspect(target: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let is_noisy = unsafe { target.as_ref() }.is_noisy();
    // SAFETY: the caller's promise: its fall was news, so it is noisy (H4).
    unsafe { std::hint::assert_unchecked(is_noisy) };
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.suspect(target) });
}

/// [`VTable::end`](crate::object::vtable::VTable::end) for boxes of any kind.
///
/// # Safety
/// As for [`Heap::release`].
#[inline(never)]
pub(crate) unsafe fn end_any(dying: NonNull<Header>) {
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.release(dying) });
}

/// [`VTable::end`](crate::object::vtable::VTable::end) for boxes whose size their type gives, with all that is known of them.
///
/// # Safety
/// As for [`Heap::release`]; the box is of `kind`, and `drop_value` drops its value in place.
#[inline(always)]
pub(crate) unsafe fn end_sized(dying: NonNull<Header>, kind: Kind, drop_value: impl FnOnce()) {
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.end_sized(dying, kind, drop_value) });
}

/// What is known of a kind of boxes when its code is made.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) tracked: bool,
    pub(crate) may_wait: bool,
    pub(crate) needs_drop: bool,
    pub(crate) layout: Layout,
}

/// Drops one `Weak` to `target`.
///
/// # Safety
/// As for [`drop_strong`], of the weak count.
#[inline]
pub(crate) unsafe fn drop_weak(target: NonNull<Header>) {
    // SAFETY: the caller's count keeps the memory allocated (H3).
    if unsafe { target.as_ref() }.release_weak() == Released::Last {
        // SAFETY: nothing refers to the box any more (H3, U2).
        unsafe { forget(target) };
    }
}

/// # Safety
/// Nothing refers to the box any more.
#[inline(never)]
unsafe fn forget(gone: NonNull<Header>) {
    // SAFETY: the memory is still there (H3).
    let vtable = unsafe { gone.as_ref() }.vtable();
    // SAFETY: the table is the box's own (V1).
    let allocation = unsafe { vtable.allocation(gone) };
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.free_memory(gone, allocation) });
}

impl Heap {
    /// [`release`](Self::release), of a box of `kind`.
    ///
    /// # Safety
    /// As for [`end_sized`].
    #[inline(always)]
    unsafe fn end_sized(&self, dying: NonNull<Header>, kind: Kind, drop_value: impl FnOnce()) {
        // SAFETY: the caller's promise.
        let header = unsafe { dying.as_ref() };
        // SAFETY: the caller's promise.
        if !header.is_unattached() && !unsafe { detach(dying) } {
            return;
        }
        if !kind.needs_drop {
            // It is marked dead there if anybody may want to know.
            // SAFETY: there is nothing to drop (U1).
            return unsafe { self.bury_sized(dying, kind) };
        }
        if kind.may_wait && self.is_deep() || std::thread::panicking() {
            // SAFETY: the caller's promise.
            return unsafe { end_any(dying) };
        }
        let _nested = Nested::begin(self);
        header.die();
        let corpse = Corpse(dying);
        drop_value();
        std::mem::forget(corpse);
        // SAFETY: the value is dropped (U1).
        unsafe { self.bury_sized(dying, kind) };
    }

    /// Ends `dying`, whose strong count has become zero, or puts that off if too many drops nest.
    ///
    /// # Safety
    /// The box is live, on this heap, and nothing but weak pointers leads to it.
    unsafe fn release(&self, dying: NonNull<Header>) {
        // SAFETY: the caller's promise.
        let header = unsafe { dying.as_ref() };
        self.candidates.remove(header);
        if header.is_looked_at() || self.is_deep() && header.vtable().may_wait {
            self.put_off(dying, header);
        } else if std::thread::panicking() {
            // SAFETY: the caller's promise.
            unsafe { self.end_quietly(dying) };
        } else {
            let _nested = Nested::begin(self);
            // SAFETY: the caller's promise.
            unsafe { self.end(dying) };
        }
    }

    /// Too many drops nest for one more.
    #[inline]
    fn is_deep(&self) -> bool {
        self.drop_queue.depth() >= MAX_DEPTH
    }

    /// A second panic must not leave a destructor that runs because of the first.
    ///
    /// # Safety
    /// As for [`release`](Self::release).
    #[cold]
    #[inline(never)]
    unsafe fn end_quietly(&self, dying: NonNull<Header>) {
        let mut panics = FirstPanic::default();
        panics.catch(|| {
            let _nested = Nested::begin(self);
            // SAFETY: the caller's promise.
            unsafe { self.end(dying) };
        });
        panics.forget();
    }

    /// Queues a box. One that has a finalizer to run is alive until then: the queue owns a count of it. One that has not is
    /// dead at once, and those who watch it will be told.
    fn put_off(&self, dying: NonNull<Header>, header: &Header) {
        if header.awaits_finalizer() {
            header.hold(Life::Unreachable);
        } else {
            header.die();
        }
        self.drop_queue.push(Waiting::Box(dying));
        if header.is_observed() && header.life() == Life::Dead {
            self.put_off_aftermath(dying);
        }
    }

    /// Queues what is left to do for a dead box.
    fn put_off_aftermath(&self, dead: NonNull<Header>) {
        let mut aftermath = Vec::new();
        self.watchers.take(dead, &mut aftermath);
        // The last to wait is the first to go.
        aftermath.into_iter().rev().for_each(|left| self.drop_queue.push(Waiting::Aftermath(left)));
    }

    /// # Safety
    /// As for [`release`](Self::release); the box may be marked dead already, but its value is whole.
    unsafe fn end(&self, dying: NonNull<Header>) {
        // SAFETY: the caller's promise.
        let header = unsafe { dying.as_ref() };
        if !header.dies_silently() {
            // SAFETY: the caller's promise.
            return unsafe { self.end_with_ceremony(dying, header) };
        }
        header.die();
        let corpse = Corpse(dying);
        // SAFETY: the value is whole, and dropped only here (U1).
        unsafe { drop_value(dying, header) };
        std::mem::forget(corpse);
        // SAFETY: the value is dropped (U1).
        unsafe { self.bury(dying) };
    }

    /// The rare case: a finalizer, or somebody who is to be told.
    ///
    /// # Safety
    /// As for [`end`](Self::end).
    #[cold]
    unsafe fn end_with_ceremony(&self, dying: NonNull<Header>, header: &Header) {
        let mut panics = FirstPanic::default();
        // SAFETY: the caller's promise.
        if header.awaits_finalizer() && unsafe { self.is_resurrected(dying, header, &mut panics) } {
            return panics.resume();
        }
        header.die();
        self.tell_watchers(dying, &mut panics);
        // SAFETY: the value is whole, and dropped only here (U1).
        panics.catch(|| unsafe { drop_value(dying, header) });
        // SAFETY: the value is dropped (U1).
        unsafe { self.bury(dying) };
        panics.resume();
    }

    /// Runs the finalizer; `true` if it left a strong pointer.
    ///
    /// # Safety
    /// As for [`end`](Self::end).
    unsafe fn is_resurrected(&self, dying: NonNull<Header>, header: &Header, panics: &mut FirstPanic) -> bool {
        header.set_finalized();
        header.hold(Life::Unreachable);
        // SAFETY: the table is the box's own (V1), the value whole (V2).
        panics.catch(|| unsafe { (header.vtable().finalize)(dying) });
        if header.release_strong() == Released::Last {
            return false;
        }
        // SAFETY: another pointer keeps it (S1).
        unsafe { self.let_live(dying, header) };
        true
    }

    /// A held box lives on: somebody else has a pointer to it.
    ///
    /// # Safety
    /// The box is allocated.
    unsafe fn let_live(&self, resurrected: NonNull<Header>, header: &Header) {
        header.set_life(Life::Live);
        header.set_noisy(header.vtable().tracked);
        // SAFETY: the caller's promise.
        unsafe { self.suspect(resurrected) };
    }

    /// Gives up a box whose value was moved out by the only strong pointer, after calling back those who watch it.
    ///
    /// # Panics
    /// If a callback does.
    ///
    /// # Safety
    /// That is so.
    pub(crate) unsafe fn abandon(&self, empty: NonNull<Header>) {
        // SAFETY: the caller's promise.
        let header = unsafe { empty.as_ref() };
        self.candidates.remove(header);
        header.die();
        let mut panics = FirstPanic::default();
        {
            let _nested = Nested::begin(self);
            self.tell_watchers(empty, &mut panics);
            // SAFETY: the value was moved out, and only weak pointers are left (S2, U2).
            unsafe { self.bury(empty) };
        }
        panics.resume();
    }

    /// Calls back everybody who watches `dead`, and drops what weak tables have for it.
    fn tell_watchers(&self, dead: NonNull<Header>, panics: &mut FirstPanic) {
        // SAFETY: the caller holds the box (H3).
        if !unsafe { dead.as_ref() }.is_observed() {
            return;
        }
        if self.drop_queue.depth() > MAX_DEPTH {
            // The box itself could not wait.
            return self.put_off_aftermath(dead);
        }
        let mut aftermath = Vec::new();
        self.watchers.take(dead, &mut aftermath);
        for left in aftermath {
            panics.catch(|| left.run());
        }
    }

    /// Gives up a box whose value is gone. Afterwards it is dead.
    ///
    /// # Safety
    /// Its value is dropped or moved out, and nothing but weak pointers leads to it.
    #[inline(always)]
    pub(crate) unsafe fn bury(&self, dead: NonNull<Header>) {
        // SAFETY: the caller's promise: the memory is there as long as the value's share of the weak count (H3).
        let header = unsafe { dead.as_ref() };
        let vtable = header.vtable();
        if !vtable.pooled {
            // SAFETY: the caller's promise.
            return unsafe { self.bury_unpooled(dead, header) };
        }
        // SAFETY: the caller's promise.
        unsafe { self.bury_pooled(dead, vtable.tracked, vtable.layout.size()) };
    }

    /// [`bury`](Self::bury), of a box of `kind`.
    ///
    /// # Safety
    /// As for `bury`.
    #[inline(always)]
    unsafe fn bury_sized(&self, dead: NonNull<Header>, kind: Kind) {
        if pool::has_slots_for(kind.layout) {
            // SAFETY: the caller's promise.
            unsafe { self.bury_pooled(dead, kind.tracked, kind.layout.size()) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.bury(dead) };
        }
    }

    /// [`bury`](Self::bury), of a box in a slot of the pool.
    ///
    /// # Safety
    /// As for `bury`.
    #[inline(always)]
    unsafe fn bury_pooled(&self, dead: NonNull<Header>, tracked: bool, bytes: usize) {
        #[cfg(gc_verify)]
        verify::buried(dead);
        // SAFETY: the caller's promise.
        let header = unsafe { dead.as_ref() };
        if self.counters.died(tracked, bytes) {
            // SAFETY: the caller's promise.
            return unsafe { bury_beside_frozen(dead) };
        }
        // SAFETY: the caller's promise; the box lies in a slot.
        unsafe { self.vacate(dead, header) };
    }

    /// [`bury`](Self::bury), for a tracked box in a slot whose death the caller notes down with others of the `tally`.
    ///
    /// # Safety
    /// As for `bury`; nobody has a weak pointer to the box, whose table is `vtable`, and none is frozen.
    #[inline(always)]
    pub(super) unsafe fn bury_alone(dead: NonNull<Header>, vtable: &VTable, tally: &mut Tally) {
        #[cfg(gc_verify)]
        verify::buried(dead);
        tally.add(vtable.layout.size());
        // SAFETY: the caller's promise: nothing refers to the box any more (H3).
        unsafe { free_slot(dead) };
    }

    /// The last of [`bury`](Self::bury), for a box in a slot: the slot is free, or waits for weak pointers.
    ///
    /// # Safety
    /// As for `bury`.
    #[inline(always)]
    unsafe fn vacate(&self, dead: NonNull<Header>, header: &Header) {
        if header.weak() == 1 {
            // SAFETY: nothing refers to the box any more (H3, U2).
            unsafe { free_slot(dead) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { leave_to_weak(dead) };
        }
    }

    /// [`bury`](Self::bury), for a large box, or one whose size is its own.
    ///
    /// # Safety
    /// As for `bury`.
    #[cold]
    #[inline(never)]
    unsafe fn bury_unpooled(&self, dead: NonNull<Header>, header: &Header) {
        #[cfg(gc_verify)]
        verify::buried(dead);
        let allocation = self.count_death(dead);
        header.die();
        if header.release_weak() == Released::Last {
            // SAFETY: nothing refers to the box any more (H3, U2).
            unsafe { self.free_memory(dead, allocation) };
        }
    }

    pub(super) fn count_death(&self, dead: NonNull<Header>) -> Allocation {
        // SAFETY: the caller holds the box (H3).
        let header = unsafe { dead.as_ref() };
        let vtable = header.vtable();
        // SAFETY: the table is the box's own (V1).
        let allocation = unsafe { vtable.allocation(dead) };
        if self.counters.died(vtable.tracked, allocation.layout.size()) {
            self.counters.died_beside_frozen(self.clock.is_frozen(header));
        }
        allocation
    }

    /// # Safety
    /// Nothing refers to the box any more, whose memory `allocation` describes.
    unsafe fn free_memory(&self, gone: NonNull<Header>, allocation: Allocation) {
        #[cfg(feature = "inspect")]
        self.roll.freed(gone, allocation);
        #[cfg(gc_verify)]
        verify::freed(gone);
        // SAFETY: the memory begins there, and `gone` has its provenance (G1, Z1).
        let memory = unsafe { gone.cast::<u8>().byte_sub(allocation.prefix) };
        // SAFETY: it was allocated for this layout (V1).
        unsafe { self.pool.deallocate(memory, allocation.layout) };
    }

    /// Ends what was put off, on the stack of the outermost drop.
    fn drain(&self) {
        let mut panics = FirstPanic::default();
        self.drop_queue.set_depth(1);
        while let Some(waiting) = self.drop_queue.pop() {
            panics.catch(|| match waiting {
                // SAFETY: a box in the queue belongs to it (D1).
                Waiting::Box(dying) => unsafe { self.end_queued(dying) },
                Waiting::Aftermath(left) => left.run(),
            });
        }
        self.drop_queue.set_depth(0);
        self.drop_queue.set_clean_up(self.exiting.get());
        #[cfg(gc_verify)]
        self.verify("after the drop queue was emptied", 0);
        panics.resume();
    }

    /// # Safety
    /// The box was in the queue (D1).
    unsafe fn end_queued(&self, dying: NonNull<Header>) {
        // SAFETY: the caller's promise.
        let header = unsafe { dying.as_ref() };
        if header.life() == Life::Dead {
            // SAFETY: its count is zero, its value whole (D1).
            return unsafe { self.end(dying) };
        }
        if header.release_strong() == Released::Last {
            // SAFETY: the queue's count was the last one (D1).
            unsafe { self.end(dying) };
        } else {
            // SAFETY: somebody upgraded a weak pointer meanwhile, and keeps it (D1).
            unsafe { self.let_live(dying, header) };
        }
    }
}

/// # Safety
/// The value is whole, and not dropped again.
#[inline]
unsafe fn drop_value(dying: NonNull<Header>, header: &Header) {
    if let Some(drop_value) = header.vtable().drop_value {
        // SAFETY: the table is the box's own (V1), the rest is the caller's promise.
        unsafe { drop_value(dying) };
    }
}

/// Gives back the slot of a box.
///
/// # Safety
/// Nothing refers to the box any more, which lies in a slot.
#[inline(always)]
unsafe fn free_slot(gone: NonNull<Header>) {
    #[cfg(gc_verify)]
    verify::freed(gone);
    // SAFETY: the caller's promise; `gone` has the slot's provenance (G1).
    if unsafe { Pool::free_slot(gone.cast()) } {
        attend_to_block(gone);
    }
}

// What rarely happens is out of the way, and looks the heap up itself: its address would otherwise be computed, and a register
// saved for it, by every end of a box.

/// Afterwards the box, whose strong count is zero, is no candidate. Returns whether it has yet to be ended: one that does
/// not die silently is ended here.
///
/// # Safety
/// As for [`Heap::release`].
#[inline(never)]
unsafe fn detach(dying: NonNull<Header>) -> bool {
    // SAFETY: the caller's promise.
    let header = unsafe { dying.as_ref() };
    Heap::with(|heap| heap.candidates.remove(header));
    let silent = header.dies_silently() && !header.is_looked_at();
    if !silent {
        // SAFETY: the caller's promise.
        Heap::with(|heap| unsafe { heap.release(dying) });
    }
    silent
}

/// [`Heap::bury`], where that is rare.
#[cold]
#[inline(never)]
unsafe fn bury_corpse(dead: NonNull<Header>) {
    // SAFETY: the caller's promise.
    Heap::with(|heap| unsafe { heap.bury(dead) });
}

/// [`Heap::bury`], for a tracked box that is frozen, or dies while others are, and is half counted already.
#[cold]
#[inline(never)]
unsafe fn bury_beside_frozen(dead: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let header = unsafe { dead.as_ref() };
    Heap::with(|heap| {
        heap.counters.died_beside_frozen(heap.clock.is_frozen(header));
        header.die();
        if header.release_weak() == Released::Last {
            let allocation = Allocation { layout: header.vtable().layout, prefix: 0 };
            // SAFETY: nothing refers to the box any more (H3).
            unsafe { heap.free_memory(dead, allocation) };
        }
    });
}

/// The last of [`Heap::bury`], for a box that weak pointers keep allocated.
///
/// # Safety
/// The value's share of the weak count was not given up yet, and is not the last.
#[inline(never)]
unsafe fn leave_to_weak(dead: NonNull<Header>) {
    // SAFETY: the caller's promise (H3).
    let header = unsafe { dead.as_ref() };
    header.die();
    header.release_weak();
}

/// The slot of a box came back, for the pool to attend to.
#[cold]
#[inline(never)]
fn attend_to_block(gone: NonNull<Header>) {
    Heap::with(|heap| heap.pool.attend(gone.cast()));
}

/// The outermost drop is over: what was put off is its to end.
#[cold]
#[inline(never)]
fn clean_up() {
    Heap::with(|heap| {
        heap.drain();
        heap.settle_if_nobody_will();
    });
}

/// One more drop is under way; the outermost ends those that were put off.
pub(super) struct Nested<'a>(&'a Heap);

impl<'a> Nested<'a> {
    #[inline]
    pub(super) fn begin(heap: &'a Heap) -> Self {
        heap.drop_queue.enter();
        Self(heap)
    }

    /// Ends it where nothing can have been put off.
    pub(super) fn leave(self) {
        self.0.drop_queue.leave();
        std::mem::forget(self);
    }
}

impl Drop for Nested<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.0.drop_queue.leave() {
            clean_up();
        }
    }
}

/// A box whose value is being dropped; buried if that panics, too.
struct Corpse(NonNull<Header>);

impl Drop for Corpse {
    // Inlined, so that what is dropped only by a panic need not lie in memory.
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the value is dropped, as far as its destructors let it (U1).
        unsafe { bury_corpse(self.0) };
    }
}
