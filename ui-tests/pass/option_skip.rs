//! A skipped field or variant is not traced, and its type is asked nothing.

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Field {
    traced: Edge,
    #[trace(skip)]
    held: Option<Edge>,
    #[trace(skip)]
    opaque: Opaque,
}

#[derive(Trace)]
enum Variants<T> {
    Traced(Edge),
    #[trace(skip)]
    Opaque(T, Edge),
    #[trace(skip)]
    Named {
        opaque: Opaque,
    },
    #[trace(skip)]
    Unit,
    Field(#[trace(skip)] Opaque, Edge),
}

#[derive(Trace)]
struct Nothing(#[trace(skip)] Edge);

// Nothing of it is traced, so it may drop as it likes.
impl Drop for Nothing {
    fn drop(&mut self) {}
}

// What no other field may be.
#[derive(Trace)]
struct Anything<'a> {
    #[trace(skip)]
    pointer: *const Opaque,
    #[trace(skip)]
    borrowed: &'a mut Opaque,
    #[trace(skip)]
    object: Box<dyn Fn() -> Opaque>,
    #[trace(skip)]
    thread: std::thread::Thread,
    #[trace(skip)]
    tail: [Opaque],
}

fn main() {
    assert_eq!(edges(Field { traced: edge(), held: Some(edge()), opaque: Opaque }), 1);
    assert!(reclaims(|back| Field { traced: back, held: None, opaque: Opaque }));
    assert!(!reclaims(|back| Field { traced: edge(), held: Some(back), opaque: Opaque }));

    assert!(reclaims(Variants::<Opaque>::Traced));
    assert!(!reclaims(|back| Variants::Opaque(Opaque, back)));
    assert_eq!(edges(Variants::<Opaque>::Named { opaque: Opaque }) + edges(Variants::<Opaque>::Unit), 0);
    assert!(reclaims(|back| Variants::<Opaque>::Field(Opaque, back)));

    assert!(!is_tracked(Nothing(edge())));

    fn traceable<T: Trace + ?Sized>() {}
    traceable::<Anything<'_>>();
}
