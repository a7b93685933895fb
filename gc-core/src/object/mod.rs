//! What a box looks like to code that does not know its type.

#[cfg(gc_verify)]
pub(crate) mod audit;
#[cfg(feature = "inspect")]
pub(crate) mod describer;
pub(crate) mod ephemeron;
pub(crate) mod header;
#[cfg(feature = "inspect")]
pub(crate) mod labels;
pub(crate) mod observer;
#[cfg(feature = "inspect")]
pub(crate) mod prefix;
pub(crate) mod strong;
pub(crate) mod tracer;
pub(crate) mod vtable;
