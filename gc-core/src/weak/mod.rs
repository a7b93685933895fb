//! Collections that keep nothing alive: what they know about a box goes when it dies.
//!
//! [`WeakMap`] has a value for each key, [`WeakSet`] has members.
//!
//! # Ephemerons
//! A value that leads back to its own key would keep it alive for ever, if the map kept the value alive as another owner
//! does. An entry of a [`WeakMap`] is an *ephemeron* instead: its value is reachable only if its key and its map both are.
//! It is as if the value were a field of the key that only this map can see. So the key dies when nothing but the values of
//! maps leads to it, directly or round a long way through other keys and other maps; one collection finds it.
//!
//! ```
//! use std::cell::RefCell;
//! use gc_core::weak::WeakMap;
//! use gc_core::{Gc, Trace, gc};
//!
//! #[derive(Trace)]
//! struct Node {
//!     name: String,
//!     next: RefCell<Option<Gc<Node>>>,
//! }
//!
//! /// What a layout pass knows about a node. It refers back to it.
//! #[derive(Clone, Trace)]
//! struct Placed {
//!     node: Gc<Node>,
//!     line: u32,
//! }
//!
//! let places = WeakMap::new();
//! let node = Gc::new(Node { name: "a".into(), next: RefCell::new(None) });
//! places.insert(&node, Placed { node: node.clone(), line: 1 });
//! assert_eq!(places.with(&node, |placed| placed.line), Some(1));
//!
//! drop(node);
//! gc::collect();
//! assert!(places.is_empty());
//! ```
//!
//! As everywhere, the collector has to see the way: the map and the value are traced. A map that it does not see, on the
//! stack or in an `Rc`, counts as alive.
//!
//! # What counts as alive
//! A box is alive until [`Weak::upgrade`](crate::Weak::upgrade) fails: as long as it is referred to, and while its finalizer
//! runs. One that a finalizer resurrects keeps its entries. When it dies, its entries leave their collections before any
//! callback or destructor runs; then callbacks run, then the values of the entries are dropped. A value that is moved out
//! ([`Gc::try_unwrap`](crate::Gc::try_unwrap), [`Gc::make_mut`](crate::Gc::make_mut)) has left its box, which dies. An entry
//! is one more weak pointer to its key, and counts as one ([`Gc::weak_count`](crate::Gc::weak_count)).
//!
//! # Costs
//! Each operation on one entry takes constant time; the death of a box takes time for each of its entries, and none for
//! others. A collection looks at an entry only if it looks at its key or at the box that its map is in. An entry takes an
//! allocation of its own and a few words in two tables, which shrink again when most entries of a peak are gone. A key that has none of its own edges becomes a box that collections
//! look at once it has a value that may have edges.
//!
//! Chains of entries may be of any length: what they own is behind a [`Gc`](crate::Gc). Maps that are values of maps by value,
//! however, are traced and dropped by recursion, as boxes in boxes are.
//!
//! # Differences from Python
//! Python's `WeakKeyDictionary` and `WeakSet` compare by `__eq__`; these compare by identity. Otherwise the death of a box
//! would have to run the user's `Eq` and `Hash`, on a value that is dying, to find its entries. And the `WeakKeyDictionary`
//! holds its values strongly: an entry whose value refers to its key stays for ever.

pub mod map;
pub mod set;
mod slots;
mod table;
pub mod value_map;
mod walk;

pub use map::WeakMap;
pub use set::WeakSet;
pub use value_map::WeakValueMap;
