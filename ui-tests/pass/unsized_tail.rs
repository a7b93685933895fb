//! The last field of a struct may be without a size; it counts as having edges.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Tail<T: ?Sized> {
    len: usize,
    tail: T,
}

#[derive(Trace)]
struct Nested<T: ?Sized>(Gc<u8>, Tail<T>);

#[derive(Trace)]
struct Text(Gc<u8>, str);

#[derive(Trace)]
struct Slice<T>(Gc<u8>, [T]);

trait Shape: Trace {}

#[derive(Trace)]
struct Shaped {
    shape: dyn Shape,
}

#[derive(Trace)]
struct Path(Gc<u8>, std::path::Path);

fn main() {
    let sized = Gc::new(Tail { len: 1, tail: Gc::new(1) });
    assert_eq!(sized.len, 1);
    assert_eq!(Gc::referents(&sized).len(), 1);

    let boxed: Box<Tail<[Gc<u8>]>> = Box::new(Tail { len: 2, tail: [Gc::new(1), Gc::new(2)] });
    assert_eq!(boxed.tail.len(), boxed.len);
    assert_eq!(Gc::referents(&Gc::new(boxed)).len(), 2);

    let nested = Nested(Gc::new(1), Tail { len: 0, tail: Gc::new(2) });
    assert_eq!(Gc::referents(&Gc::new(nested)).len(), 2);

    fn traceable<T: Trace + ?Sized>() {}
    traceable::<Text>();
    traceable::<Slice<Gc<u8>>>();
    traceable::<Shaped>();
    traceable::<Path>();
}
