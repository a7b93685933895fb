use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(bound = "U: Trace")]
struct Type<T>(Gc<T>);

fn main() {}
