use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Session {
    peer: Option<Gc<Session>>,
}

impl Drop for Session {
    fn drop(&mut self) {}
}

fn main() {}
