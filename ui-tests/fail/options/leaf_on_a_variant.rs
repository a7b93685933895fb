use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(leaf)]
    Variant(u8),
}

fn main() {}
