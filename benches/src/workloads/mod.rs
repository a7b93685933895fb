//! What every column does: one file for each subject.
//!
//! A new workload is a function here and two lines: one in [`ALL`], one in [`find`].

mod churn;
mod cycles;
mod dom;
mod full;
mod lox;
mod memory;
mod mutation;
mod single;
mod survivors;
mod trees;
mod walks;

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::columns::{Collections, Column};
use crate::tokens;

#[cfg(feature = "peers")]
pub use {
    cycles::digraph_edges,
    full::LIVE_EDGES_SEED,
    memory::bytes_per_object,
    mutation::{Step, steps},
};

/// Columns that have to be told to collect are told each time that about so many objects have been made.
pub const OBJECTS_PER_COLLECTION: u64 = 2_000;

/// A workload in one column, run at a size.
pub type Run = fn(Size) -> Option<Sample>;

/// How much is done.
#[derive(Clone, Copy)]
pub struct Size {
    /// The operations that the figure is divided by.
    pub operations: u64,
    /// Objects that live meanwhile, where that is part of the workload.
    pub live: u64,
    /// Long workloads end after this time, if they have done something.
    pub limit: Option<Duration>,
}

/// What came out.
pub struct Sample {
    /// In the unit of the workload.
    pub value: f64,
    /// Values that should have been dropped, and were not.
    pub leaked: i64,
}

/// What a value tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The time of one operation, in nanoseconds.
    Time,
    /// Bytes of an object.
    Bytes,
    /// Instructions of one operation: what is counted under callgrind instead of time.
    Instructions,
}

/// A row of the table.
pub struct Workload {
    pub name: &'static str,
    /// What is done, and what one operation is.
    pub about: &'static str,
    pub unit: Unit,
    pub operations: u64,
    pub live: u64,
    pub counted: Counted,
}

/// What is counted under callgrind.
#[derive(Clone, Copy)]
pub enum Counted {
    /// An operation: what the second number of operations takes more than the first. And the live objects meanwhile.
    Operation([u64; 2], u64),
    /// The longest pause, at this number of operations and of live objects.
    Pause(u64, u64),
    Nothing,
}

use Counted::{Nothing, Operation, Pause};

const MILLION: u64 = 1_000_000;

macro_rules! workloads {
    ($($name:literal: $run:path, $unit:ident, $operations:expr, $live:expr, $counted:expr, $about:literal;)*) => {
        /// The rows, in the order of the table.
        pub const ALL: &[Workload] = &[$(Workload {
            name: $name,
            about: $about,
            unit: Unit::$unit,
            operations: $operations,
            live: $live,
            counted: $counted,
        }),*];

        /// The workload of this name for the column `C`.
        pub fn find<C: Column>(name: &str) -> Option<Run> {
            match name {
                $($name => Some($run),)*
                _ => None,
            }
        }
    };
}

