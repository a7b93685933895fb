//! A field's type may come from a macro: substituted, with invisible brackets around it, or expanded in its place.

#![deny(warnings)]

use std::marker::PhantomData;

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

macro_rules! grouped {
    ($name:ident: $ty:ty, $other:ty, $function:ty, $tail:ty) => {
        #[derive(Trace)]
        struct $name<T> {
            plain: $ty,
            vec: Vec<$ty>,
            pair: ($ty, [$ty; 1]),
            phantom: PhantomData<$other>,
            gc: Option<Gc<$other>>,
            function: $function,
            functions: Vec<$function>,
            tail: $tail,
        }
    };
}

grouped!(Grouped: T, Opaque, fn(&u8) -> u8, Option<T>);

macro_rules! through {
    ($($t:ty),*) => { grouped!(Through: $($t),*); };
}

through!(Box<T>, Opaque, fn(&str), (T,));

macro_rules! list {
    ($ty:ty) => { Vec<$ty> };
}

macro_rules! plain {
    () => {
        u8
    };
}

macro_rules! project {
    ($param:ident::$name:ident) => {
        <$param as Iterator>::$name
    };
}

#[derive(Trace)]
struct InType<T>(list!(T), list![(T, Edge)], Option<plain!()>);

#[derive(Trace)]
struct Nested<T>(list!(list!(T)), Box<list!(Gc<T>)>);

#[derive(Trace)]
struct Concrete(list!(Edge), plain!());

macro_rules! projected {
    ($name:ident, $($param:tt)*) => {
        #[derive(Trace)]
        struct $name<I: Iterator>($($param)*);
    };
}

projected!(Projected, Option<I::Item>);
projected!(Expanded, <I as Iterator>::Item);

#[derive(Trace)]
#[trace(bound = "I::Item: Trace")]
struct InProjection<I: Iterator>(project!(I::Item));

fn main() {
    let grouped = |back: Edge| Grouped {
        plain: edge(),
        vec: vec![edge()],
        pair: (edge(), [back]),
        phantom: PhantomData,
        gc: Some(Gc::leaf(Opaque)),
        function: |x| *x,
        functions: vec![],
        tail: None,
    };
    let Grouped { functions: _, phantom: _, function, .. } = grouped(edge());
    assert_eq!(function(&1), 1);
    assert_eq!(edges(grouped(edge())), 5);
    assert!(reclaims(grouped));

    let through = |back: Edge| Through {
        plain: Box::new(edge()),
        vec: vec![],
        pair: (Box::new(edge()), [Box::new(edge())]),
        phantom: PhantomData,
        gc: None,
        function: |_| (),
        functions: vec![],
        tail: (back,),
    };
    let Through { function: _, functions: _, phantom: _, .. } = through(edge());
    assert_eq!(edges(through(edge())), 4);
    assert!(reclaims(through));

    assert!(reclaims(|back| InType(vec![edge()], vec![(edge(), back)], None)));
    assert!(reclaims(|back| Nested(vec![vec![edge()], vec![back]], Box::new(vec![]))));
    assert!(reclaims(|back| Concrete(vec![back], 1)));
    assert!(reclaims(|back| Projected::<std::vec::IntoIter<Edge>>(Some(back))));
    assert!(reclaims(Expanded::<std::vec::IntoIter<Edge>>));
    assert!(reclaims(InProjection::<std::vec::IntoIter<Edge>>));
}
