use gc_core::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Session(Option<Gc<Session>>);

impl Finalize for Session {
    fn finalize(&self) {}
}

impl Drop for Session {
    fn drop(&mut self) {}
}

fn main() {}
