use gc_core::{Gc, Trace};

#[derive(Trace)]
#[repr(C, packed(2))]
struct Packed {
    byte: u8,
    edge: Gc<u8>,
}

fn main() {}
