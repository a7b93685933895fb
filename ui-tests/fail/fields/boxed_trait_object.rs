use gc_core::Trace;

trait Shape {}

#[derive(Trace)]
struct Scene {
    shapes: Vec<Box<dyn Shape>>,
    size: u8,
}

fn main() {}
