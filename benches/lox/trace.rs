//! The trait behind `#[derive(Trace)]` in columns whose own derive, if there is one, does not know all that the interpreter
//! uses of gc-core's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::heap::Tracer;
use crate::tokens::Token;
use crate::value::Value;

/// Tells the edges of a value.
pub(crate) trait Trace: 'static {
    /// Whether there may be any.
    const HAS_EDGES: bool;

    fn trace(&self, tracer: &mut Tracer<'_>);
}

macro_rules! leaves {
    ($(<$($parameter:ident: ?Sized)?> $leaf:ty;)*) => {
        $(impl<$($parameter: ?Sized + 'static)?> Trace for $leaf {
            const HAS_EDGES: bool = false;

            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}
        })*
    };
}

leaves! {
    <> u64;
    <> usize;
    <> String;
    <> Token;
    <> Cell<u64>;
    <> fn(&[Value]) -> Value;
    <T: ?Sized> Rc<T>;
}

impl<T: Trace> Trace for Option<T> {
    const HAS_EDGES: bool = T::HAS_EDGES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

impl<T: Trace, const N: usize> Trace for [T; N] {
    const HAS_EDGES: bool = T::HAS_EDGES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

impl<T: Trace> Trace for Box<[T]> {
    const HAS_EDGES: bool = T::HAS_EDGES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

impl<T: Trace> Trace for Vec<T> {
    const HAS_EDGES: bool = T::HAS_EDGES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|value| value.trace(tracer));
    }
}

/// What is being changed counts as held from outside.
impl<T: Trace> Trace for RefCell<T> {
    const HAS_EDGES: bool = T::HAS_EDGES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Ok(value) = self.try_borrow() {
            value.trace(tracer);
        }
    }
}
