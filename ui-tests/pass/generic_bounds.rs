//! Bounds are asked of the parameters that are traced, and of nothing else.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use gc_core::{Gc, Trace, Weak};

/// Without `Trace`.
#[derive(Debug, Clone)]
struct Opaque;

#[derive(Trace)]
struct Unasked<'a, A, B, C, D, E: 'static, F, G, H>
where
    A: 'static,
    B: 'static,
{
    gc: Option<Gc<A>>,
    weak: Weak<B>,
    phantom: PhantomData<C>,
    rc: Rc<D>,
    borrowed: &'static E,
    lifetime: PhantomData<fn(&'a ())>,
    function: fn(F) -> F,
    #[trace(skip)]
    skipped: Option<G>,
    shared: Arc<Vec<H>>,
}

#[derive(Trace)]
struct Bounded<T: Debug, const N: usize = 2>
where
    T: Clone,
{
    items: [T; N],
}

#[derive(Trace)]
struct Projected<I: Iterator, J>
where
    J: IntoIterator,
{
    item: I::Item,
    items: Vec<<J as IntoIterator>::Item>,
}

#[derive(Trace)]
struct Boxed<T: ?Sized>(Box<T>);

#[derive(Trace)]
struct ParameterNames<Trace, Tracer, Option, Edges>(Trace, Tracer, Option, Edges);

fn main() {
    let unasked = Unasked {
        gc: Some(Gc::leaf(Opaque)),
        weak: Gc::downgrade(&Gc::leaf(Opaque)),
        phantom: PhantomData::<Opaque>,
        rc: Rc::new(Opaque),
        borrowed: &Opaque,
        lifetime: PhantomData,
        function: |opaque: Opaque| opaque,
        skipped: Some(Opaque),
        shared: Arc::new(vec![Opaque]),
    };
    assert!(unasked.weak.upgrade().is_none() && unasked.skipped.is_some());
    let _ = (&unasked.phantom, &unasked.rc, unasked.borrowed, &unasked.lifetime, &unasked.function, &unasked.shared);
    assert_eq!(Gc::referents(&Gc::new(unasked)).len(), 1);

    let bounded = Bounded { items: [Gc::new(1), Gc::new(2)] };
    assert_eq!(Gc::referents(&Gc::new(bounded)).len(), 2);
    assert!(!<Bounded<u8>>::has_edges());

    // The iterators are not `Trace`; what they yield is.
    let projected = Projected::<std::vec::IntoIter<Gc<u8>>, std::iter::Once<Gc<u8>>> {
        item: Gc::new(1),
        items: vec![Gc::new(2)],
    };
    assert_eq!(Gc::referents(&Gc::new(projected)).len(), 2);

    assert_eq!(Gc::referents(&Gc::new(Boxed::<[Gc<u8>]>(Box::new([Gc::new(1)])))).len(), 1);
    assert!(!ParameterNames::<u8, u8, u8, u8>::has_edges());
    let _ = ParameterNames((), (), (), ());
}
