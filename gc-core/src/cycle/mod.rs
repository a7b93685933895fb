//! One collection: find garbage among the candidates, dispose of it in order.
//!
//! Nothing here knows a type, a `Gc` or a thread-local: boxes come in as headers, a [`Host`] answers for the heap,
//! and figures go out. The heap calls [`find`], makes the survivors candidates again, and calls [`dispose`].
//!
//! # Invariants
//! - **Y1** from the moment a box is found unreachable until its memory is freed (or it is resurrected), the pass owns
//!   one strong count of it: nothing that a finalizer, a callback or a destructor does can free it.
//! - **Y2** between the last look at the counts of the garbage and its being marked dead, no user code runs.
//! - **Y3** user code runs only behind a `FirstPanic::catch`, with no borrow of the heap held.

mod dispose;
mod find;

use std::ptr::NonNull;

pub(crate) use dispose::dispose;
pub(crate) use find::{Found, find};

use crate::object::header::Header;
use crate::object::observer::Observer;
use crate::observers::Callback;

/// What a collection asks of the heap it runs for.
pub(crate) trait Host {
    /// Dissolves the list of those who watch `target`, and hands out their callbacks, newest first.
    fn take_callbacks(&self, target: NonNull<Header>, callbacks: &mut Vec<Callback>);

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

    /// Gives up the memory of a box, which may wait for weak pointers.
    ///
    /// # Safety
    /// The box is dead and its value dropped, and nothing follows a strong pointer to it any more.
    unsafe fn free(&self, dead: NonNull<Header>);
}

#[cfg(test)]
mod tests;
