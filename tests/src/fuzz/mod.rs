//! A fuzzer of whole programs, with a model to judge them by.
//!
//! Bytes are decoded to a [`program`], which runs on the real heap of a thread of its own. A model that knows nothing but
//! who refers to whom hears of everything that the program does and that the heap does to it, as it happens, and
//! says whether the heap may do so and whether it has done what it must:
//!
//! - What can be reached never dies, and its weak pointers upgrade. What cannot never comes back once it was seen dead.
//! - What nothing refers to is gone after each step; what cannot be reached is gone after a full collection that nothing
//!   interfered with, unless it is frozen. Whether a cycle dies before is up to the heap.
//! - Finalizers run once, of what cannot be reached. Callbacks are called once, unless their weak pointer goes first.
//! - Entries of weak maps live as long as their map and their key (a fixpoint).
//! - Counts, `live_objects`, `frozen_len` and the lengths of maps are as they should be after each step.
//!
//! [`check`] runs one program, [`search`] random ones; [`shrink`] makes one that went wrong small.

mod compare;
mod doors;
mod heap;
mod model;
pub mod program;
mod run;
mod shrink;
mod things;

pub use run::{Finding, check, explain, random, run, run_bytes, search};
pub use shrink::shrink;
