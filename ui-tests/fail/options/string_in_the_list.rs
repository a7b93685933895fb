use gc_core::Trace;

#[derive(Trace)]
#[trace("leaf")]
struct Type;

fn main() {}
