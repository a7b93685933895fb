use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(skp)]
    Variant(u8),
}

fn main() {}
