use gc_core::Trace;

#[derive(Trace)]
struct Fields<T> {
    #[trace(skip, with = f)]
    field: T,
}

#[derive(Trace)]
#[trace(leaf, bound = "T: Trace")]
struct Bound<T>(T);

#[derive(Trace)]
enum Variants {
    #[trace(skip)]
    One(#[trace(skip)] u8, #[trace(with = f)] u8),
}

fn main() {}
