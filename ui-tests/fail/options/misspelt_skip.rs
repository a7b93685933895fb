use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(skp)]
    field: u8,
}

fn main() {}
