//! Enums may number their variants, and choose the number's type.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
#[repr(u8)]
enum WithFields {
    One = 1,
    Two(Edge) = 2,
    Three { edge: Edge } = 0x30,
}

const BASE: isize = -7;

#[derive(Trace, Clone, Copy)]
enum Computed {
    Base = BASE,
    Next,
    Far = BASE * 100 + 1,
}

#[derive(Trace)]
#[repr(C, i16)]
enum Signed {
    Minus(Edge) = -1,
    Zero = 0,
}

fn main() {
    assert_eq!(edges(WithFields::One), 0);
    assert_eq!(edges(WithFields::Three { edge: edge() }), 1);
    assert!(reclaims(WithFields::Two));
    assert!(reclaims(|edge| WithFields::Three { edge }));

    assert_eq!([Computed::Base, Computed::Next, Computed::Far].map(|number| number as isize), [-7, -6, -699]);
    assert!(!is_tracked(Computed::Far));

    assert!(reclaims(Signed::Minus));
    assert_eq!(edges(Signed::Zero), 0);
}
