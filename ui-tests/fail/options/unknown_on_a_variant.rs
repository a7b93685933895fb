use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(ignore)]
    Variant(u8),
}

fn main() {}
