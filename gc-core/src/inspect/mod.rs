//! See the heap: what is alive, and why.
mod capture;
mod components;
mod dominators;
mod names;
mod path;
mod reach;
mod snapshot;

pub use crate::object::describer::EdgeKind;
pub use capture::Unread;
pub use components::{Component, Components};
pub use dominators::DominatorTree;
pub use path::Path;
pub use snapshot::{Edge, Label, Object, Phase, Progress, Snapshot};
