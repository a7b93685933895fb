//! A field may have any name, also a raw one.

#![allow(non_camel_case_types)]

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct r#struct<r#fn> {
    tracer: Gc<u8>,
    visitor: Gc<u8>,
    self_: Gc<u8>,
    f0: Gc<u8>,
    __gc_0: Gc<u8>,
    __gc_tracer: Gc<u8>,
    r#type: Gc<u8>,
    r#match: r#fn,
}

#[derive(Trace)]
enum r#enum {
    r#loop { r#in: Gc<u8>, trace: Gc<u8> },
}

fn main() {
    let leaf = || Gc::new(1);
    let raw = r#struct {
        tracer: leaf(),
        visitor: leaf(),
        self_: leaf(),
        f0: leaf(),
        __gc_0: leaf(),
        __gc_tracer: leaf(),
        r#type: leaf(),
        r#match: leaf(),
    };
    assert_eq!(Gc::referents(&Gc::new(raw)).len(), 8);
    assert_eq!(Gc::referents(&Gc::new(r#enum::r#loop { r#in: leaf(), trace: leaf() })).len(), 2);
}
