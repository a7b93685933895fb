//! No name of std or of the collector that a user declares anew is taken for what the derive means.

#![allow(non_camel_case_types, non_upper_case_globals)]

use ::gc_core as heap;
use heap::Gc;

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
struct MAX_NESTING;
const tracer: u8 = 0;
const nesting: u8 = 0;
static field: u8 = 0;

// None of these is in the way of the collector's.
trait Trace {
    fn trace(&self) {}
    fn report(self);
    fn has_edges() {}
    fn kind(&self) {}
    fn deref(&self) {}
}

impl<T> Trace for T {
    fn report(self) {}
}

macro_rules! assert_eq {
    () => {};
}
macro_rules! matches {
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
    Self_,
}

impl heap::Finalize for Kinds {
    fn finalize(&self) {}
}

// Would be a leaf, were it std's `Option`.
unsafe impl<T: heap::Trace> heap::Trace for Option<T> {
    fn trace(&self, tracer_: &mut heap::Tracer<'_>) {
        heap::Trace::trace(&self.0, tracer_);
    }
}

#[derive(heap::Trace)]
struct LooksLikeALeaf(Option<fn(u8) -> u8>, Option<Gc<u8>>);

// The constant is meant, not the type.
#[derive(heap::Trace)]
struct Constant<const Some: usize>([Gc<u8>; Some]);

fn edges<T: heap::Trace + 'static>(value: T) -> usize {
    Gc::referents(&Gc::new(value)).len()
}

fn main() {
    assert_eq!();
    matches!();
    let edge = || Gc::new(1);
    ::std::assert_eq!(edges(Holder { edge: edge(), option: Option(edge()) }), 2);
    ::std::assert_eq!(edges(Kinds::Some(edge())), 1);
    ::std::assert_eq!(edges(Kinds::Ok { tracer: edge() }), 1);
    ::std::assert_eq!(edges(LooksLikeALeaf(Option(|x| x), Option(edge()))), 1);
    ::std::assert_eq!(edges(Constant([edge()])), 1);
    let _ = (Kinds::None, Kinds::Self_);
    let _ = (Some, None, Result, Ok, Err, Vec, Box, String, Tracer, Finalize, Drop, Sized, PhantomData);
    let _ = (u32, bool, Field, Edges, MAX_NESTING, tracer, nesting, field);
}
