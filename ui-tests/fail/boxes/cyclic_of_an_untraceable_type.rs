use gc_core::{Gc, Weak};

struct Gadget {
    me: Weak<Gadget>,
}

fn main() {
    Gc::new_cyclic(|me| Gadget { me: me.clone() });
}
