//! Programs that show the `gc-core` heap at work, and the tests that run them.
//!
//! The programs are this package's examples: `lox/` is a complete interpreter for the language of *Crafting Interpreters*
//! in which every run-time value is a box of the heap; `dom/` reads, queries and changes HTML pages whose every node is one.
//! What `dom` is built on is this library, for the tests and benchmarks use it, too.

#![forbid(unsafe_code)]

#[path = "../dom/model/mod.rs"]
pub mod dom;
