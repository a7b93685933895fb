//! `bacon_rajan_cc`. It has no derive.

use std::cell::RefCell as Cell;

use bacon_rajan_cc::{Cc as Pointer, Trace, Tracer, Weak};

use super::{Collections, Column, Lox};

shapes!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);

macro_rules! trace {
    ($($shape:ident: $($field:ident),*;)*) => {
        $(impl Trace for $shape {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                $(self.$field.trace(tracer);)*
            }
        })*
    };
}

trace! {
    List: next;
    Tree: left, right;
    StrongTree: parent, left, right;
    WeakTree: left, right;
    Node: next, other;
    Vertex: edges;
}

pub struct BaconRajanCc;

impl Column for BaconRajanCc {
    const COLLECTIONS: Collections = Collections::Explicit;
    const LOX: Option<Lox> = Some(lox!(lox_bacon_rajan_cc));

    on_shapes!();
    on_weak_shape!(Pointer::downgrade);

    fn collect() {
        bacon_rajan_cc::collect_cycles();
    }

    fn disable() -> bool {
        true
    }
}
