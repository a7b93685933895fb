use gc_core::Trace;

#[derive(Trace)]
struct Type {
    #[trace(finalise)]
    field: u8,
}

fn main() {}
