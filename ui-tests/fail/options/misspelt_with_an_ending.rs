use gc_core::Trace;

#[derive(Trace)]
#[trace(final)]
struct Type(#[trace(skipped)] u8);

fn main() {}
