//! The pointers users hold, and what they report as edges.

mod forward;
mod gc;
mod referent;
mod weak;

pub use gc::Gc;
pub use referent::Referent;
pub use weak::Weak;
