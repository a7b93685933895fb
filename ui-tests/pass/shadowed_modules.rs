//! Modules called as the crates that the derived code uses are not taken for these.

mod gc_core {
    pub struct Trace;
}
mod core {}
mod std {}
mod alloc {}
mod __private {}

use ::gc_core::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    edge: Gc<u8>,
    next: ::std::option::Option<Gc<Node>>,
}

impl Finalize for Node {
    fn finalize(&self) {}
}

mod nested {
    mod gc_core {}
    mod core {}

    #[derive(::gc_core::Trace)]
    pub(super) enum Inner<T> {
        Edge(T, fn(&u8)),
    }
}

fn main() {
    let node = Gc::new(Node { edge: Gc::new(1), next: None });
    assert_eq!(Gc::referents(&node).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(nested::Inner::Edge(Gc::new(1), |_| ()))).len(), 1);
    let _ = gc_core::Trace;
}
