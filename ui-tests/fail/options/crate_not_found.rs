use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(crate = collector)]
struct Session {
    peer: Option<Gc<Session>>,
}

fn main() {}
