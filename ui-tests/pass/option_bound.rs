//! `bound` replaces the bounds that the derive would write.

use std::marker::PhantomData;

use gc_core::{Gc, Trace};

trait Store {
    type Item;
}

struct Numbers;

impl Store for Numbers {
    type Item = Gc<u8>;
}

// By itself, the derive would ask for `S: Trace` as well.
#[derive(Trace)]
#[trace(bound = "S::Item: Trace")]
struct Shelf<S: Store> {
    first: Option<S::Item>,
    store: Handle<S>,
}

/// Implements `Trace` for any `S`, which its name does not show.
struct Handle<S>(PhantomData<S>);

gc_core::impl_trace_leaf!(<S> Handle<S>);

#[derive(Trace)]
#[trace(bound = "")]
struct Unbounded<S>(Handle<S>);

#[derive(Trace)]
#[trace(bound = "T: Trace + Clone, U: Trace,")]
struct Cloned<T, U>(T, U)
where
    U: 'static;

fn main() {
    let shelf = Gc::new(Shelf::<Numbers> { first: Some(Gc::new(1)), store: Handle(PhantomData) });
    let _ = &shelf.store;
    assert_eq!(Gc::referents(&shelf).len(), 1);
    assert!(!Unbounded::<Numbers>::has_edges());
    assert_eq!(Gc::referents(&Gc::new(Cloned(Gc::new(1), 2))).len(), 1);
    let _ = Unbounded::<Numbers>(Handle(PhantomData));
}
