use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(crate = gc_core)]
    Variant(u8),
}

fn main() {}
