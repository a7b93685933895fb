use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, finalize, leaf)]
struct Type;

fn main() {}
