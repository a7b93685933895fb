use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace()] u8);

fn main() {}
