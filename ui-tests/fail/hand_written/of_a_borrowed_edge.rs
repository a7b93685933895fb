use gc_core::{Gc, Trace, Tracer};

struct Node {
    next: Option<Gc<Node>>,
}

unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        // It would report nothing: a borrowed `Gc` is not owned.
        self.next.as_ref().trace(tracer);
    }
}

fn main() {}
