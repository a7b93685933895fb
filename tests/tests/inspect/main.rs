//! `gc_core::inspect`: what is alive, and why.
#![cfg(feature = "inspect")]

mod names;
mod random;
