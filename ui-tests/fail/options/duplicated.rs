use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, finalize, leaf)]
#[trace(finalize)]
struct Type;

#[derive(Trace)]
struct Fields {
    #[trace(skip, skip)]
    field: u8,
    #[trace(with = f)]
    #[trace(with = g)]
    other: u8,
}

fn main() {}
