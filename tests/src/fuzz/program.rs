//! Programs over a heap: a list of operations, decoded from bytes, printed as a Rust test.
//!
//! Every operand is a number that is always in range, so every program means something, and so does each part of one. An
//! operation that cannot be done (a root that is empty, a cell that is borrowed) does nothing.

use std::fmt;
use std::sync::Arc;

/// How many variables, each holding a `Gc` or nothing.
pub const ROOTS: u8 = 6;
/// How many variables for `Weak`s.
pub const WEAKS: u8 = 4;
/// How many variables for what `Gc::on_drop` returns.
pub const HANDLES: u8 = 3;
/// How many variables for weak maps. A map with a higher number is that of a root.
pub const MAPS: u8 = 2;
/// How many hooks.
pub const HOOKS: u8 = 2;
/// How many edges a value has, unless it is a leaf.
pub const SLOTS: u8 = 4;

/// What is allocated. All but `Leaf` have [`SLOTS`] places for an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Gc<Node>`, with a `RefCell` of edges and one weak pointer.
    Node,
    /// `Gc<dyn Thing>`, with a `Cell` for each edge.
    Cells,
    /// `Gc<dyn Thing>`, with a finalizer, which its script says.
    Finalized,
    /// As `Finalized`, moved in from a `Box<dyn Thing>`.
    Boxed,
    /// `Gc<dyn Thing>`, whose last edge is held by an untraced `Rc`.
    Hiding,
    /// `Gc<dyn Thing>`, with a weak map.
    Mapping,
    /// `Gc<[Item]>`, each with one edge.
    Slice,
    /// `Gc<dyn Thing>` without edges.
    Leaf,
}

impl Kind {
    const ALL: [Self; 8] =
        [Self::Node, Self::Finalized, Self::Cells, Self::Hiding, Self::Slice, Self::Mapping, Self::Leaf, Self::Boxed];
}

/// What user code does behind one of the heap's doors. Prints as the call of [`script`] that makes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Script(pub Arc<[Op]>);

/// A script of these operations.
pub fn script<const N: usize>(ops: [Op; N]) -> Script {
    Script(ops.into())
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("script(")?;
        f.debug_list().entries(self.0.iter()).finish()?;
        f.write_str(")")
    }
}

