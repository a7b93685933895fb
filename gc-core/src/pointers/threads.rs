//! `Gc` and `Weak` are neither `Send` nor `Sync`, and say so in the user's words.
//!
//! Without these impls the compiler would talk of the `NonNull` inside.

use crate::pointers::{Gc, Weak};

/// Nothing implements it, and nobody else can name it.
#[diagnostic::on_unimplemented(
    message = "a `Gc` or `Weak` stays on the thread that made it",
    label = "this would share a heap between threads",
    note = "every thread has a heap of its own: make the `Gc` on the thread that uses it, and send it values without one"
)]
pub trait OnAnyThread {
    /// A generic function: there is no `dyn OnAnyThread` either.
    #[doc(hidden)]
    fn nobody<T>();
}

// SAFETY: there is no such `T` (E3).
unsafe impl<T: ?Sized + OnAnyThread> Send for Gc<T> {}
// SAFETY: there is no such `T` (E3).
unsafe impl<T: ?Sized + OnAnyThread> Sync for Gc<T> {}
// SAFETY: there is no such `T` (E3).
unsafe impl<T: ?Sized + OnAnyThread> Send for Weak<T> {}
// SAFETY: there is no such `T` (E3).
unsafe impl<T: ?Sized + OnAnyThread> Sync for Weak<T> {}
