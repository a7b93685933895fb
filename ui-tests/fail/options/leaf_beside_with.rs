use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Type {
    #[trace(with = trace_field)]
    field: u8,
}

fn main() {}
