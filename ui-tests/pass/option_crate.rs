//! `crate` tells where gc_core is found: under another name, or behind a facade.

extern crate gc_core as renamed;

mod facade {
    pub mod heap {
        pub use gc_core::*;
    }
}

use renamed::{Finalize, Gc, Trace};

#[derive(Trace)]
#[trace(crate = renamed)]
struct ByName(Gc<u8>);

#[derive(Trace)]
#[trace(crate = facade::heap, finalize)]
struct ByFacade {
    edge: Gc<u8>,
    #[trace(skip)]
    skipped: u8,
}

impl Finalize for ByFacade {
    fn finalize(&self) {}
}

#[derive(Trace)]
#[trace(crate = crate::facade::heap)]
enum Absolute<T> {
    One(T),
}

#[derive(Trace)]
#[trace(crate = ::gc_core)]
struct Global(Gc<u8>);

fn main() {
    assert_eq!(Gc::referents(&Gc::new(ByName(Gc::new(1)))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(ByFacade { edge: Gc::new(1), skipped: 0 })).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Absolute::One(Gc::new(1)))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Global(Gc::new(1)))).len(), 1);
}