/// One step. `to` names the root that the result is put into, `weak` a weak variable, `slot` an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the operands are explained above")]
pub enum Op {
    /// Makes a box with edges to two roots, whose finalizer, or else a destructor, runs the script.
    Alloc {
        kind: Kind,
        to: u8,
        links: [Option<u8>; 2],
        script: Script,
    },
    /// Makes a `Node` that knows itself by a weak pointer; the script runs while it is made.
    NewCyclic {
        to: u8,
        script: Script,
    },
    /// Draws an edge.
    Link {
        from: u8,
        slot: u8,
        to: u8,
    },
    /// Moves a root into an edge: no count changes.
    MoveIn {
        from: u8,
        slot: u8,
        to: u8,
    },
    /// Moves a root into a new `Node`, and that into the root, as many times.
    Wrap {
        root: u8,
        times: u8,
    },
    /// Takes an edge away.
    Unlink {
        from: u8,
        slot: u8,
    },
    /// Moves an edge into a root.
    MoveOut {
        from: u8,
        slot: u8,
        to: u8,
    },
    /// Clones an edge into a root.
    CopyOut {
        from: u8,
        slot: u8,
        to: u8,
    },
    /// Clones a root.
    Clone {
        from: u8,
        to: u8,
    },
    /// Empties a root.
    Drop {
        root: u8,
    },
    /// `mem::forget`s the pointer in a root.
    Forget {
        root: u8,
    },
    Downgrade {
        root: u8,
        weak: u8,
    },
    /// `Gc::downgrade_with` a callback that captures a root and runs the script.
    DowngradeWith {
        root: u8,
        weak: u8,
        capture: Option<u8>,
        script: Script,
    },
    Upgrade {
        weak: u8,
        to: u8,
    },
    /// Clones a weak pointer, without its callback.
    CloneWeak {
        from: u8,
        to: u8,
    },
    DropWeak {
        weak: u8,
    },
    /// Moves a weak pointer into the `Node` of a root.
    StoreWeak {
        weak: u8,
        into: u8,
    },
    /// `Gc::on_drop` with a closure that captures a root and runs the script.
    OnDrop {
        root: u8,
        handle: u8,
        capture: Option<u8>,
        script: Script,
    },
    /// `Finalizer::run`.
    RunNow {
        handle: u8,
    },
    /// `Finalizer::detach`.
    Detach {
        handle: u8,
    },
    /// A collection of the generation of this index.
    Collect {
        generation: u8,
    },
    Freeze,
    Unfreeze,
    Pause,
    Unpause,
    /// Sets the young threshold; the others are 1.
    Threshold {
        young: u8,
    },
    /// Sets how many edges an automatic collection follows.
    Budget {
        edges: u8,
    },
    /// Runs the script while the edges of a root are mutably borrowed.
    HoldBorrow {
        root: u8,
        script: Script,
    },
    /// Borrows the edges of a root mutably for ever.
    LeakBorrow {
        root: u8,
    },
    /// In a finalizer: puts a pointer to its own value into a root.
    SaveSelf {
        to: u8,
    },
    /// Behind a door: panics.
    Panic,
    /// Registers a hook that runs the script at the start and at the end of every collection.
    Hook {
        hook: u8,
        script: Script,
    },
    DropHook {
        hook: u8,
    },
    MapNew {
        map: u8,
    },
    MapDrop {
        map: u8,
    },
    /// Inserts an entry under the key in a root, whose value refers to another root.
    MapInsert {
        map: u8,
        key: u8,
        value: Option<u8>,
    },
    MapRemove {
        map: u8,
        key: u8,
    },
    /// Clones what the value of an entry refers to into a root.
    MapGet {
        map: u8,
        key: u8,
        to: u8,
    },
    /// Runs the script while the value of an entry is looked at.
    MapWith {
        map: u8,
        key: u8,
        script: Script,
    },
    /// Moves a `Node` out of its box, and drops it.
    TryUnwrap {
        root: u8,
    },
    /// Has a root's value to itself while the script runs, then replaces one of its edges by a root.
    GetMut {
        root: u8,
        slot: u8,
        to: u8,
        script: Script,
    },
    /// `Gc::make_mut`, of a `Node`.
    MakeMut {
        root: u8,
    },
}

/// The program that `bytes` stand for. In one of three, collections come by themselves as soon as they can, and hardly any is
/// asked for.
pub fn decode(bytes: &[u8]) -> Vec<Op> {
    const LONGEST: usize = 120;
    let mut source = Source { bytes };
    let is_eager = source.byte().is_multiple_of(3);
    let ops = std::iter::from_fn(|| (!source.bytes.is_empty()).then(|| source.op(0)));
    if !is_eager {
        return ops.take(LONGEST).collect();
    }
    let is_governed = |op: &Op| matches!(op, Op::Collect { .. } | Op::Threshold { .. } | Op::Pause);
    std::iter::once(Op::Threshold { young: 1 }).chain(ops.filter(|op| !is_governed(op))).take(LONGEST).collect()
}

/// `program` as the text of a test.
pub fn as_test(program: &[Op]) -> String {
    let lines: String = program.iter().map(|op| format!("        {op:?},\n")).collect();
    format!(
        "use gc_tests::fuzz::program::{{Kind::*, Op::*, script}};\n\n\
         #[test]\nfn a_program_that_went_wrong() {{\n    gc_tests::fuzz::check(&[\n{lines}    ]);\n}}\n"
    )
}

