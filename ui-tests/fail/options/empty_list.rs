use gc_core::Trace;

#[derive(Trace)]
#[trace()]
struct Type;

fn main() {}
