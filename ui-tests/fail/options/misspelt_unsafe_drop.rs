use gc_core::Trace;

#[derive(Trace)]
#[trace(unsafe_dorp)]
struct Type(u8);

fn main() {}
