//! Memory is bounded: what the operating system says that a process has resident, after a peak and in a churn without end.
//!
//! Each test runs in a process of its own, and prints its figures (`cargo test --test bounded_memory -- --nocapture`). In release
//! mode the churns are of ten million cycles, in debug mode of a million or less. Where every box has an allocation of its own, for a
//! sanitizer that keeps what was freed, what is resident says nothing: the tests are left out.

#![cfg(not(gc_system_alloc))]

mod churn;
mod peaks;
mod process;
mod threads;
