//! The guide: from the decision to a library in half an hour.
//!
//! Five minutes decide: [when to use this](when), and [what it costs](costs). Half an hour builds: [from `Rc`](from_rc),
//! [who owns what](ownership), then what you need of the rest. Every block of code is compiled and run by `cargo test`, and
//! every figure is one of the [benchmarks].
//!
//! | chapter | read it |
//! |---|---|
//! | [When to use this, and when not](when) | first |
//! | [From `Rc` in ten minutes](from_rc) | with a program open that uses `Rc` |
//! | [Ownership in one picture](ownership) | before you design a type |
//! | [Cycles, weak pointers, finalizers](cycles) | when something has to happen at a death |
//! | [Writing `Trace` by hand](hand_trace) | for a container of your own, and foreign types that own a `Gc` |
//! | [Libraries on top](libraries) | before you publish one |
//! | [Tuning and pauses](tuning) | when a collection shows in a profile |
//! | [Finding leaks](leaks) | when memory grows |
//! | [What it costs](costs) | when you count |
//! | [Questions](faq) | threads, `async`, `Send`, embedding, `no_std`, and others |
//!
//! Whole programs are in `examples`; the README lists them. Most are one file on one subject; `dom`, a document object model with
//! weak parents, and `lox`, an interpreter, are libraries on this heap as you may be about to write one.

/// When to use this, and when something else serves better.
#[doc = ""]
#[doc = include_str!("when.md")]
pub mod when {}

/// From `Rc` in ten minutes.
#[doc = ""]
#[doc = include_str!("from_rc.md")]
pub mod from_rc {}

/// Ownership in one picture.
#[doc = ""]
#[doc = include_str!("ownership.svg")]
#[doc = ""]
#[doc = include_str!("ownership.md")]
pub mod ownership {}

/// Cycles, weak pointers and finalizers: what dies when, and what hears of it.
#[doc = ""]
#[doc = include_str!("life.svg")]
#[doc = ""]
#[doc = include_str!("cycles.md")]
#[doc = ""]
#[doc = include_str!("collection.svg")]
#[doc = ""]
#[doc = include_str!("collection.md")]
pub mod cycles {}

/// Writing `Trace` by hand.
#[doc = ""]
#[doc = include_str!("hand_trace.md")]
pub mod hand_trace {}

/// Libraries on top: what to bound, and what not to.
#[doc = ""]
#[doc = include_str!("libraries.md")]
pub mod libraries {}

/// Tuning and pauses.
#[doc = ""]
#[doc = include_str!("tuning.md")]
pub mod tuning {}

/// Finding leaks.
#[doc = ""]
#[doc = include_str!("leaks.md")]
pub mod leaks {}

/// What it costs, in instructions.
#[doc = ""]
#[doc = include_str!("costs.md")]
pub mod costs {}

/// Questions: threads, `async`, `Send`, embedding, `no_std`, and others.
#[doc = ""]
#[doc = include_str!("faq.md")]
pub mod faq {}

/// `BENCHMARKS.md`: what was measured, and how.
#[doc = ""]
#[doc = include_str!("../../BENCHMARKS.md")]
pub mod benchmarks {}

/// `ARCHITECTURE.md`: how it works.
///
/// [README]: crate
/// [SAFETY.md]: safety
#[doc = ""]
#[doc = include_str!("../../ARCHITECTURE.md")]
pub mod architecture {}

/// `SAFETY.md`: why it is sound, and why all garbage is found.
///
/// [ARCHITECTURE.md]: architecture
#[doc = ""]
#[doc = include_str!("../../SAFETY.md")]
pub mod safety {}

/// `CHANGELOG.md`: what changed.
#[doc = ""]
#[doc = include_str!("../../CHANGELOG.md")]
pub mod changelog {}

/// `CONTRIBUTING.md`: building, testing, sanitizers.
///
/// [README.md]: crate
/// [ARCHITECTURE.md]: architecture
/// [SAFETY.md]: safety
/// [BENCHMARKS.md]: benchmarks
/// [MIT]: https://opensource.org/license/mit
/// [Apache-2.0]: https://www.apache.org/licenses/LICENSE-2.0
#[doc = ""]
#[doc = include_str!("../../CONTRIBUTING.md")]
pub mod contributing {}
