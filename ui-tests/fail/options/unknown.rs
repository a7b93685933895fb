use gc_core::Trace;

#[derive(Trace)]
#[trace(acyclic)]
struct Type {
    #[trace(ignore)]
    field: u8,
}

#[derive(Trace)]
enum Variants {
    #[trace(ignore)]
    One,
}

fn main() {}
