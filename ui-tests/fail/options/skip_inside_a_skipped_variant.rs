use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace(skip)]
    Variant(#[trace(skip)] u8),
}

fn main() {}
