//! Types written by a macro are traced, whatever fragments it puts in.

#![deny(warnings)]

use gc_core::{Trace, Tracer};
use gc_ui_tests::{Edge, Opaque, edge, edges, reclaims};

macro_rules! node {
    (
        $(#[$meta:meta])*
        $vis:vis $name:ident<$lt:lifetime, $param:ident: $bound:path> $field:ident: $ty:ty, $borrowed:ty, $with:path
    ) => {
        $(#[$meta])*
        $vis struct $name<$lt, $param: $bound> {
            $vis $field: $ty,
            $vis many: Vec<$ty>,
            own: $crate::Own,
            #[trace(skip)]
            borrowed: $borrowed,
            lent: std::marker::PhantomData<&$lt ()>,
            #[trace(with = $with)]
            by: Opaque,
        }
    };
}

#[derive(Trace)]
pub struct Own(Edge);

unsafe fn trace_opaque(_: &Opaque, _: &mut Tracer<'_>) {}

node! {
    /// Documented.
    #[derive(Trace)]
    #[trace(bound = "T: Trace")]
    pub Node<'a, T: Clone> value: Option<T>, &'a u8, crate::trace_opaque
}

macro_rules! variants {
    ($($name:ident$(($ty:ty))? $({ $field:ident: $fty:ty })? $(= $number:literal)?),*; $bound:literal; $path:path) => {
        #[derive(Trace)]
        #[trace(bound = $bound, crate = $path)]
        #[repr(u8)]
        enum Variants<T> { $($name$(($ty))? $({ $field: $fty })? $(= $number)?),* }
    };
}

variants!(One(T) = 7, Two(Option<T>), Three { edge: (T, T) }, Four; "T: Trace"; ::gc_core);

macro_rules! item {
    ($($item:item)*) => { $($item)* };
}

item! {
    #[derive(Trace)]
    struct AsItem<T: ?Sized>(Edge, T);
}

macro_rules! tokens {
    ($($tokens:tt)*) => { $($tokens)* };
}

tokens! {
    #[derive(Trace)]
    struct AsTokens<'a, T: 'a> where T: Clone {
        first: Edge,
        rest: tokens!(Vec<T>),
        lent: std::marker::PhantomData<&'a ()>,
    }
}

// Two macros deep; names from both.
macro_rules! outer {
    ($name:ident $inner:ident) => {
        macro_rules! $inner {
            ($ty:ty, $n:expr) => {
                #[derive(Trace)]
                struct $name<T>([$ty; $n], T);
            };
        }
    };
}

outer!(Deep deep);
deep!(Option<T>, 1 + 1);

// The macro's names and the user's do not meet.
macro_rules! hygienic {
    ($field:ident) => {
        #[derive(Trace)]
        struct Hygienic {
            $field: Edge,
            own: Edge,
            tracer: Edge,
        }

        impl Hygienic {
            fn new($field: Edge) -> Self {
                Hygienic { $field, own: edge(), tracer: edge() }
            }
        }
    };
}

hygienic!(self_);

fn main() {
    let node = |value| Node {
        value: Some(value),
        many: vec![None],
        own: Own(edge()),
        borrowed: &1,
        lent: std::marker::PhantomData,
        by: Opaque,
    };
    let Node { many: _, borrowed: _, lent: _, by: _, .. } = node(edge());
    assert_eq!(edges(node(edge())), 2);
    assert!(reclaims(node));

    assert!(reclaims(Variants::One) && reclaims(|back| Variants::Two(Some(back))));
    assert!(reclaims(|back| Variants::Three { edge: (edge(), back) }));
    assert_eq!(edges(Variants::Four::<Edge>), 0);

    assert!(reclaims(|back| AsItem(edge(), back)));
    assert!(reclaims(|back| AsTokens { first: edge(), rest: vec![back], lent: std::marker::PhantomData }));
    assert_eq!(edges(Deep([Some(edge()), None], edge())), 2);
    assert!(reclaims(|back| Deep([None, Some(back)], edge())));
    assert_eq!(edges(Hygienic::new(edge())), 3);
    assert!(reclaims(Hygienic::new));
}
