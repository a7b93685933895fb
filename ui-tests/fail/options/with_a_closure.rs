use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(with = |_, _| ())] u8);

fn main() {}
