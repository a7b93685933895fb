use gc_core::Trace;

#[derive(Trace)]
#[trace(finalize)]
enum Slot<T: Clone> {
    Empty,
    Full(T),
}

impl<T: Clone> gc_core::Finalize for Slot<T> {
    fn finalize(&self) {}
}

impl<T: Clone> Drop for Slot<T> {
    fn drop(&mut self) {}
}

fn main() {}
