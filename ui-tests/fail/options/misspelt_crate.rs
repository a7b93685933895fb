use gc_core::Trace;

#[derive(Trace)]
#[trace(crates = gc_core)]
struct Type(u8);

fn main() {}
