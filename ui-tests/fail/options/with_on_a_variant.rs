use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(with = trace_variant)]
    Variant(u8),
}

fn main() {}
