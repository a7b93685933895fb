use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "U: Trace")]
struct Pair<T, U> {
    left: T,
    right: U,
}

fn main() {}
