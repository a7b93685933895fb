//! Derived and hand-written impls work inside one another.

use gc_core::{Gc, Trace, Tracer};
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

/// Reports half of what it owns.
struct ByHand<T> {
    traced: T,
    held: T,
}

// SAFETY: the first field is reported once, and there is no `Drop`.
unsafe impl<T: Trace> Trace for ByHand<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.traced.trace(tracer);
    }

    fn has_edges() -> bool {
        T::has_edges()
    }
}

#[derive(Trace)]
struct Derived<T>(ByHand<T>, Option<ByHand<Inner<T>>>);

#[derive(Trace)]
struct Inner<T>(T);

fn main() {
    let derived = |back| Derived(ByHand { traced: back, held: edge() }, None);
    assert_eq!(edges(derived(edge())), 1);
    assert!(reclaims(derived));
    assert!(!reclaims(|back| Derived(ByHand { traced: edge(), held: back }, None)));

    let inner = |back| Some(ByHand { traced: Inner(back), held: Inner(edge()) });
    assert!(reclaims(|back| Derived(ByHand { traced: edge(), held: edge() }, inner(back))));

    assert!(!is_tracked(Derived(ByHand { traced: 1, held: 2 }, None)));
    let by_hand: Gc<ByHand<Edge>> = Gc::new(ByHand { traced: edge(), held: edge() });
    assert_eq!(Gc::referents(&by_hand).len(), 1);
}
