use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "where T: Trace")]
struct Type<T>(T);

fn main() {}
