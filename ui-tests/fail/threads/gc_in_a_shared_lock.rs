use std::sync::Mutex;

use gc_core::Gc;

fn share(_: &(impl Sync + 'static)) {}

fn main() {
    share(&Mutex::new(Gc::new(1)));
}
