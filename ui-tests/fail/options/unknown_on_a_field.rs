use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(ignore)]
    field: u8,
}

fn main() {}
