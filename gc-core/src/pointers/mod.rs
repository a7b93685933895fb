//! The pointers users hold, and what they report as edges.

mod allocate;
mod convert;
mod finalizer;
mod forward;
mod gc;
mod owned;
mod raw;
mod referent;
#[cfg(feature = "serde")]
mod serde;
mod threads;
mod uninit;
mod unsize;
mod weak;

pub use allocate::Allocate;
pub use finalizer::Finalizer;
pub use gc::Gc;
pub use owned::Renew;
pub use referent::Referent;
pub(crate) use unsize::Coerce;
pub use weak::Weak;
