//! What `cfg` removes is not seen, also where its type is not known.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Fields<#[cfg(not(any()))] T, #[cfg(any())] U> {
    edge: T,
    #[cfg(any())]
    gone: Unknown<U>,
    #[cfg_attr(not(any()), trace(skip))]
    skipped: std::thread::Thread,
}

#[derive(Trace)]
enum Variants {
    One(Gc<u8>, #[cfg(any())] Unknown),
    #[cfg(any())]
    Gone(Unknown),
}

fn main() {
    let fields = Gc::new(Fields { edge: Gc::new(1), skipped: std::thread::current() });
    let _ = &fields.skipped;
    assert_eq!(Gc::referents(&fields).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Variants::One(Gc::new(1)))).len(), 1);
}
