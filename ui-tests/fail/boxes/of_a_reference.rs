use gc_core::Gc;

fn main() {
    let number = 1;
    Gc::new(&number);
}
