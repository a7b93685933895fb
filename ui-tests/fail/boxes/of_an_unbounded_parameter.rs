use gc_core::Gc;

fn store<T: 'static>(value: T) -> Gc<T> {
    Gc::new(value)
}

fn main() {}
