//! A public type may have private types in its bounds and fields.

#![deny(private_interfaces, private_bounds, unnameable_types)]

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[expect(private_bounds, reason = "as in the user's own crate")]
pub mod public {
    use super::*;

    mod sealed {
        use super::*;

        pub(super) trait Private {
            type Inner;
        }

        pub(super) struct Internal;

        impl Private for Internal {
            type Inner = Hidden;
        }

        #[derive(Trace)]
        pub(super) struct Hidden(pub(super) Edge);
    }

    use sealed::{Hidden, Internal, Private};

    #[derive(Trace)]
    pub struct Public<T: Private> {
        inner: T::Inner,
        hidden: Option<Hidden>,
    }

    #[derive(Trace)]
    pub struct Plain(Hidden, Vec<Hidden>);

    #[derive(Trace)]
    pub enum Where<T>
    where
        T: PartialEq<Internal>,
    {
        Some(T, Edge),
    }

    pub fn trace() {
        assert!(reclaims(|edge| Public::<Internal> { inner: Hidden(edge), hidden: None }));
        assert!(reclaims(|edge| Public::<Internal> { inner: Hidden(super::edge()), hidden: Some(Hidden(edge)) }));
        assert_eq!(edges(Plain(Hidden(edge()), vec![Hidden(edge())])), 2);
        assert!(reclaims(|edge| Where::Some(Comparable, edge)));
    }

    #[derive(Trace)]
    struct Comparable;

    impl PartialEq<Internal> for Comparable {
        fn eq(&self, _: &Internal) -> bool {
            true
        }
    }
}

fn main() {
    public::trace();
}
