use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Session {
    peer: Option<Gc<Session>>,
}

fn main() {}
