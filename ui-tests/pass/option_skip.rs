//! A skipped field or variant is not traced, and its type is asked nothing.

use gc_core::{Gc, Trace};

struct Opaque;

#[derive(Trace)]
struct Skips {
    traced: Gc<u8>,
    #[trace(skip)]
    held: Gc<u8>,
    #[trace(skip)]
    opaque: Opaque,
}

#[derive(Trace)]
enum Variants<T> {
    Traced(Gc<u8>),
    #[trace(skip)]
    Opaque(T, Gc<u8>),
    #[trace(skip)]
    Named { opaque: Opaque },
    Field(#[trace(skip)] Opaque, Gc<u8>),
}

#[derive(Trace)]
struct Nothing(#[trace(skip)] Gc<u8>);

// Nothing of it is traced, so it may drop as it likes.
impl Drop for Nothing {
    fn drop(&mut self) {}
}

fn main() {
    let skips = Gc::new(Skips { traced: Gc::new(1), held: Gc::new(2), opaque: Opaque });
    let _ = (&skips.traced, &skips.held, &skips.opaque);
    assert_eq!(Gc::referents(&skips).len(), 1);

    let edges = |variant| Gc::referents(&Gc::new(variant)).len();
    assert_eq!(edges(Variants::Traced(Gc::new(1))), 1);
    assert_eq!(edges(Variants::Opaque(Opaque, Gc::new(1))), 0);
    assert_eq!(edges(Variants::Named { opaque: Opaque }), 0);
    assert_eq!(edges(Variants::Field(Opaque, Gc::new(1))), 1);
    assert!(!Nothing::has_edges());
}
