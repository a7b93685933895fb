//! `impl_trace_leaf!` takes no tokens that would make its `unsafe impl` one of another trait.
#![forbid(unsafe_code)]

use gc_core::{Gc, impl_trace_leaf};

struct Root(Gc<u8>);

impl_trace_leaf!(@impl [Send for Root {} #[cfg(any())] impl] u8);

fn main() {
    let _ = Root(Gc::new(1));
}
