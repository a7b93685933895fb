//! What the interpreter uses of the heap: all of its other files name the heap by this one.

pub(crate) use gc_core::{Gc, Trace};
