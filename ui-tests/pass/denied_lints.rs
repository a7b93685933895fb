//! The derived code warns about nothing, whatever lints the user denies or forbids.
//!
//! Clippy does not run here; the repository's own `cargo clippy` sees derived code in `examples` and `tests`.

#![forbid(unsafe_code, deprecated, deprecated_in_future)]
#![deny(
    warnings,
    future_incompatible,
    keyword_idents,
    let_underscore,
    nonstandard_style,
    refining_impl_trait,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused
)]
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    drop_bounds,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    impl_trait_redundant_captures,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_docs,
    missing_unsafe_on_extern,
    non_ascii_idents,
    non_local_definitions,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_bounds,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_patterns,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unstable_features,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_parens,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]

use gc_core::{Finalize, Trace};
use gc_ui_tests::{Edge, edges, reclaims};

/// Documented.
#[derive(Trace)]
pub struct Public<'a, T: Private> {
    /// Documented.
    pub edge: Edge,
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
    One(Edge),
    Two {
        function: fn(&u8),
        #[trace(skip)]
        borrowed: &'a u8,
    },
    #[trace(skip)]
    Three(&'a str),
}

impl Finalize for Kinds<'_> {
    fn finalize(&self) {}
}

#[derive(Trace)]
enum Never {}

#[derive(Trace)]
#[trace(bound = "T: Trace")]
struct Tail<'a, 'b, T: ?Sized, const N: usize>([Option<Edge>; N], std::marker::PhantomData<&'a &'b ()>, T);

#[derive(Trace)]
#[trace(leaf)]
struct Leaf<T>(T, Never);

#[derive(Trace)]
struct NeverBuilt(Never, Leaf<u8>);

fn main() {
    let public = |edge| Public { edge, value: 1, borrowed: "x", private: Hidden };
    assert!(reclaims(public));
    assert!(reclaims(|edge| {
        let Public { edge, value, borrowed, private: Hidden } = public(edge);
        assert_eq!((value, borrowed), (1, "x"));
        Kinds::One(edge)
    }));
    assert_eq!(edges(Kinds::Two { function: |_| (), borrowed: &1 }) + edges(Kinds::Three("")), 0);
    for kind in [Kinds::Two { function: |_| (), borrowed: &1 }, Kinds::Three("")] {
        match kind {
            Kinds::One(_) => {}
            Kinds::Two { function, borrowed } => function(borrowed),
            Kinds::Three(text) => assert!(text.is_empty()),
        }
    }
    assert!(reclaims(|edge| Tail([], std::marker::PhantomData, edge)));
    assert!(!Never::has_edges() && !NeverBuilt::has_edges());
}
