//! The interpreter's pointer: the column's own, to a value whose drop is counted.

use std::ops::Deref;

use crate::heap::{self, Pointer, Trace};
use crate::tokens::Token;

/// A value, and what counts it.
#[derive(Trace)]
pub(crate) struct Counted<T> {
    value: T,
    token: Token,
}

impl<T> Counted<T> {
    #[inline(always)]
    fn new(value: T) -> Self {
        Self { value, token: Token::new() }
    }
}

/// The column's pointer.
#[derive(Trace)]
pub(crate) struct Gc<T: Trace>(Pointer<Counted<T>>);

impl<T: Trace + 'static> Gc<T> {
    #[inline(always)]
    pub(crate) fn new(value: T) -> Self {
        Self(heap::new(Counted::new(value)))
    }

    #[inline(always)]
    pub(crate) fn leaf(value: T) -> Self {
        Self(heap::leaf(Counted::new(value)))
    }

    #[inline(always)]
    pub(crate) fn ptr_eq(this: &Self, other: &Self) -> bool {
        Pointer::ptr_eq(&this.0, &other.0)
    }

    #[inline(always)]
    pub(crate) fn get_mut(this: &mut Self) -> Option<&mut T> {
        heap::get_mut(&mut this.0).map(|counted| &mut counted.value)
    }
}

impl<T: Trace> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Trace> Deref for Gc<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0.value
    }
}
