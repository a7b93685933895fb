use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
enum Type {
    #[trace(skip)]
    Variant(u8),
}

fn main() {}
