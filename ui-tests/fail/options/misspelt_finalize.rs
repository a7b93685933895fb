use gc_core::Trace;

#[derive(Trace)]
#[trace(finalise)]
struct Type(u8);

fn main() {}
