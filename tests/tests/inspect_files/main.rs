//! What snapshots are written to: graphs for Graphviz, and files for the memory panel of DevTools.
#![cfg(feature = "inspect")]

mod dot;
mod heaps;
mod heapsnapshot;
mod memory;
mod panel;
