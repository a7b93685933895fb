use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, bound = "T: Trace")]
struct Type<T>(T);

fn main() {}
