use gc_core::Trace;

#[derive(Trace)]
struct Writer<'a>(&'a mut String, u32);

fn main() {}
