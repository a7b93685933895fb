//! The derived code warns about nothing, whatever lints the user denies or forbids.

#![forbid(unsafe_code, deprecated)]
#![deny(warnings)]
#![deny(
    drop_bounds,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    keyword_idents,
    missing_docs,
    non_ascii_idents,
    non_local_definitions,
    single_use_lifetimes,
    trivial_bounds,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]

use gc_core::{Finalize, Gc, Trace};

/// Documented.
#[derive(Trace)]
pub struct Public<'a, T: Private> {
    /// Documented.
    pub edge: Gc<u8>,
    value: T,
    #[trace(skip)]
    borrowed: &'a str,
    private: Hidden,
}

#[expect(unnameable_types, reason = "as in the user's own crate")]
mod sealed {
    /// Documented.
    pub trait Private {}
}
use sealed::Private;

impl Private for u8 {}

#[derive(Trace)]
struct Hidden;

#[derive(Trace)]
#[trace(finalize)]
enum Kinds<'a> {
    One(Gc<u8>),
    Two { function: fn(&u8), #[trace(skip)] borrowed: &'a u8 },
    #[trace(skip)]
    Three(&'a str),
}

impl Finalize for Kinds<'_> {
    fn finalize(&self) {}
}

fn main() {
    let public = Gc::new(Public { edge: Gc::new(1), value: 1, borrowed: "", private: Hidden });
    assert_eq!(public.value, 1);
    let _ = (public.borrowed, &public.private);
    assert_eq!(Gc::referents(&public).len(), 1);
    for kind in [Kinds::One(Gc::new(1)), Kinds::Two { function: |_| (), borrowed: &1 }, Kinds::Three("")] {
        match kind {
            Kinds::One(_) => {}
            Kinds::Two { function, borrowed } => function(borrowed),
            Kinds::Three(text) => assert!(text.is_empty()),
        }
    }
}
