//! What a box looks like to code that does not know its type.

pub(crate) mod ephemeron;
pub(crate) mod header;
pub(crate) mod observer;
pub(crate) mod strong;
pub(crate) mod tracer;
pub(crate) mod vtable;
