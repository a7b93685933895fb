use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(unsafe_drop)] u8);

fn main() {}
