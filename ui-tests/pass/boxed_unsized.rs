//! A box may hold a parameter without a size.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
struct Boxed<T: ?Sized>(Box<T>);

#[derive(Trace)]
enum Either<L, R>
where
    L: ?Sized,
    R: ?Sized,
{
    Left { left: Box<L> },
    Right(Vec<Box<R>>),
}

trait Shape: Trace {}

impl Shape for Edge {}

fn main() {
    assert_eq!(edges(Boxed::<[Edge]>(Box::new([edge(), edge()]))), 2);
    assert_eq!(edges(Boxed::<str>("x".into())), 0);
    assert!(reclaims(|edge| Boxed(Box::new(edge))));
    assert!(reclaims(|edge| Boxed::<dyn Shape>(Box::new(edge))));
    assert!(reclaims(|edge| Boxed::<dyn Trace>(Box::new(edge))));
    assert!(reclaims(|edge| Either::<[Edge], str>::Left { left: Box::new([edge]) }));
    assert!(reclaims(|back| Either::<str, dyn Shape>::Right(vec![Box::new(edge()), Box::new(back)])));
}
