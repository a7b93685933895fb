use std::sync::Mutex;

use gc_core::Gc;

enum Root {
    Unset,
    Set(Gc<u8>),
}

static ROOT: Mutex<Root> = Mutex::new(Root::Unset);

fn main() {}
