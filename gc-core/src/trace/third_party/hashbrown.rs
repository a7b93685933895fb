//! `hashbrown`: hash tables, with any hasher and the global allocator.

use hashbrown::{HashMap, HashSet, HashTable};

use crate::object::tracer::Tracer;
use crate::trace::collection::{maps, sequences};
use crate::trace::{Trace, edges_of, worth_tracing};

sequences! {
    #[diagnostic::do_not_recommend]
    [T, S] HashSet<T, S>;
    #[diagnostic::do_not_recommend]
    [T] HashTable<T>;
}

maps! {
    #[diagnostic::do_not_recommend]
    [K, V, S] HashMap<K, V, S>;
}
