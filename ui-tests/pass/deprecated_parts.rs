//! Deprecated types, variants and fields are traced without a warning.

#![deny(warnings)]

use gc_core::{Gc, Trace};

#[deprecated]
#[derive(Trace)]
pub struct OldType(Gc<u8>);

#[derive(Trace)]
struct OldField {
    #[deprecated]
    edge: Gc<u8>,
}

#[derive(Trace)]
enum OldVariant {
    #[deprecated]
    Old(Gc<u8>),
    New(#[deprecated] Gc<u8>),
}

#[allow(deprecated)]
#[derive(Trace)]
struct Uses {
    old: Option<OldType>,
}

#[derive(Trace)]
struct UsesInField {
    #[allow(deprecated)]
    old: Option<OldType>,
}

#[allow(deprecated)]
fn main() {
    assert_eq!(Gc::referents(&Gc::new(Uses { old: Some(OldType(Gc::new(1))) })).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(UsesInField { old: None })).len(), 0);
    assert_eq!(Gc::referents(&Gc::new(OldField { edge: Gc::new(1) })).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(OldVariant::Old(Gc::new(1)))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(OldVariant::New(Gc::new(1)))).len(), 1);
}
