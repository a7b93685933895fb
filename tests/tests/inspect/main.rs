//! `gc_core::inspect`: what is alive, and why.
#![cfg(feature = "inspect")]

mod capture;
mod figures;
mod leaks;
mod names;
mod paths;
mod random;
