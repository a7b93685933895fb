use gc_core::{Gc, Trace};

fn store<T: Trace>(value: T) -> Gc<T> {
    Gc::new(value)
}

fn main() {}
