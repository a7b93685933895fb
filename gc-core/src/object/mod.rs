//! What a box looks like to code that does not know its type.

#[cfg(gc_verify)]
pub(crate) mod audit;
pub(crate) mod ephemeron;
pub(crate) mod header;
pub(crate) mod observer;
pub(crate) mod strong;
pub(crate) mod tracer;
pub(crate) mod vtable;
