use gc_core::Trace;

#[derive(Trace)]
enum Slot<T: Clone> {
    Empty,
    Full(T),
}

impl<T: Clone> Drop for Slot<T> {
    fn drop(&mut self) {}
}

fn main() {}