/// Bytes yet to be decoded; after the last, zeros.
struct Source<'a> {
    bytes: &'a [u8],
}

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        self.bytes.split_off_first().copied().unwrap_or(0)
    }

    fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    fn root(&mut self) -> u8 {
        self.below(ROOTS)
    }

    fn slot(&mut self) -> u8 {
        self.below(SLOTS)
    }

    fn weak(&mut self) -> u8 {
        self.below(WEAKS)
    }

    fn handle(&mut self) -> u8 {
        self.below(HANDLES)
    }

    fn map(&mut self) -> u8 {
        self.below(MAPS + ROOTS)
    }

    fn maybe_root(&mut self) -> Option<u8> {
        let byte = self.byte();
        (byte < 128).then_some(byte % ROOTS)
    }

    fn script(&mut self, depth: u8) -> Script {
        const DEEPEST: u8 = 2;
        let longest = if depth < DEEPEST { 4 } else { 1 };
        let count = self.below(longest);
        Script((0..count).map(|_| self.op(depth + 1)).collect())
    }

    /// A script that often begins with a resurrection.
    fn finalizer(&mut self, depth: u8) -> Script {
        let rescue = (self.byte() < 70).then(|| Op::SaveSelf { to: self.root() });
        Script(rescue.into_iter().chain(self.script(depth).0.iter().cloned()).collect())
    }

    /// A script that is most often empty.
    fn rare_script(&mut self, depth: u8) -> Script {
        if self.byte() < 40 { self.script(depth) } else { Script([].into()) }
    }

    fn alloc(&mut self, depth: u8) -> Op {
        let kind = Kind::ALL[usize::from(self.below(8))];
        let (to, links) = (self.root(), [self.maybe_root(), self.maybe_root()]);
        let script = match kind {
            Kind::Finalized | Kind::Boxed => self.finalizer(depth),
            _ => self.rare_script(depth),
        };
        Op::Alloc { kind, to, links, script }
    }

    fn op(&mut self, depth: u8) -> Op {
        match self.byte() {
            0..=45 => self.alloc(depth),
            46..=51 => Op::NewCyclic { to: self.root(), script: self.rare_script(depth) },
            52..=70 => Op::Link { from: self.root(), slot: self.slot(), to: self.root() },
            71..=76 => Op::MoveIn { from: self.root(), slot: self.slot(), to: self.root() },
            77..=79 => Op::Wrap { root: self.root(), times: [1, 2, 3, 4, 5, 6, 50][usize::from(self.below(7))] },
            80..=87 => Op::Unlink { from: self.root(), slot: self.slot() },
            88..=95 => Op::MoveOut { from: self.root(), slot: self.slot(), to: self.root() },
            96..=101 => Op::CopyOut { from: self.root(), slot: self.slot(), to: self.root() },
            102..=107 => Op::Clone { from: self.root(), to: self.root() },
            108..=127 => Op::Drop { root: self.root() },
            128 => Op::Forget { root: self.root() },
            129..=132 => Op::Downgrade { root: self.root(), weak: self.weak() },
            133..=140 => Op::DowngradeWith {
                root: self.root(),
                weak: self.weak(),
                capture: self.maybe_root(),
                script: self.script(depth),
            },
            141..=147 => Op::Upgrade { weak: self.weak(), to: self.root() },
            148..=149 => Op::CloneWeak { from: self.weak(), to: self.weak() },
            150..=152 => Op::DropWeak { weak: self.weak() },
            153..=157 => Op::StoreWeak { weak: self.weak(), into: self.root() },
            158..=162 => Op::OnDrop {
                root: self.root(),
                handle: self.handle(),
                capture: self.maybe_root(),
                script: self.script(depth),
            },
            163..=164 => Op::RunNow { handle: self.handle() },
            165..=166 => Op::Detach { handle: self.handle() },
            167..=178 => Op::Collect { generation: self.below(4).min(2) },
            179..=180 => Op::Freeze,
            181..=182 => Op::Unfreeze,
            183 => Op::Pause,
            184..=185 => Op::Unpause,
            186..=189 => Op::Threshold { young: self.below(3) },
            190 => Op::Budget { edges: self.below(8) },
            191..=194 => Op::HoldBorrow { root: self.root(), script: self.script(depth) },
            195 => Op::LeakBorrow { root: self.root() },
            196..=201 => Op::SaveSelf { to: self.root() },
            202..=203 => Op::Panic,
            204..=206 => Op::Hook { hook: self.below(HOOKS), script: self.script(depth) },
            207..=209 => Op::DropHook { hook: self.below(HOOKS) },
            210..=213 => Op::MapNew { map: self.below(MAPS) },
            214..=215 => Op::MapDrop { map: self.below(MAPS) },
            216..=231 => Op::MapInsert { map: self.map(), key: self.root(), value: self.maybe_root() },
            232..=234 => Op::MapRemove { map: self.map(), key: self.root() },
            235..=238 => Op::MapGet { map: self.map(), key: self.root(), to: self.root() },
            239..=242 => Op::MapWith { map: self.map(), key: self.root(), script: self.script(depth) },
            243..=246 => Op::TryUnwrap { root: self.root() },
            247..=250 => {
                Op::GetMut { root: self.root(), slot: self.slot(), to: self.root(), script: self.script(depth) }
            }
            251..=255 => Op::MakeMut { root: self.root() },
        }
    }
}
