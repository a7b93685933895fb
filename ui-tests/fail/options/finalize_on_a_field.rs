use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(finalize)] u8);

fn main() {}
