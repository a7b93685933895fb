use gc_core::Trace;

#[derive(Trace)]
struct Type(#[trace(wiht = trace_field)] u8);

fn main() {}
