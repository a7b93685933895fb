//! Parameters may be called what a derive calls its own, or as something of std.

#![allow(non_camel_case_types)]

use gc_core::Gc;
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(gc_core::Trace)]
struct Letters<'a, 'b: 'a, T, U, F, Tr, V>(T, U, F, Tr, V, std::marker::PhantomData<&'a &'b ()>);

#[derive(gc_core::Trace)]
struct OfTheCollector<Trace, Tracer, Finalize, Edges, Field, GcT>(Trace, Tracer, Finalize, Edges, Field, GcT);

#[derive(gc_core::Trace)]
struct OfStd<Option, Vec, Box, Result, String, Self_>(Option, Vec, Box, Result, String, Self_);

#[derive(gc_core::Trace)]
struct Pointers<Gc, Weak, Rc, PhantomData, Leaf>(Gc, Weak, Rc, PhantomData, Leaf);

#[derive(gc_core::Trace)]
struct Underscored<'__a, '__t, '__tracer, __T, __Trace, __GcDrop, __W, __H, const __N: usize>(
    [__T; __N],
    __Trace,
    __GcDrop,
    __W,
    __H,
    std::marker::PhantomData<&'__a &'__t &'__tracer ()>,
);

#[derive(gc_core::Trace)]
struct AsPrimitives<u8, bool, u32>(u8, bool, u32);

#[derive(gc_core::Trace)]
struct AsTheField<value, tracer> {
    value: value,
    tracer: Gc<tracer>,
}

fn main() {
    let none = std::marker::PhantomData;
    let letters = |back: Edge| Letters(edge(), edge(), edge(), edge(), back, none);
    assert_eq!(edges(letters(edge())), 5);
    assert!(reclaims(letters));

    let of_the_collector = |back| OfTheCollector(edge(), edge(), edge(), edge(), edge(), back);
    assert_eq!(edges(of_the_collector(edge())), 6);
    assert!(reclaims(of_the_collector));

    let of_std = |back| OfStd(edge(), edge(), edge(), edge(), edge(), back);
    assert_eq!(edges(of_std(edge())), 6);
    assert!(reclaims(of_std));

    let pointers = |back| Pointers(edge(), edge(), edge(), edge(), back);
    assert_eq!(edges(pointers(edge())), 5);
    assert!(reclaims(pointers));

    let underscored = |back| Underscored([edge(), edge()], edge(), edge(), edge(), back, std::marker::PhantomData);
    assert_eq!(edges(underscored(edge())), 6);
    assert!(reclaims(underscored));

    let as_primitives = |back| AsPrimitives(edge(), edge(), back);
    assert_eq!(edges(as_primitives(edge())), 3);
    assert!(reclaims(as_primitives));

    assert!(reclaims(|edge| AsTheField { value: 1, tracer: edge }));
}
