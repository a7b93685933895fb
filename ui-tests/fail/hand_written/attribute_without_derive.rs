use gc_core::Gc;

struct Session {
    #[trace(skip)]
    peer: Option<Gc<Session>>,
}

fn main() {}
