//! A leaf is not traced, asks nothing of its fields or parameters, and may implement `Drop`.

use std::cell::Cell;

use gc_core::{Finalize, Gc, Trace};
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

thread_local!(static CLOSED: Cell<u32> = const { Cell::new(0) });

#[derive(Trace)]
#[trace(leaf)]
struct Connection<T> {
    handle: Opaque,
    state: T,
    hidden: Edge,
}

impl<T> Drop for Connection<T> {
    fn drop(&mut self) {
        CLOSED.set(CLOSED.get() + 1);
    }
}

#[derive(Trace)]
#[trace(leaf, finalize)]
enum Finalized {
    Only(Opaque),
}

impl Finalize for Finalized {
    fn finalize(&self) {
        CLOSED.set(CLOSED.get() + 10);
    }
}

#[derive(Trace)]
#[trace(leaf)]
#[repr(C, packed)]
struct Packed(u8, u32);

#[derive(Trace)]
#[trace(leaf)]
struct Unsized<T: ?Sized>(Opaque, T);

#[derive(Trace)]
#[trace(leaf)]
struct Borrows<'a>(&'a str, *const u8, Box<dyn Fn(&'a str)>);

// Where a file is to be closed at the end, it goes into a type of its own, beside the edges.
#[derive(Trace)]
struct Session {
    peer: Option<Edge>,
    connection: Connection<u8>,
}

fn main() {
    let connection = |hidden| Connection { handle: Opaque, state: Opaque, hidden };
    assert!(!is_tracked(connection(edge())));
    assert_eq!(CLOSED.replace(0), 1);
    assert_eq!(edges(connection(edge())), 0);
    assert!(!reclaims(connection));

    CLOSED.set(0);
    drop(Gc::new(Finalized::Only(Opaque)));
    assert_eq!(CLOSED.replace(0), 10);

    assert!(!is_tracked(Packed(1, 2)));
    assert!(!is_tracked(Box::new(Unsized(Opaque, 1)).1) && !is_tracked(Borrows("", &1, Box::new(|_| ()))));

    let session =
        |back| Session { peer: Some(back), connection: Connection { handle: Opaque, state: 1, hidden: edge() } };
    assert_eq!(edges(session(edge())), 1);
    CLOSED.set(0);
    assert!(reclaims(session));
    assert_eq!(CLOSED.get(), 1);
}
