//! `indexmap`: hash tables that keep the order of insertion, with any hasher.

use indexmap::{IndexMap, IndexSet};

use crate::object::tracer::Tracer;
use crate::trace::collection::{maps, sequences};
use crate::trace::{Trace, edges_of, worth_tracing};

sequences! {
    #[diagnostic::do_not_recommend]
    [T, S] IndexSet<T, S>;
}

maps! {
    #[diagnostic::do_not_recommend]
    [K, V, S] IndexMap<K, V, S>;
}
