//! Programs that show the `gc-core` heap at work, and the tests that run them.
//!
//! The programs are this package's examples: `lox/` is a complete interpreter for the language of *Crafting Interpreters*
//! in which every run-time value is a box of the heap. This library is empty; Cargo wants one beside the examples.
