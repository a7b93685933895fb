use gc_core::Trace;

#[derive(Trace)]
#[trace(bound)]
struct Type<T>(T);

fn main() {}
