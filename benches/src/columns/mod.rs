//! One file for each column of the table: a pointer type, and the shapes of values that the workloads put behind it.
//!
//! A new column is a file here that invokes [`shapes!`] or implements [`Column`] by hand, and a line in [`ALL`].

#[macro_use]
mod shapes;
#[macro_use]
mod lox;
mod gc_core;
mod rc;

#[cfg(feature = "peers")]
mod bacon_rajan_cc;
#[cfg(feature = "peers")]
mod boa_gc;
#[cfg(feature = "peers")]
mod dumpster;
#[cfg(feature = "peers")]
mod gc;
#[cfg(feature = "peers")]
mod gc_arena;
#[cfg(feature = "peers")]
mod gcmodule;
#[cfg(feature = "peers")]
mod jrsonnet_gcmodule;
#[cfg(feature = "peers")]
mod rust_cc;

use std::time::Duration;

pub use lox::Lox;

use crate::workloads::{self, Run};

/// The columns, in the order of the table: their names, and how each looks up a workload.
pub const ALL: &[(&str, Lookup)] = &[
    ("rc", workloads::find::<rc::Rc>),
    ("gc-core", workloads::find::<gc_core::GcCore>),
    #[cfg(feature = "peers")]
    ("dumpster", workloads::find::<dumpster::Dumpster>),
    #[cfg(feature = "peers")]
    ("gcmodule", workloads::find::<gcmodule::Gcmodule>),
    #[cfg(feature = "peers")]
    ("jrsonnet-gcmodule", workloads::find::<jrsonnet_gcmodule::JrsonnetGcmodule>),
    #[cfg(feature = "peers")]
    ("rust-cc", workloads::find::<rust_cc::RustCc>),
    #[cfg(feature = "peers")]
    ("bacon_rajan_cc", workloads::find::<bacon_rajan_cc::BaconRajanCc>),
    #[cfg(feature = "peers")]
    ("gc", workloads::find::<gc::RustGc>),
    #[cfg(feature = "peers")]
    ("boa_gc", workloads::find::<boa_gc::BoaGc>),
    #[cfg(feature = "peers")]
    ("gc-arena", gc_arena::find),
];

/// The column that is a script, and no code of this binary.
pub const CPYTHON: &str = "cpython";

/// The workload of a name, as a column does it; `None` if the column cannot.
pub type Lookup = fn(&str) -> Option<Run>;

/// The two subtrees of a tree.
pub type Kids<'a, T> = (&'a T, &'a T);

/// How a column reclaims garbage cycles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Collections {
    /// Not at all.
    Never,
    /// When it is told to.
    #[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "only peers need to be told"))]
    Explicit,
    /// By itself, too.
    Automatic,
}

/// A pointer type. `P<T>` below stands for it.
pub trait Column: 'static {
    /// How garbage cycles are reclaimed.
    const COLLECTIONS: Collections;
    /// Whether there are weak pointers.
    const WEAK: bool;
    /// The interpreter, if it was built on this pointer.
    const LOX: Option<Lox> = None;

    /// `P<u64>`.
    type Leaf: Clone;
    /// `P<List { value: u64, next: Option<P<List>> }>`.
    type List: Clone;
    /// `P<Tree { value: u64, left: Option<P<Tree>>, right: Option<P<Tree>> }>`.
    type Tree: Clone;
    /// A tree whose nodes point to their parents, too.
    type StrongTree: Clone;
    /// A tree whose nodes point to their parents weakly.
    type WeakTree: Clone;
    /// `P<Node { value: u64, next: Cell<Option<P<Node>>>, other: Cell<Option<P<Node>>> }>`, its drop counted.
    type Node: Clone;
    /// `P<Vertex { value: u64, edges: Cell<Vec<P<Vertex>>> }>`, its drop counted.
    type Vertex: Clone;

    /// Reclaims all garbage that this column can reclaim.
    fn collect();

    /// Turns automatic collections off; `false` if that cannot be done.
    fn disable() -> bool {
        false
    }

    /// Begins to watch for the longest pause, if the column tells it by itself.
    fn watch_pauses() {}

    /// Ends that; the longest pause since. `None` if it is to be timed from outside.
    fn longest_pause() -> Option<Duration> {
        None
    }

    /// Makes a `P<[u64; WORDS]>` that stays for ever; `None` where that was not tried.
    fn forget_array<const WORDS: usize>() -> Option<()> {
        None
    }

    /// Reads, queries, changes and drops a page; how much was found. `None` if there is no document object model on this
    /// pointer.
    fn dom(_page: &str) -> Option<usize> {
        None
    }

    fn leaf(value: u64) -> Self::Leaf;
    fn list(value: u64, next: Option<Self::List>) -> Self::List;
    fn list_parts(list: &Self::List) -> (u64, Option<&Self::List>);
    fn tree(value: u64, kids: Option<(Self::Tree, Self::Tree)>) -> Self::Tree;
    fn tree_parts(tree: &Self::Tree) -> (u64, Option<Kids<'_, Self::Tree>>);
    fn strong_tree(kids: Option<(Self::StrongTree, Self::StrongTree)>) -> Self::StrongTree;
    fn weak_tree(kids: Option<(Self::WeakTree, Self::WeakTree)>) -> Self::WeakTree;
    fn node(value: u64) -> Self::Node;
    fn set_next(node: &Self::Node, next: Option<Self::Node>);
    fn set_other(node: &Self::Node, other: Option<Self::Node>);
    fn vertex(value: u64) -> Self::Vertex;
    fn add_edge(from: &Self::Vertex, to: Self::Vertex);
}
