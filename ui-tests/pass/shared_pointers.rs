//! Shared and borrowed values are not traced: they have other owners. A `Gc` in them is safe, but hidden.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::{self, Rc};
use std::sync::{self, Arc};

use gc_core::Trace;
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Text(Rc<str>, Arc<str>, &'static str);

#[derive(Trace)]
struct Shared<T>(Arc<T>, Rc<RefCell<Vec<T>>>);

#[derive(Trace)]
struct Weak(rc::Weak<Opaque>, sync::Weak<dyn Send>);

#[derive(Trace)]
struct Static {
    text: &'static str,
    bytes: &'static [u8],
    opaque: &'static Opaque,
    nested: &'static &'static [&'static str],
    pinned: Pin<&'static Opaque>,
}

#[derive(Trace)]
struct Mixed {
    edge: Edge,
    hidden: Rc<Edge>,
}

fn main() {
    assert!(!is_tracked(Text("a".into(), "b".into(), "c")));
    assert!(!Shared::<Opaque>::has_edges() && !Shared::<Edge>::has_edges());
    assert!(!is_tracked(Weak(rc::Weak::new(), sync::Weak::<Opaque>::new())));
    let nested = &(&["x"] as &[_]);
    assert!(!is_tracked(Static { text: "", bytes: b"", opaque: &Opaque, nested, pinned: Pin::new(&Opaque) }));

    assert_eq!(edges(Mixed { edge: edge(), hidden: Rc::new(edge()) }), 1);
    assert!(reclaims(|back| Mixed { edge: back, hidden: Rc::new(edge()) }));
    assert!(!reclaims(|back| Mixed { edge: edge(), hidden: Rc::new(back) }));
}
