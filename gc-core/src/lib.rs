//! A reference-counted heap whose cycles are collected.
//!
//! [`Gc<T>`] and [`Weak<T>`] work like `std::rc::Rc` and `std::rc::Weak`: the strong count frees a value the instant
//! it reaches zero. What counting cannot free, cycles, is found by a generational pass over the edges that
//! `#[derive(Trace)]` makes visible, as CPython's `gc` module does it.
//!
//! ```
//! use std::cell::RefCell;
//! use gc_core::{Gc, Trace, Weak};
//!
//! #[derive(Trace)]
//! struct Person {
//!     name: String,
//!     friends: RefCell<Vec<Gc<Person>>>,
//!     boss: RefCell<Weak<Person>>,
//! }
//!
//! let [ada, ben] = ["Ada", "Ben"].map(|name| {
//!     Gc::new(Person { name: name.into(), friends: RefCell::default(), boss: RefCell::default() })
//! });
//! ada.friends.borrow_mut().push(ben.clone());
//! ben.friends.borrow_mut().push(ada.clone());
//! *ben.boss.borrow_mut() = Gc::downgrade(&ada);
//! assert_eq!(ben.boss.borrow().upgrade().unwrap().name, "Ada");
//!
//! drop((ada, ben));
//! assert_eq!(gc_core::collect(), 2);
//! ```
//!
//! # Who owns what
//! - An edge is a `Gc` inside a value that [`Trace`] reports. Everything else that holds a `Gc` (the stack, an `Rc`, a
//!   thread-local, a [`Leaf`], a field marked `#[trace(skip)]`) counts as held from outside, and keeps what it points
//!   to alive.
//! - A value dies when its last `Gc` goes, or in a collection once only dying values point to it. Collections come by
//!   themselves as boxes are allocated, and when [`gc::collect`] is called.
//! - A type with edges does not implement `Drop`, but [`Finalize`], which sees the graph intact and may resurrect. Leaf
//!   values drop as they like.
//! - A [`Weak`] upgrades until its target dies, and may call back then ([`Gc::downgrade_with`]). The heap itself keeps the
//!   closures of [`Gc::on_drop`].
//! - Every thread has a heap of its own; `Gc` is not `Send`.

#![cfg_attr(doctest, doc = include_str!("../../README.md"))]

// The derive's output names this crate `gc_core`, in our own tests too.
extern crate self as gc_core;

#[allow(unsafe_code, reason = "counts and links the boxes suspected: C1 to C3")]
mod candidates;
#[allow(unsafe_code, reason = "`Trace` is unsafe to implement: T1 to T4")]
mod closure;
#[allow(unsafe_code, reason = "the pass over headers: Y1 to Y3")]
mod cycle;
#[allow(unsafe_code, reason = "a queue without borrow flag: D1")]
mod drop_queue;
mod finalize;
pub mod gc;
#[allow(unsafe_code, reason = "typed access to erased boxes: G1, G2")]
mod gc_box;
mod generation;
#[allow(unsafe_code, reason = "allocation and death: E1 to E3")]
mod heap;
#[allow(unsafe_code, reason = "header access through erased pointers: H1 to H4, T5")]
mod object;
mod panics;
#[allow(unsafe_code, reason = "the pointers themselves: S1, W1")]
mod pointers;
mod policy;
#[allow(unsafe_code, reason = "the allocator: P1 to P3, K1 to K3")]
mod pool;
mod print;
mod report;
mod spread;
#[allow(unsafe_code, reason = "`Trace` is unsafe to implement: T1 to T4")]
mod trace;
#[allow(unsafe_code, reason = "linked lists, and a flag in headers: O1, O2, B1, B2")]
mod watchers;
#[allow(unsafe_code, reason = "`Trace` is unsafe to implement: T1 to T4")]
pub mod weak;

#[doc(hidden)]
#[allow(unsafe_code, reason = "calls the `with` functions of derived types, which promise T1 to T4")]
pub mod __private;

pub use closure::{Closure, TracedFn};
pub use finalize::Finalize;
pub use gc::{Generation, Thresholds, collect};
#[cfg(feature = "derive")]
pub use gc_derive::Trace;
pub use object::tracer::Tracer;
pub use pointers::{Allocate, Finalizer, Gc, Referent, Renew, Weak};
pub use trace::{Leaf, Trace};
