//! A leaf is not traced, asks nothing of its fields or parameters, and may implement `Drop`.

use std::cell::Cell;

use gc_core::{Finalize, Gc, Trace};

thread_local!(static CLOSED: Cell<u32> = const { Cell::new(0) });

struct Handle;

#[derive(Trace)]
#[trace(leaf)]
struct Connection<T> {
    handle: Handle,
    state: T,
    hidden: Gc<u8>,
}

impl<T> Drop for Connection<T> {
    fn drop(&mut self) {
        CLOSED.set(CLOSED.get() + 1);
    }
}

#[derive(Trace)]
#[trace(leaf, finalize)]
enum Finalized {
    Only(Handle),
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

fn main() {
    let connection = Gc::new(Connection { handle: Handle, state: Handle, hidden: Gc::new(1) });
    let _ = (&connection.handle, &connection.state, &connection.hidden);
    assert!(!Gc::is_tracked(&connection));
    assert_eq!(Gc::referents(&connection).len(), 0);
    drop(connection);
    assert_eq!(CLOSED.get(), 1);
    drop(Gc::new(Finalized::Only(Handle)));
    assert_eq!(CLOSED.get(), 11);
    assert!(!Packed::has_edges());
    let _ = Packed(1, 2);
}
