use gc_core::Trace;

#[derive(Trace)]
#[trace(crate)]
struct Type;

fn main() {}
