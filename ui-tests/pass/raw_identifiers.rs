//! Types, variants, fields, parameters, constants, lifetimes and paths may have raw names.

#![allow(non_camel_case_types, non_upper_case_globals)]

use std::marker::PhantomData;

use gc_core::{Finalize, Trace, Tracer};
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct r#struct<r#fn> {
    r#type: Edge,
    r#match: r#fn,
    r#async: r#mod::r#impl,
}

mod r#mod {
    use super::*;

    #[derive(Trace)]
    pub struct r#impl(pub Edge);

    pub unsafe fn r#unsafe(_: &Opaque, _: &mut Tracer<'_>) {}
}

#[derive(Trace)]
enum r#enum {
    r#loop { r#in: Edge, r#ref: Edge },
    r#move(Edge),
    r#static,
}

#[derive(Trace)]
struct Constant<const r#const: usize>([Edge; r#const]);

#[derive(Trace)]
struct Lifetime<'r#where, r#let: 'r#where>(Edge, PhantomData<&'r#where r#let>);

mod r#use {
    pub use gc_core as r#crate_;
}

#[derive(Trace)]
#[trace(crate = r#use::r#crate_, finalize, bound = "r#as: Trace")]
struct Options<r#as> {
    value: r#as,
    #[trace(with = r#mod::r#unsafe)]
    r#dyn: Opaque,
}

impl<r#as> Finalize for Options<r#as> {
    fn finalize(&self) {}
}

fn main() {
    let raw = |back| r#struct { r#type: edge(), r#match: edge(), r#async: r#mod::r#impl(back) };
    assert_eq!(edges(raw(edge())), 3);
    assert!(reclaims(raw));

    assert!(reclaims(|back| r#enum::r#loop { r#in: edge(), r#ref: back }));
    assert!(reclaims(r#enum::r#move));
    assert_eq!(edges(r#enum::r#static), 0);

    assert!(reclaims(|edge| Constant([edge])));
    assert!(reclaims(|edge| Lifetime::<'static, Opaque>(edge, PhantomData)));
    assert!(reclaims(|edge| Options { value: edge, r#dyn: Opaque }));
}
