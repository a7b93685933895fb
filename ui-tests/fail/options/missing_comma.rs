use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf finalize)]
struct Type;

fn main() {}
