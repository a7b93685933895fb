use gc_core::Trace;

#[derive(Trace)]
#[trace(bounds = "")]
struct Type(u8);

fn main() {}
