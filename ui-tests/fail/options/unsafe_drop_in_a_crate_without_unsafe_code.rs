#![forbid(unsafe_code)]

use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(unsafe_drop)]
struct Holder {
    edge: Gc<u8>,
}

impl Drop for Holder {
    fn drop(&mut self) {}
}

fn main() {}
