use gc_core::{Gc, Trace};

#[derive(Trace)]
#[repr(packed)]
struct Packed(u8, Gc<u8>);

#[derive(Trace)]
#[repr(C, packed(2))]
struct PackedToTwo {
    byte: u8,
    edge: Gc<u8>,
}

fn main() {}
