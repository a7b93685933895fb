//! The type's own bounds and where clause are kept, whatever they say.

use std::fmt::Debug;

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct Bounded<T: Clone + Debug>(T);

#[derive(Trace)]
struct Where<T, U>
where
    T: Clone,
    Vec<U>: IntoIterator<Item = U>,
    U: Default + 'static,
{
    value: T,
    other: U,
}

// The bound that the derive adds is there already.
#[derive(Trace)]
struct Repeated<T: Trace>(T)
where
    T: Trace + 'static;

#[rustfmt::skip]
#[derive(Trace)]
struct EmptyWhere<T>(T)
where;

#[derive(Trace)]
struct HigherRanked<F>(Edge, #[trace(skip)] F)
where
    for<'a> F: Fn(&'a str) -> &'a str;

#[derive(Trace)]
struct HigherRankedTraced<T: for<'a> PartialEq<&'a str>>(T, Edge);

#[derive(Trace)]
struct AboutSelf<T>(T)
where
    Self: Sized,
    Option<Self>: Sized;

#[derive(Trace)]
enum InEnum<T>
where
    T: Iterator,
    T::Item: Clone,
{
    Items(Vec<T::Item>),
}

#[derive(Trace)]
struct Trivial(Edge)
where
    String: Clone;

#[derive(Trace)]
struct Outlives<'a, T: 'a, U>(T, std::marker::PhantomData<&'a U>)
where
    U: 'a;

fn main() {
    assert_eq!(edges(Bounded([1, 2])), 0);
    assert_eq!(edges(Where { value: edge(), other: Some(edge()) }), 2);
    assert!(reclaims(|edge| Where { value: 1, other: Some(edge) }));
    assert!(reclaims(Repeated) && reclaims(EmptyWhere) && reclaims(AboutSelf) && reclaims(Trivial));
    let first = HigherRanked(edge(), |text| &text[..1]);
    assert_eq!(first.1("abc"), "a");
    assert_eq!(edges(first), 1);
    assert!(reclaims(|edge| HigherRanked(edge, str::trim)));
    assert!(reclaims(|edge| HigherRankedTraced(String::new(), edge)));
    assert!(reclaims(|edge| InEnum::<std::vec::IntoIter<Edge>>::Items(vec![edge])));
    assert!(reclaims(|edge| Outlives::<'static, _, Opaque>(edge, std::marker::PhantomData)));
}
