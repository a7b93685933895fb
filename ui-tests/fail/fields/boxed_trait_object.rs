use gc_core::Trace;

trait Shape {}

#[derive(Trace)]
struct Scene {
    shapes: Vec<Box<dyn Shape>>,
    count: u32,
}

fn main() {}
