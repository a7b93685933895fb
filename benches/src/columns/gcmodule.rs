//! `gcmodule`. Its derive cannot ask a recursive type whether it is tracked, so the shapes are implemented by hand, as its
//! documentation says.

use std::cell::RefCell as Cell;

use gcmodule::{Cc as Pointer, Trace, Tracer};

use super::{Collections, Column};

shapes!(#[allow(dead_code, reason = "fields that are only there to be dropped")]);

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
    Node: next, other;
    Vertex: edges;
}

pub struct Gcmodule;

impl Column for Gcmodule {
    const COLLECTIONS: Collections = Collections::Explicit;

    on_shapes!();
    no_weak_shape!();

    fn collect() {
        gcmodule::collect_thread_cycles();
    }

    fn disable() -> bool {
        true
    }
}
