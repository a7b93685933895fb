use gc_core::Trace;

#[derive(Trace)]
struct Type<T> {
    #[trace(bound = "T: Trace")]
    field: T,
}

fn main() {}
