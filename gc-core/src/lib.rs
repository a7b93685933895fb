// Where the links of the README lead in the documentation: of two definitions, the first counts.
//! [guide]: crate::guide
//! [ARCHITECTURE.md]: crate::guide::architecture
//! [BENCHMARKS.md]: crate::guide::benchmarks
//! [CHANGELOG.md]: crate::guide::changelog
//! [CONTRIBUTING.md]: crate::guide::contributing
//! [SAFETY.md]: crate::guide::safety
//! [LICENSE-APACHE]: https://www.apache.org/licenses/LICENSE-2.0
//! [LICENSE-MIT]: https://opensource.org/license/mit
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// The derive's output names this crate `gc_core`, in our own tests too.
extern crate self as gc_core;

#[allow(unsafe_code, reason = "counts and links the boxes suspected: C1 to C6")]
mod candidates;
#[allow(unsafe_code, reason = "`Trace` is unsafe to implement: T1 to T4")]
mod closure;
#[allow(unsafe_code, reason = "the pass over headers: Y1 to Y6")]
mod cycle;
mod debug;
#[allow(unsafe_code, reason = "a queue without borrow flag: D1, D2")]
mod drop_queue;
mod finalize;
#[allow(unsafe_code, reason = "hands out saved garbage: E4")]
pub mod gc;
#[allow(unsafe_code, reason = "typed access to erased boxes: G1 to G3")]
mod gc_box;
mod generation;
#[cfg(any(doc, doctest))]
pub mod guide;
#[allow(unsafe_code, reason = "allocation and death: E1 to E3, U1, U2")]
mod heap;
#[cfg(feature = "inspect")]
#[cfg_attr(docsrs, doc(cfg(feature = "inspect")))]
#[allow(unsafe_code, reason = "looks into headers and values: H1, I3 to I5")]
pub mod inspect;
#[allow(unsafe_code, reason = "header access through erased pointers: H1 to H6, T5")]
mod object;
mod panics;
#[allow(unsafe_code, reason = "the pointers themselves: S1 to S3, W1")]
mod pointers;
mod policy;
#[allow(unsafe_code, reason = "the allocator: P1 to P3, K1 to K3")]
mod pool;
mod print;
mod report;
mod spread;
#[allow(unsafe_code, reason = "`Trace` is unsafe to implement: T1 to T4")]
mod trace;
#[cfg(gc_verify)]
#[allow(unsafe_code, reason = "looks into headers: H1")]
mod verify;
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
