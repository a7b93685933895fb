use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Node {
    next: Gc<Node>,
}

// As `std::thread::spawn`, of which the compiler would show the source if it is installed.
fn spawn(_: impl FnOnce() + Send + 'static) {}

fn send(node: Node) {
    spawn(move || drop(node));
}

fn main() {}
