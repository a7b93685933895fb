use gc_core::Gc;

fn main() {
    let offset = 1;
    let add = move |x: u32| x + offset;
    Gc::new(add);
}
