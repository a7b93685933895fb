//! The shapes of values behind a column's pointer, and the part of `Column` that is the same for all pointers.

/// Defines the shapes with the attributes given, and `Column`'s functions on them.
///
/// In scope must be `Pointer<T>` with `Pointer::new`, `Clone` and `Deref`; `Cell<T>` with `Cell::new` and `borrow_mut`; and
/// what the attributes need.
macro_rules! shapes {
    ($(#[$attribute:meta])*) => {
        use $crate::tokens::Token;

        $(#[$attribute])*
        pub struct List {
            value: u64,
            next: Option<Pointer<List>>,
        }

        $(#[$attribute])*
        pub struct Tree {
            value: u64,
            left: Option<Pointer<Tree>>,
            right: Option<Pointer<Tree>>,
        }

        $(#[$attribute])*
        pub struct StrongTree {
            token: Token,
            parent: Cell<Option<Pointer<StrongTree>>>,
            left: Option<Pointer<StrongTree>>,
            right: Option<Pointer<StrongTree>>,
        }

        $(#[$attribute])*
        pub struct Node {
            value: u64,
            token: Token,
            next: Cell<Option<Pointer<Node>>>,
            other: Cell<Option<Pointer<Node>>>,
        }

        $(#[$attribute])*
        pub struct Vertex {
            value: u64,
            token: Token,
            edges: Cell<Vec<Pointer<Vertex>>>,
        }
    };
}

/// The functions of `Column` on the types of [`shapes!`]; used inside the `impl`.
macro_rules! on_shapes {
    () => {
        type Leaf = Pointer<u64>;
        type List = Pointer<List>;
        type Tree = Pointer<Tree>;
        type StrongTree = Pointer<StrongTree>;
        type Node = Pointer<Node>;
        type Vertex = Pointer<Vertex>;

        #[inline]
        fn leaf(value: u64) -> Self::Leaf {
            Pointer::new(value)
        }

        #[inline]
        fn list(value: u64, next: Option<Self::List>) -> Self::List {
            Pointer::new(List { value, next })
        }

        #[inline]
        fn list_parts(list: &Self::List) -> (u64, Option<&Self::List>) {
            let List { value, next } = &**list;
            (*value, next.as_ref())
        }

        #[inline]
        fn tree(value: u64, kids: Option<(Self::Tree, Self::Tree)>) -> Self::Tree {
            let (left, right) = kids.unzip();
            Pointer::new(Tree { value, left, right })
        }

        #[inline]
        fn tree_parts(tree: &Self::Tree) -> (u64, Option<(&Self::Tree, &Self::Tree)>) {
            let Tree { value, left, right } = &**tree;
            (*value, left.as_ref().zip(right.as_ref()))
        }

        #[inline]
        fn strong_tree(kids: Option<(Self::StrongTree, Self::StrongTree)>) -> Self::StrongTree {
            let (left, right) = kids.unzip();
            let tree = Pointer::new(StrongTree { token: Token::new(), parent: Cell::new(None), left, right });
            for kid in [&tree.left, &tree.right].into_iter().flatten() {
                *kid.parent.borrow_mut() = Some(tree.clone());
            }
            tree
        }

        #[inline]
        fn node(value: u64) -> Self::Node {
            Pointer::new(Node { value, token: Token::new(), next: Cell::new(None), other: Cell::new(None) })
        }

        // What an edge led to is dropped after the cell has been given back: its drop may collect, and so trace the cell.
        #[inline]
        fn set_next(node: &Self::Node, next: Option<Self::Node>) {
            let old = std::mem::replace(&mut *node.next.borrow_mut(), next);
            drop(old);
        }

        #[inline]
        fn set_other(node: &Self::Node, other: Option<Self::Node>) {
            let old = std::mem::replace(&mut *node.other.borrow_mut(), other);
            drop(old);
        }

        #[inline]
        fn vertex(value: u64) -> Self::Vertex {
            Pointer::new(Vertex { value, token: Token::new(), edges: Cell::new(Vec::new()) })
        }

        #[inline]
        fn add_edge(from: &Self::Vertex, to: Self::Vertex) {
            from.edges.borrow_mut().push(to);
        }
    };
}

/// Defines the tree with weak parents, where there is `Weak<T>`.
macro_rules! weak_shape {
    ($(#[$attribute:meta])*) => {
        $(#[$attribute])*
        pub struct WeakTree {
            token: Token,
            parent: Cell<Option<Weak<WeakTree>>>,
            left: Option<Pointer<WeakTree>>,
            right: Option<Pointer<WeakTree>>,
        }
    };
}

/// The functions of `Column` on the type of [`weak_shape!`].
macro_rules! on_weak_shape {
    ($downgrade:expr) => {
        const WEAK: bool = true;
        type WeakTree = Pointer<WeakTree>;

        #[inline]
        fn weak_tree(kids: Option<(Self::WeakTree, Self::WeakTree)>) -> Self::WeakTree {
            let (left, right) = kids.unzip();
            let tree = Pointer::new(WeakTree { token: Token::new(), parent: Cell::new(None), left, right });
            for kid in [&tree.left, &tree.right].into_iter().flatten() {
                *kid.parent.borrow_mut() = Some($downgrade(&tree));
            }
            tree
        }
    };
}

/// The functions of `Column` on weak pointers, where there are none.
#[cfg(feature = "peers")]
macro_rules! no_weak_shape {
    () => {
        const WEAK: bool = false;
        type WeakTree = ();

        fn weak_tree(_: Option<(Self::WeakTree, Self::WeakTree)>) -> Self::WeakTree {
            unreachable!("the column has no weak pointers")
        }
    };
}
