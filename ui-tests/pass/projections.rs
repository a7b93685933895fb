//! What is projected from a parameter must be traceable; the parameter itself need not.

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

type Edges = std::vec::IntoIter<Edge>;

#[derive(Trace)]
struct Short<I: Iterator>(I::Item);

#[derive(Trace)]
struct Qualified<J>
where
    J: IntoIterator,
{
    items: Vec<<J as IntoIterator>::Item>,
}

#[derive(Trace)]
struct Equal<I: Iterator<Item = Edge>>(I::Item);

#[derive(Trace)]
struct Twice<I>(<I::Item as IntoIterator>::Item)
where
    I: Iterator,
    I::Item: IntoIterator;

#[derive(Trace)]
struct OfContainer<T>(T, <Vec<T> as IntoIterator>::Item);

trait Family {
    type Of<T>;
    type Lent<'a>;
}

impl Family for Opaque {
    type Of<T> = Vec<T>;
    type Lent<'a> = Option<Edge>;
}

#[derive(Trace)]
struct Member<F: Family, T>(F::Of<T>, <F as Family>::Lent<'static>);

#[derive(Trace)]
struct Concrete(<Vec<Edge> as IntoIterator>::Item, <Opaque as Family>::Of<Edge>);

#[derive(Trace)]
struct BehindGc<I: Iterator>(Gc<I::Item>, Vec<Gc<<I as Iterator>::Item>>);

#[derive(Trace)]
enum Phased<P: Phase> {
    Leaf(P::Extra),
    Kids(Vec<Phased<P>>),
}

trait Phase {
    type Extra;
}

impl Phase for Opaque {
    type Extra = Edge;
}

fn main() {
    assert!(reclaims(Short::<Edges>));
    assert!(reclaims(|edge| Qualified::<Edges> { items: vec![edge] }));
    assert!(reclaims(Equal::<Edges>));
    assert!(reclaims(Twice::<std::vec::IntoIter<Vec<Edge>>>));
    assert!(reclaims(|back| OfContainer(edge(), back)));

    assert_eq!(edges(Member::<Opaque, _>(vec![edge(), edge()], Some(edge()))), 3);
    assert!(reclaims(|back| Member::<Opaque, _>(vec![back], Some(edge()))));
    assert!(reclaims(|back| Concrete(edge(), vec![back])));

    // What is behind a `Gc` need not be traceable for this.
    assert_eq!(edges(BehindGc::<std::vec::IntoIter<Opaque>>(Gc::leaf(Opaque), vec![Gc::leaf(Opaque)])), 2);

    assert!(reclaims(|back| Phased::<Opaque>::Kids(vec![Phased::Leaf(edge()), Phased::Leaf(back)])));
}
