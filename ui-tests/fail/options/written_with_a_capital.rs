use gc_core::Trace;

#[derive(Trace)]
#[trace(Leaf)]
struct Type(u8);

fn main() {}
