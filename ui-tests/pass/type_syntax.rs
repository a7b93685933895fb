//! A field's type may be written in any way the language knows.

#![allow(unused_parens)]

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, edge, edges, reclaims};

mod outer {
    use gc_core::Trace;

    #[derive(Trace)]
    pub struct Here(pub super::Edge);

    pub mod inner {
        #[derive(gc_core::Trace)]
        pub(crate) struct There(pub(in crate::outer) super::Here, self::super::Here, crate::outer::Here);

        pub(crate) fn there(back: crate::Edge) -> There {
            There(super::Here(back), super::Here(crate::edge()), super::Here(crate::edge()))
        }
    }
}

#[derive(Trace)]
struct Paths(::std::vec::Vec<Edge>, self::outer::Here, crate::outer::inner::There, std::option::Option<Edge>);

#[derive(Trace)]
struct Parens(((Edge)), (Edge,), ([Edge; 1]));

#[rustfmt::skip]
#[derive(Trace)]
struct Turbofish(Vec::<Option::<Edge>>, Box::<[Edge]>,);

#[rustfmt::skip]
#[derive(Trace,)]
#[trace(bound = "",)]
struct TrailingCommas<T,> {
    gc: Gc<T,>,
}

type Alias = Option<Edge>;
type Generic<T> = Vec<(T, Edge)>;
type Recursive = Vec<Gc<ByAlias<u8>>>;

#[derive(Trace)]
struct ByAlias<T>(Alias, Generic<T>, Recursive);

use std::vec::Vec as Imported;

#[derive(Trace)]
struct Renamed<T>(Imported<T>);

#[rustfmt::skip]
#[derive(Trace)]
pub(crate) struct Visible(pub Edge, pub(crate) Edge, pub(self) Edge, pub(in crate) Edge);

fn main() {
    assert!(reclaims(|back| Paths(vec![], outer::Here(back), outer::inner::there(edge()), None)));
    assert!(reclaims(|back| Paths(vec![edge()], outer::Here(edge()), outer::inner::there(back), None)));
    assert_eq!(edges(Parens(edge(), (edge(),), [edge()])), 3);
    assert!(reclaims(|back| Parens(edge(), (back,), [edge()])));
    assert!(reclaims(|back| Turbofish(vec![Some(edge())], [back].into())));
    assert!(reclaims(|edge| TrailingCommas { gc: edge }));
    assert_eq!(edges(ByAlias(Some(edge()), vec![(edge(), edge())], vec![])), 3);
    assert!(reclaims(|back| ByAlias(None, vec![(1, back)], vec![])));
    assert!(reclaims(|back| Renamed(vec![back])));
    assert!(reclaims(|back| Visible(edge(), edge(), edge(), back)));
}
