//! An enum of forty variants, and a variant and a tuple of forty fields.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

type E = Edge;

#[derive(Trace)]
#[rustfmt::skip]
enum Forty {
    A0(E), A1(E), A2(E), A3(E), A4(E), A5(E), A6(E), A7(E), A8(E), A9(E),
    B0(u8), B1(u8), B2(u8), B3(u8), B4(u8), B5(u8), B6(u8), B7(u8), B8(u8), B9(u8),
    C0 { e: E }, C1 { e: E }, C2 { e: E }, C3 { e: E }, C4 { e: E },
    C5 { e: E }, C6 { e: E }, C7 { e: E }, C8 { e: E }, C9 { e: E },
    D0, D1, D2, D3, D4, D5, D6, D7, D8(E, E),
    D9(E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E,
       E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E),
}

#[derive(Trace)]
#[rustfmt::skip]
struct FortyNumbered(
    E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E,
    E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E,
);

#[rustfmt::skip]
macro_rules! forty {
    ($constructor:expr, $last:expr) => {
        $constructor(
            edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(),
            edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(),
            edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(),
            edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), edge(), $last,
        )
    };
}

fn main() {
    assert!(reclaims(Forty::A9) && reclaims(|e| Forty::C9 { e }) && reclaims(|back| Forty::D8(edge(), back)));
    assert_eq!(edges(Forty::B9(0)) + edges(Forty::D7), 0);

    assert_eq!(edges(forty!(Forty::D9, edge())), 40);
    assert!(reclaims(|back| forty!(Forty::D9, back)));

    assert_eq!(edges(forty!(FortyNumbered, edge())), 40);
    assert!(reclaims(|back| forty!(FortyNumbered, back)));
}
