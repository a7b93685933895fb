use gc_core::{Gc, Trace, Tracer};

unsafe fn trace_edge(_: &Gc<u8>, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Holder {
    #[trace(with = trace_edge)]
    shared: std::rc::Rc<Gc<u8>>,
}

fn main() {}
