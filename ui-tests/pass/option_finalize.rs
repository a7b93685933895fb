//! `finalize` runs the finalizer when the count reaches zero and when a cycle is collected, once each.

use std::cell::{Cell, RefCell};

use gc_core::{Finalize, Gc, Trace, gc};

thread_local!(static LOG: Cell<u32> = const { Cell::new(0) });

#[derive(Trace)]
#[trace(finalize)]
struct Session<T> {
    peer: RefCell<Option<Gc<Session<T>>>>,
    weight: u32,
    value: T,
}

impl<T> Finalize for Session<T> {
    fn finalize(&self) {
        LOG.set(LOG.get() + self.weight);
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Tail<T: ?Sized>(Gc<u8>, T);

impl<T: ?Sized> Finalize for Tail<T> {
    fn finalize(&self) {
        LOG.set(LOG.get() + 100);
    }
}

fn session(weight: u32) -> Gc<Session<u8>> {
    Gc::new(Session { peer: RefCell::new(None), weight, value: 0 })
}

fn main() {
    drop(session(1));
    assert_eq!(LOG.get(), 1);

    let ring = session(10);
    *ring.peer.borrow_mut() = Some(ring.clone());
    assert_eq!(ring.value, 0);
    drop(ring);
    assert_eq!(LOG.get(), 1);
    assert_eq!(gc::collect(), 1);
    assert_eq!(LOG.get(), 11);

    let ring = session(1000);
    let (value, plain): (&dyn Trace, &dyn Trace) = (&*ring, &ring.value);
    assert!(value.has_finalizer() && !plain.has_finalizer());

    drop(Gc::new(Tail(Gc::new(1), "tail")));
    assert_eq!(LOG.get(), 111);
}
