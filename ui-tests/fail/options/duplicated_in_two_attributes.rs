use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(with = trace_field)]
    #[trace(with = trace_other)]
    field: u8,
}

fn main() {}
