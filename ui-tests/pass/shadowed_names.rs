//! Nothing a user declares is taken for what the derive means.

#![allow(non_camel_case_types, non_upper_case_globals)]

use ::gc_core as heap;
use heap::Gc;

mod gc_core {}
mod core {}
mod std {}

struct Option<T>(T);
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct Vec;
struct Box;
struct String;
struct Tracer;
struct Finalize;
struct Drop;
struct Sized;
struct PhantomData;
struct u32;
struct bool;
struct Field;
struct Edges;
const tracer: u8 = 0;
const nesting: u8 = 0;

trait Trace {
    fn trace(&self) {}
    fn report(self);
    fn has_edges() {}
    fn kind(&self) {}
}

impl<T> Trace for T {
    fn report(self) {}
}

macro_rules! assert_eq {
    () => {};
}

#[derive(heap::Trace)]
struct Holder {
    edge: Gc<u8>,
    option: Option<Gc<u8>>,
}

#[derive(heap::Trace)]
#[trace(finalize)]
enum Kinds {
    Some(Gc<u8>),
    None,
    Ok { tracer: Gc<u8> },
}

impl heap::Finalize for Kinds {
    fn finalize(&self) {}
}

impl Holder {
    fn trace(&self) -> u8 {
        1
    }

    fn has_edges_within() -> u8 {
        1
    }
}

// Would be a leaf, were it std's `Option`.
unsafe impl<T: heap::Trace> heap::Trace for Option<T> {
    fn trace(&self, tracer_: &mut heap::Tracer<'_>) {
        heap::Trace::trace(&self.0, tracer_);
    }
}

#[derive(heap::Trace)]
struct LooksLikeALeaf(Option<fn(u8) -> u8>);

// The constant is meant, not the type.
#[derive(heap::Trace)]
struct Constant<const Some: usize>([Gc<u8>; Some]);

fn main() {
    assert_eq!();
    let holder = Gc::new(Holder { edge: Gc::new(1), option: Option(Gc::new(2)) });
    ::std::assert_eq!(Gc::referents(&holder).len(), 2);
    ::std::assert_eq!((Holder::trace(&holder), Holder::has_edges_within()), (1, 1));
    ::std::assert_eq!(Gc::referents(&Gc::new(Kinds::Some(Gc::new(1)))).len(), 1);
    ::std::assert_eq!(Gc::referents(&Gc::new(Kinds::Ok { tracer: Gc::new(1) })).len(), 1);
    ::std::assert_eq!(Gc::referents(&Gc::new(Constant([Gc::new(1)]))).len(), 1);
    let _ = (Kinds::None, Some, None, Result, Ok, Err, Vec, Box, String, Tracer, Finalize, Drop, Sized, PhantomData);
    let _ = (u32, bool, Field, Edges, tracer, nesting, LooksLikeALeaf(Option(|x| x)));
}
