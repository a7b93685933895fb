//! `jrsonnet-gcmodule`, a fork of `gcmodule` with weak pointers. The shapes are implemented by hand, as there.

use std::cell::RefCell as Cell;

use jrsonnet_gcmodule::{Cc as Pointer, Trace, Tracer, Weak};

use super::{Collections, Column, Lox};

shapes!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);

macro_rules! trace {
    ($($shape:ident: $($field:ident),*;)*) => {
        $(impl Trace for $shape {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                $(self.$field.trace(tracer);)*
            }

            fn is_type_tracked() -> bool {
                true
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

pub struct JrsonnetGcmodule;

impl Column for JrsonnetGcmodule {
    const COLLECTIONS: Collections = Collections::Explicit;
    const LOX: Option<Lox> = Some(lox!(lox_jrsonnet_gcmodule));

    on_shapes!();
    on_weak_shape!(Pointer::downgrade);

    fn collect() {
        let _reclaimed = jrsonnet_gcmodule::collect_thread_cycles();
    }

    fn disable() -> bool {
        true
    }
}
