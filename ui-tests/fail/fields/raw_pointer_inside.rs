use std::cell::Cell;

use gc_core::Trace;

#[derive(Trace)]
struct Type {
    maybe: Option<*const u8>,
    many: [(u8, Cell<*mut u8>); 2],
}

fn main() {}
