//! One collection: find garbage among the candidates, dispose of it in order.
//!
//! Nothing here knows a type, a `Gc` or a thread-local: boxes come in as headers, a [`Host`] answers for the heap,
//! and figures go out. The heap calls [`find`], makes the survivors candidates again, and calls [`dispose`]. Large full
//! collections find in [`Slices`] what `find` is to look at.
//!
//! # Invariants
//! - **Y1** from the moment a box is found unreachable until its memory is freed (or it is resurrected), the pass owns
//!   one strong count of it: nothing that a finalizer, a callback or a destructor does can free it.
//! - **Y2** between the last look at the counts of the garbage and its being marked dead, no user code runs.
//! - **Y3** user code runs only behind a `FirstPanic::catch`, with no borrow of the heap held.
//! - **Y4** the boxes that a pass has visited stay allocated, their values whole and unchanged, until it has let go of them. Only the
//!   panic hook, which runs inside a `trace` that panics, could do otherwise: what it lets die waits in the drop queue, and
//!   nothing else is known of what the pass met.

mod dispose;
mod find;
mod order;
mod slices;
#[cfg(gc_verify)]
mod verify;

use std::ptr::NonNull;

pub(crate) use dispose::{Disposal, dispose};
pub(crate) use find::{Found, Outcome, find};
pub(crate) use slices::Slices;

use crate::object::ephemeron::{Ephemeron, TrialNumber};
use crate::object::header::{Buffer, Header};
use crate::object::observer::Observer;
use crate::watchers::Aftermath;

/// What a collection asks of the heap it runs for.
pub(crate) trait Host {
    /// A number that no trial deletion of this heap had before.
    fn number_trial(&self) -> TrialNumber;

    /// Where a box waits once it is suspected.
    fn buffer_of(&self, header: &Header) -> Buffer;

    /// Shows the entries of weak tables that hang on `key`.
    fn visit_entries(&self, key: NonNull<Header>, visit: &mut dyn FnMut(&dyn Ephemeron));

    /// Afterwards nobody watches `dead`. Hands out what is left to do, callbacks newest first.
    fn take_aftermath(&self, dead: NonNull<Header>, aftermath: &mut Vec<Aftermath>);

    /// Whether any weak pointer of this thread has a callback to call.
    fn has_observers(&self) -> bool;

    /// Afterwards `observer`'s callback is not called any more.
    ///
    /// # Safety
    /// `observer` is allocated.
    unsafe fn silence(&self, observer: NonNull<Observer>);

    /// Drops one strong count, as a `Gc` would.
    ///
    /// # Safety
    /// The box is live, and the count was the caller's.
    unsafe fn let_go(&self, owned: NonNull<Header>);

    /// Gives up the memory of tracked boxes, which may wait for weak pointers.
    ///
    /// # Safety
    /// The boxes are dead, each there once, their values dropped, and nothing follows a strong pointer to them any more.
    unsafe fn free(&self, dead: &[NonNull<Header>]);

    /// Checks everything; `visited` boxes are those of the pass.
    #[cfg(gc_verify)]
    fn verify(&self, moment: &'static str, visited: usize);
}

#[cfg(test)]
mod tests;
