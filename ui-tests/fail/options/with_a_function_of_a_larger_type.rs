use gc_core::{Gc, Trace, Tracer};

// A `&Field` is also a `&Larger`.
type Field = (Gc<u8>, for<'a> fn(&'a u8));
type Larger = (Gc<u8>, fn(&'static u8));

fn twice(field: &Larger, tracer: &mut Tracer<'_>) {
    field.0.trace(tracer);
    field.0.trace(tracer);
}

#[derive(Trace)]
struct Holder {
    #[trace(with = twice)]
    field: Field,
}

fn main() {}
