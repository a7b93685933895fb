use gc_core::Trace;

#[derive(Trace)]
#[trace(leef)]
struct Type(u8);

fn main() {}
