//! `dumpster`, the heap of one thread. Its derive cannot be used inside a macro, so the shapes are implemented by hand.

use std::cell::RefCell as Cell;

use dumpster::unsync::{self, Gc as Pointer};
use dumpster::{TraceWith, Visitor};

use super::{Collections, Column};

shapes!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);

macro_rules! trace {
    ($($shape:ident: $($field:ident),*;)*) => {
        $(
            // SAFETY: each field that owns pointers is visited once, in the same order each time.
            unsafe impl<V: Visitor> TraceWith<V> for $shape {
                fn accept(&self, visitor: &mut V) -> Result<(), ()> {
                    $(self.$field.accept(visitor)?;)*
                    Ok(())
                }
            }
        )*
    };
}

trace! {
    List: next;
    Tree: left, right;
    StrongTree: parent, left, right;
    Node: next, other;
    Vertex: edges;
}

pub struct Dumpster;

impl Column for Dumpster {
    const COLLECTIONS: Collections = Collections::Automatic;

    on_shapes!();
    no_weak_shape!();

    fn collect() {
        unsync::collect();
    }

    fn disable() -> bool {
        unsync::set_collect_condition(|_| false);
        true
    }
}
