//! All of them are told at once, and none makes the type look untraceable elsewhere.

use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(finalise, leaf, bound = "?")]
struct Type<T> {
    #[trace(skip)]
    one: T,
    #[trace(ignore)]
    two: std::thread::Thread,
    #[trace]
    three: *const u8,
}

#[derive(Trace)]
struct Holder(Type<u8>);

fn main() {
    Gc::new(Type { one: 1, two: std::thread::current(), three: &1 });
}
