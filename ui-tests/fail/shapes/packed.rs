use gc_core::{Gc, Trace};

#[derive(Trace)]
#[repr(packed)]
struct Packed(u8, Gc<u8>);

fn main() {}