workloads! {
    "leaf": single::leaf::<C>, Time, 5 * MILLION, 0, Operation([50_000, 150_000], 0),
        "allocate and drop a leaf (8 bytes)";
    "container": single::container::<C>, Time, 5 * MILLION, 0, Operation([50_000, 150_000], 0),
        "allocate and drop a container (16 bytes, one of them an edge)";
    "clone": single::clone::<C>, Time, 20 * MILLION, 0, Operation([50_000, 150_000], 0),
        "clone and drop one pointer";
    "clone-shuffled": single::clone_shuffled::<C>, Time, 5 * MILLION, 100_000, Operation([100_000, 300_000], 100_000),
        "clone and drop each of 100,000 pointers in shuffled order";
    "walk-list": walks::list::<C>, Time, 20 * MILLION, 500, Operation([50_000, 150_000], 500),
        "visit a node of a list of 500, hot";
    "walk-tree": walks::tree::<C>, Time, 20 * MILLION, 1_023, Operation([102_300, 306_900], 1_023),
        "visit a node of a binary tree of 1,023, hot";
    "trees": trees::plain::<C>, Time, 500 * 4_095, 4_095, Operation([20 * 4_095, 60 * 4_095], 4_095),
        "build and drop binary trees of 4,095 nodes; per node";
    "trees-strong": trees::strong::<C>, Time, 500 * 4_095, 4_095, Operation([20 * 4_095, 60 * 4_095], 4_095),
        "the same with strong parent links (cyclic)";
    "trees-weak": trees::weak::<C>, Time, 500 * 4_095, 4_095, Operation([20 * 4_095, 60 * 4_095], 4_095),
        "the same with weak parent links";
    "cycles": cycles::pairs::<C>, Time, MILLION, 0, Operation([50_000, 150_000], 0),
        "make and reclaim a cycle of two nodes";
    "ring": cycles::ring::<C>, Time, MILLION, 0, Operation([50_000, 150_000], 0),
        "make and reclaim one ring of 1,000,000 nodes; per node";
    "digraph": cycles::digraph::<C>, Time, 100_000, 0, Operation([20_000, 60_000], 0),
        "make and reclaim a random digraph of 100,000 nodes with 4 edges each; per node";
    "churn": churn::time::<C>, Time, MILLION, MILLION, Operation([100_000, 300_000], 100_000),
        "make and reclaim a cycle of two nodes with an edge to one of 1,000,000 live nodes";
    "churn-few": churn::time_few::<C>, Time, MILLION, MILLION, Operation([100_000, 300_000], 100_000),
        "the same with an edge to one of 1,000 of the 1,000,000 live nodes: no cache misses of its own";
    "churn-empty": churn::time::<C>, Time, MILLION, 1, Operation([100_000, 300_000], 1),
        "the same with an edge to the only live node";
    "churn-pause": churn::pause::<C>, Time, MILLION, MILLION, Pause(MILLION, MILLION),
        "the longest pause of `churn`";
    "collect-quiet": full::quiet::<C>, Time, 1_000, MILLION, Operation([10, 30], 20_000),
        "a full collection of 1,000,000 live nodes, of which none was touched";
    "collect-ordered": full::ordered::<C>, Time, 5, MILLION, Operation([10, 30], 20_000),
        "the same after every handle was cloned and dropped once, in order of allocation";
    "collect-shuffled": full::shuffled::<C>, Time, 5, MILLION, Operation([10, 30], 20_000),
        "the same in shuffled order";
    "survivors": survivors::automatic::<C>, Time, MILLION, 0, Operation([50_000, 150_000], 0),
        "build 1,000,000 containers that stay, automatic collections on; per container";
    "survivors-off": survivors::manual::<C>, Time, MILLION, 0, Operation([50_000, 150_000], 0),
        "the same, automatic collections off";
    "mutation": mutation::random::<C>, Time, MILLION, 10_000, Operation([100_000, 300_000], 10_000),
        "a random step (create, link, unlink, drop) on 10,000 handles";
    "drop-list": single::drop_list::<C>, Time, MILLION, 0, Operation([20_000, 60_000], 0),
        "drop a list of 1,000,000; per node";
    "lox-fib": lox::fib::<C>, Time, 100, 0, Operation([2, 6], 0),
        "Lox: 21,891 calls of a function, and no object";
    "lox-closures": lox::closures::<C>, Time, 100_000, 0, Operation([500, 1_500], 0),
        "Lox: make 4 closures and call them 8 times, over variables that they share";
    "lox-trees": lox::trees::<C>, Time, 1_000, 0, Operation([10, 30], 0),
        "Lox: build, walk and drop a tree of 1,023 instances, while one of 4,095 lives";
    "lox-methods": lox::methods::<C>, Time, 60_000, 0, Operation([500, 1_500], 0),
        "Lox: 52 method calls, some inherited, some through `super`";
    "lox-strings": lox::strings::<C>, Time, 150_000, 0, Operation([500, 1_500], 0),
        "Lox: build a text of 3 lines, each joined from 5 pieces";
    "lox-cycles": lox::cycles::<C>, Time, 200_000, 0, Operation([500, 1_500], 0),
        "Lox: make and reclaim a recursive closure and a cycle of two instances";
    "dom": dom::round::<C>, Time, 10, 1_000_000, Operation([1, 3], 1_000_000),
        "parse (html5ever), query, change and drop a page of 1 MB; `rc` is markup5ever_rcdom";
    "bytes-leaf": memory::leaf::<C>, Bytes, MILLION, 0, Nothing,
        "growth of the resident set by each of 1,000,000 leaves (8 bytes), collector and malloc overhead included";
    "bytes-container": memory::container::<C>, Bytes, MILLION, 0, Nothing,
        "the same for containers (16 bytes)";
    "bytes-kept": memory::kept::<C>, Bytes, MILLION, 1_000, Nothing,
        "growth of the resident set by 1,000,000 leaves of which all but the first 1,000 were dropped; per leaf kept";
    "bytes-kept-far": memory::kept_far::<C>, Bytes, MILLION, 1_000, Nothing,
        "the same with every thousandth kept: fragmentation";
    "bytes-types": memory::types::<C>, Bytes, 600, 3, Nothing,
        "growth of the resident set by three objects of each of 200 types of 8 to 1,600 bytes; per object";
    "bytes-churn": memory::churn::<C>, Bytes, 10 * MILLION, 0, Nothing,
        "growth of the resident set while 10,000,000 cycles of two nodes are made and reclaimed; per cycle";
}

/// Whether the column is to be told to collect, after so many cycles of two nodes or steps.
#[inline]
fn is_due<C: Column>(count: u64) -> bool {
    C::COLLECTIONS == Collections::Explicit && count.is_multiple_of(OBJECTS_PER_COLLECTION / 2)
}

/// Nanoseconds that an operation took, of as many as `work` did.
pub fn time(operations: u64, work: impl FnOnce()) -> Sample {
    let start = Instant::now();
    work();
    finished(start.elapsed(), operations)
}

/// The sample of this time, with nothing alive any more.
fn finished(elapsed: Duration, operations: u64) -> Sample {
    Sample { value: elapsed.as_nanos() as f64 / operations as f64, leaked: tokens::alive() }
}

/// A random number generator (xorshift64*), the same in each column.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let random = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        (random * bound) >> 32
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Drops `value` where the optimizer does not see its origin.
#[inline]
pub fn discard<T>(value: T) {
    drop(black_box(value));
}
