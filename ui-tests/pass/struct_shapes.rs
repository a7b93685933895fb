//! Every shape of struct is traced field by field.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Unit;

#[derive(Trace)]
struct EmptyTuple();

#[derive(Trace)]
struct EmptyBraces {}

#[derive(Trace)]
struct Newtype(Gc<u8>);

#[derive(Trace)]
struct Tuple(Gc<u8>, u8, Option<Gc<u8>>);

#[derive(Trace)]
struct Named {
    first: Gc<u8>,
    plain: String,
    rest: Vec<Gc<u8>>,
}

fn leaf() -> Gc<u8> {
    Gc::new(1)
}

fn main() {
    assert!(!Unit::has_edges() && !EmptyTuple::has_edges() && !EmptyBraces::has_edges());
    assert!(Newtype::has_edges() && Tuple::has_edges() && Named::has_edges());

    assert_eq!(Gc::referents(&Gc::new(Newtype(leaf()))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Tuple(leaf(), 0, Some(leaf())))).len(), 2);
    let named = Named { first: leaf(), plain: String::new(), rest: vec![leaf(), leaf()] };
    assert_eq!(named.plain, "");
    assert_eq!(Gc::referents(&Gc::new(named)).len(), 3);
    assert!(!Gc::is_tracked(&Gc::new(Unit)));
    let _ = (EmptyTuple(), EmptyBraces {});
}
