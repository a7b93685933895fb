use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(skip(always))] u8);

fn main() {}
