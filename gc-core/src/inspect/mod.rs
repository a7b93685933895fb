//! See the heap: what is alive, and why.
//!
//! A counted heap raises one question more often than any other: why is this still alive? [`Snapshot::capture`] has every object of
//! this thread's heap, with the edges between them by name, and answers it: [`Snapshot::why_alive`]. [`census`] counts objects by
//! type; a [`LeakScope`] fails a test that leaves objects behind.
//!
//! With the feature `inspect`, which is off by default, objects pay nothing for it while they are made, used and dropped (those
//! larger than 512 bytes an entry in a table, and those without a size, as `Gc<str>`, eight bytes).
//!
//! # Examples
//! ```
//! use std::cell::RefCell;
//! use gc_core::inspect::Snapshot;
//! use gc_core::{Gc, Trace};
//!
//! #[derive(Trace)]
//! struct Document {
//!     body: Gc<Element>,
//! }
//!
//! #[derive(Trace, Default)]
//! struct Element {
//!     children: RefCell<Vec<Gc<Element>>>,
//! }
//!
//! let document = Gc::new(Document { body: Gc::default() });
//! document.body.children.borrow_mut().extend([Gc::default(), Gc::default()]);
//!
//! let snapshot = Snapshot::capture();
//! println!("{}", snapshot.census());
//! let child = document.body.children.borrow()[1].clone();
//! let path = snapshot.why_alive(&child).unwrap();
//! assert_eq!(path.to_string(), "Document.body -> Element.children[1] -> Element");
//! assert_eq!(snapshot.retained_size(&document), Some(snapshot.objects().map(|object| object.size()).sum()));
//! ```
//!
//! # What is captured
//! All objects whose value is alive, those too that collections never look at. Not those of which only weak pointers are left, nor those
//! whose value is being dropped or is yet to come ([`Gc::new_cyclic`](crate::Gc::new_cyclic)). An object whose finalizer runs is there,
//! and [garbage](Object::is_garbage) unless something else leads to it.
//!
//! An edge is what [`Trace`](crate::Trace) reports: a `Gc` in a value. Its name is the way to it: of fields, of variants, of positions in
//! tuples and collections. A `Some` has no name where another one is at hand, nor has a cell or a `Box`; the only value of a variant
//! has no position. Entries of a map are numbered as they are iterated, and a `Gc` in a key is `[3].key`. `Weak`s and the keys of
//! weak collections are [weak](EdgeKind::Weak) edges. What the values of a [`WeakMap`](crate::weak::WeakMap) own hangs on the keys:
//! by [ephemeron](EdgeKind::Ephemeron) edges.
//!
//! `Gc`s that nobody traces make an object be [held from outside](Object::outside): it is where paths begin.
//!
//! # What cannot be read
//! A cell that is mutably borrowed, or a lock that is held, is passed over, and its object marked: [`Object::unread`]. So is an
//! object whose `trace` panics. And so is one whose value may be mutably borrowed by [`Gc::get_mut`](crate::Gc::get_mut) or
//! [`make_mut`](crate::Gc::make_mut): nothing tells when such a reference is used last. It is known to be over once the object has or
//! had another pointer to it, strong or weak, or is owned by an object that is read. Clone the `Gc` before a capture if the root of what you look for is
//! such an object.
//!
//! Whoever has written through the raw pointer of [`Gc::as_ptr`](crate::Gc::as_ptr) and captures meanwhile answers for it as
//! for any other look at the value.
//!
//! # Where it may be called
//! Everywhere: in finalizers, callbacks, destructors, and hooks of collections; but not in a [`trace`](crate::Trace::trace), where it
//! panics. Nothing is collected meanwhile. No code of yours runs but `trace`.
//!
//! # Costs
//! A capture with its dominator tree takes about a microsecond and less than 200 bytes for each object at its peak, with a few edges each
//! (`cargo run --release -p gc-tests --features inspect --example capture`). Nothing recurs, however deep the graph.

mod capture;
mod census;
mod components;
mod dominators;
mod leak_scope;
mod links;
mod names;
mod object;
mod path;
mod reach;
mod snapshot;

pub use crate::object::describer::EdgeKind;
pub use capture::Unread;
pub use census::{Census, CensusDiff, CensusDiffRow, CensusRow, census};
pub use components::{Component, Components};
pub use dominators::DominatorTree;
pub use leak_scope::{LeakScope, Survivors};
pub use object::{Edge, Label, Object};
pub use path::Path;
pub use snapshot::{Phase, Progress, Snapshot};

mod dot;
mod heapsnapshot;
mod tables;

pub use dot::Dot;
pub use heapsnapshot::DevToolsIds;
