use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(leaf, unsafe_drop)]
struct Type(Gc<u8>);

fn main() {}
