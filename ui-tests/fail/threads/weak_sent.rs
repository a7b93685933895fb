use gc_core::{Gc, Weak};

// As `std::thread::spawn`, of which the compiler would show the source if it is installed.
fn spawn(_: impl FnOnce() + Send + 'static) {}

fn main() {
    let weak: Weak<i32> = Gc::downgrade(&Gc::new(1));
    spawn(move || drop(weak));
}
