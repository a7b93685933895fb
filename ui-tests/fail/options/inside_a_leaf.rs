use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Fields {
    #[trace(skip)]
    field: u8,
    #[trace(with = f)]
    other: u8,
}

#[derive(Trace)]
#[trace(leaf)]
enum Variants {
    #[trace(skip)]
    One(u8),
}

fn main() {}
