use gc_core::Trace;

#[derive(Trace)]
#[trace(crate = "gc_core")]
struct Type;

fn main() {}
