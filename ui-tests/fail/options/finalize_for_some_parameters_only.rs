use gc_core::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Session<T>(Gc<T>);

impl Finalize for Session<u8> {
    fn finalize(&self) {}
}

fn main() {}
