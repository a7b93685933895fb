use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(with)] u8);

fn main() {}
