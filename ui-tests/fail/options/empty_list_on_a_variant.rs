use gc_core::Trace;

#[derive(Trace)]
enum Type {
    #[trace()]
    Variant,
}

fn main() {}
