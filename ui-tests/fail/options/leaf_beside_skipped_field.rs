use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Type {
    #[trace(skip)]
    field: u8,
}

fn main() {}
