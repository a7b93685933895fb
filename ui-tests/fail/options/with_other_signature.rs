use gc_core::{Gc, Trace, Tracer};

unsafe fn of_the_pointee(_: &Gc<u8>, _: &mut Tracer<'_>) {}

unsafe fn by_value(_: u8, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Holder {
    #[trace(with = of_the_pointee)]
    shared: std::rc::Rc<Gc<u8>>,
    #[trace(with = by_value)]
    value: u8,
}

fn main() {}
