use gc_core::Gc;

// As `std::thread::spawn`, of which the compiler would show the source if it is installed.
fn spawn(_: impl FnOnce() + Send + 'static) {}

fn main() {
    let number = Gc::new(1);
    spawn(move || drop(number));
}
