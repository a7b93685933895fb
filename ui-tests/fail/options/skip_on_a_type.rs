use gc_core::Trace;

#[derive(Trace)]
#[trace(skip)]
struct Type(u8);

fn main() {}
