use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf = true)]
struct Type;

fn main() {}
