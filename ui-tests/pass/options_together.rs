//! Options may stand in one attribute or in several, in any order, with or without a last comma.

use gc_core::{Finalize, Trace, Tracer};
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

unsafe fn trace_opaque(_: &Opaque, _: &mut Tracer<'_>) {}

#[derive(Trace)]
#[trace(unsafe_drop, finalize, crate = gc_core, bound = "T: Trace",)]
#[rustfmt::skip]
struct InOne<T>(T, #[trace(with = trace_opaque,)] Opaque, #[trace(skip,)] Opaque);

impl<T> Drop for InOne<T> {
    fn drop(&mut self) {}
}

impl<T> Finalize for InOne<T> {
    fn finalize(&self) {}
}

#[derive(Trace)]
#[trace(finalize)]
/// Documented between.
#[trace(bound = "", crate = ::gc_core)]
#[allow(clippy::all)]
#[cfg_attr(not(any()), trace(unsafe_drop))]
enum InSeveral {
    #[allow(clippy::all)]
    #[trace(skip)]
    #[doc(hidden)]
    Skipped(Edge),
    Edge(#[allow(clippy::all)] Edge, #[trace(with = trace_opaque)] Opaque),
}

impl Finalize for InSeveral {
    fn finalize(&self) {}
}

impl Drop for InSeveral {
    fn drop(&mut self) {}
}

#[derive(Trace)]
#[trace{finalize}]
struct Braces(#[trace[skip]] Opaque, Edge);

impl Finalize for Braces {
    fn finalize(&self) {}
}

fn main() {
    assert_eq!(edges(InOne(edge(), Opaque, Opaque)), 1);
    assert!(reclaims(|edge| InOne(edge, Opaque, Opaque)));
    assert!(reclaims(|edge| InSeveral::Edge(edge, Opaque)));
    assert!(!reclaims(InSeveral::Skipped));
    assert!(reclaims(|edge| Braces(Opaque, edge)));
}
