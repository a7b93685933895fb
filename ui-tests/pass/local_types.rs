//! Types may be local to a function, a block or a constant.

#![deny(non_local_definitions)]

use gc_core::{Gc, Trace};

fn generic<T: Trace + 'static>(value: T) -> usize {
    #[derive(Trace)]
    struct Local<T>(T, Gc<u8>);

    Gc::referents(&Gc::new(Local(value, Gc::new(1)))).len()
}

const EDGES: fn() -> bool = {
    #[derive(Trace)]
    struct InConst(Gc<u8>);

    <InConst as Trace>::has_edges
};

fn main() {
    assert_eq!(generic(Gc::new(1)), 2);
    assert_eq!(generic(1), 1);
    let block = {
        #[derive(Trace)]
        enum InBlock {
            Edge(Gc<u8>),
        }
        Gc::new(InBlock::Edge(Gc::new(1)))
    };
    assert_eq!(Gc::referents(&block).len(), 1);
    assert!(EDGES());
}
