//! `crate` tells where gc_core is found: under another name, or behind a facade.

// As `heap = { package = "gc-core" }` among the dependencies in `Cargo.toml` would have it.
extern crate gc_core as heap;

mod facade {
    pub mod collector {
        pub use gc_core::*;
    }
}

// Nothing of the collector is found under its own name.
mod gc_core {}

use gc_ui_tests::{Edge, edges, reclaims};
use heap::{Finalize, Tracer};

#[derive(heap::Trace)]
#[trace(crate = heap)]
struct ByName(Edge);

#[derive(heap::Trace)]
#[trace(crate = heap)]
struct Renamed<T>(heap::Gc<T>, Option<T>);

#[derive(heap::Trace)]
#[trace(crate = ::heap)]
enum Global {
    Edge(heap::Gc<u8>, fn(&u8)),
}

#[derive(facade::collector::Trace)]
#[trace(crate = facade::collector, finalize)]
struct ByFacade<T: ?Sized> {
    edge: Edge,
    #[trace(skip)]
    skipped: u8,
    #[trace(with = foreign)]
    foreign: u8,
    tail: T,
}

impl<T: ?Sized> Finalize for ByFacade<T> {
    fn finalize(&self) {}
}

unsafe fn foreign(_: &u8, _: &mut Tracer<'_>) {}

#[derive(heap::Trace)]
#[trace(crate = crate::facade::collector)]
enum Absolute<T> {
    One(T),
}

mod inner {
    #[derive(heap::Trace)]
    #[trace(crate = super::facade::collector)]
    pub struct Relative(pub super::Edge);
}

#[derive(heap::Trace)]
#[trace(crate = ::gc_core)]
struct Default(Edge);

// The macro of a facade crate says where the facade is; its users need not know of gc_core.
macro_rules! traced {
    ($name:ident) => {
        #[derive($crate::facade::collector::Trace)]
        #[trace(crate = $crate::facade::collector)]
        struct $name(Edge);
    };
}

traced!(ByMacro);

fn main() {
    assert!(reclaims(ByName));
    assert!(reclaims(|edge| Renamed(edge, None)));
    assert_eq!(edges(Global::Edge(heap::Gc::new(1), |_| ())), 1);
    assert!(reclaims(|edge| ByFacade { edge, skipped: 0, foreign: 0, tail: 0 }));
    assert!(reclaims(Absolute::One) && reclaims(inner::Relative) && reclaims(Default) && reclaims(ByMacro));
}
