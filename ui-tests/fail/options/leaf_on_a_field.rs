use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(leaf)]
    field: u8,
}

fn main() {}
