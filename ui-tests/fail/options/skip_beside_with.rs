use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(skip, with = trace_field)]
    field: u8,
}

fn main() {}
