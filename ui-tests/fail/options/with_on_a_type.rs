use gc_core::Trace;

#[derive(Trace)]
#[trace(with = trace_type)]
struct Type(u8);

fn main() {}
