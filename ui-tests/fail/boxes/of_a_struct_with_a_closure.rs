use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Button<F: Fn(u32)> {
    on_click: F,
}

fn main() {
    let button = Button { on_click: |_| () };
    Gc::new(button);
}
