use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = T: Trace)]
struct Type<T>(T);

fn main() {}
