use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(with = trace_field)] u8);

fn main() {}
