//! The derive stands beside other derives and attributes, before or after them.

#![deny(warnings)]

use gc_core::Trace;
use gc_ui_tests::{Edge, edges, reclaims};

/// Documented.
#[derive(Debug, Clone, Trace, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
#[non_exhaustive]
struct Derived<T> {
    /// Documented.
    #[doc(hidden)]
    value: T,
    #[allow(dead_code)]
    #[trace(skip)]
    #[rustfmt::skip]
    skipped: (),
}

#[derive(Trace, Default)]
#[allow(clippy::large_enum_variant)]
enum WithDefault {
    /// Documented.
    #[default]
    Nil,
    #[doc = "Documented."]
    Edge(#[doc(hidden)] Edge),
    #[allow(non_camel_case_types)]
    named { edge: Edge },
}

#[derive(Trace)]
#[must_use = "so it is"]
#[trace(bound = "", crate = ::gc_core)]
#[repr(transparent)]
#[trace(unsafe_drop)]
struct Between(Edge);

#[rustfmt::skip]
#[derive(Clone)]
#[derive(Trace)]
#[derive(Debug)]
struct Separate(Option<Plain>);

#[derive(Clone, Copy, Trace, Debug)]
struct Plain;

fn main() {
    let derived = Derived { value: 1, skipped: () };
    assert_eq!(format!("{:?}", derived.clone()), "Derived { value: 1, skipped: () }");
    assert!(derived > Derived::default());
    assert!(reclaims(|edge| Derived { value: edge, skipped: () }));

    assert_eq!(edges(WithDefault::default()), 0);
    assert!(reclaims(WithDefault::Edge) && reclaims(|edge| WithDefault::named { edge }));
    assert!(reclaims(Between));
    assert_eq!(edges(Separate(Some(Plain)).clone()), 0);
}
