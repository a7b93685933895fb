//! Types written by a macro are traced, whatever fragments it puts in.

#![deny(warnings)]

use gc_core::{Gc, Trace, Tracer};

macro_rules! node {
    ($vis:vis $name:ident <$lt:lifetime, $param:ident> $field:ident: $ty:ty, $borrowed:ty, $with:path) => {
        #[derive(Trace)]
        $vis struct $name<$lt, $param> {
            $vis $field: $ty,
            $vis many: Vec<$ty>,
            $vis own: $crate::Edge,
            #[trace(skip)]
            borrowed: $borrowed,
            #[trace(with = $with)]
            by: Foreign,
        }
    };
}

macro_rules! list {
    ($ty:ty) => { Vec<$ty> };
}

#[derive(Trace)]
pub struct Edge(Gc<u8>);

struct Foreign;

unsafe fn trace_foreign(_: &Foreign, _: &mut Tracer<'_>) {}

node!(pub Node<'a, T> value: Option<T>, &'a u8, crate::trace_foreign);

#[derive(Trace)]
struct InType<T>(list!(T), list![(T, Gc<u8>)]);

macro_rules! variants {
    ($($name:ident($ty:ty)),*; $bound:literal; $path:path) => {
        #[derive(Trace)]
        #[trace(bound = $bound, crate = $path)]
        enum Variants<T> { $($name($ty)),* }
    };
}

variants!(One(T), Two(Option<T>); "T: Trace"; ::gc_core);

fn main() {
    let leaf = || Gc::new(1);
    let node = Node { value: Some(leaf()), many: vec![Some(leaf())], own: Edge(leaf()), borrowed: &1, by: Foreign };
    let _ = (node.borrowed, &node.by);
    assert_eq!(Gc::referents(&Gc::new(node)).len(), 3);
    assert_eq!(Gc::referents(&Gc::new(InType(vec![leaf()], vec![(leaf(), leaf())]))).len(), 3);
    assert_eq!(Gc::referents(&Gc::new(Variants::One(leaf()))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Variants::Two(Some(leaf())))).len(), 1);
}
