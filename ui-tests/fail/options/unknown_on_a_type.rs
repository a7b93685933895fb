use gc_core::Trace;

#[derive(Trace)]
#[trace(acyclic)]
struct Type(u8);

fn main() {}
