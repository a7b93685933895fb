//! The heap as a file for the memory panel of Chrome's DevTools, written as it goes: nothing is held in memory twice.
//!
//! A `.heapsnapshot` is one JSON object, read by a scanner that wants its keys in this order: `snapshot` (how rows are laid out, and
//! how many there are), `nodes`, `edges`, four lists that are empty here, `strings`. Numbers are all in rows:
//!
//! | row | fields |
//! |---|---|
//! | node | type; name, as an index into `strings`; id; size of itself in bytes; number of its edges; 0; 0 |
//! | edge | type; name, as an index into `strings`; seven times the place of the node it leads to |
//!
//! Node 0 is the root, from which distances are counted. Edges of type `weak` count neither for distances nor for retained sizes.
//!
//! # Invariants
//! - **I9** Node `FIRST + i` is object `i` of the snapshot. Before it come the root, "(GC roots)", which hangs on it, and "(held
//!   outside the heap)", which hangs on that, and on which hangs every object that something outside the heap holds.
//! - **I10** Edges come in the order of their nodes, as many as the node's row says.
//! - **I11** `strings` begins with `FIXED`; then come the names of types, then those of edges, as the snapshot numbers them.

mod ids;
mod json;

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

pub use ids::DevToolsIds;
use json::Quoted;

use super::{Edge, EdgeKind, Object, Snapshot};

/// How many fields a node has.
const FIELDS: usize = 7;
/// How many nodes come before the first object (I9).
const FIRST: usize = 3;
/// The first strings (I11). What DevTools takes for missing has index 0.
const FIXED: [&str; 6] = ["<dummy>", "", "(GC roots)", "(held outside the heap)", "held outside", "held"];

/// How the rows are laid out. The types are those of Chrome's engine; of nodes 3, `object`, and 9, `synthetic`, are used, of edges 2, `property`,
/// 3, `internal`, and 6, `weak`.
const META: &str = r#"{
"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape"],"string","number","number","number","number","number"],
"edge_fields":["type","name_or_index","to_node"],
"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],
"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
"trace_node_fields":["id","function_info_index","count","size","children"],
"sample_fields":["timestamp_us","last_assigned_id"],
"location_fields":["object_index","script_id","line","column"]}"#;

const OBJECT: usize = 3;
const SYNTHETIC: usize = 9;
const PROPERTY: usize = 2;
const INTERNAL: usize = 3;
const WEAK: usize = 6;

impl Snapshot {
    /// Writes the snapshot as a `.heapsnapshot`, a file for the memory panel of Chrome's DevTools ("Load profile").
    ///
    /// What is held from outside hangs on a node "(held outside the heap)", so the panel's "Distance" is three more than that of
    /// [`distances`](Self::distances); retained sizes are the same. [`Weak`](crate::Weak)s count for neither. Garbage that waits
    /// for a collection is listed with distance "-". Sizes beyond 4 GiB are written as 4 GiB, since the panel keeps them in 32 bits.
    ///
    /// The file is written as it goes: besides the snapshot, it takes four bytes of memory for each object, for a moment. `output`
    /// need not be buffered.
    ///
    /// # Errors
    /// As `output`.
    ///
    /// # Examples
    /// ```no_run
    /// use std::fs::File;
    /// use gc_core::inspect::Snapshot;
    ///
    /// Snapshot::capture().write_heapsnapshot(File::create("before.heapsnapshot")?)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn write_heapsnapshot(&self, output: impl Write) -> io::Result<()> {
        write(self, output)
    }
}

fn write(snapshot: &Snapshot, output: impl Write) -> io::Result<()> {
    let mut file = File {
        snapshot,
        ids: snapshot.devtools_ids(),
        output: BufWriter::with_capacity(1 << 16, output),
        is_first: true,
    };
    file.head()?;
    file.nodes()?;
    file.edges()?;
    write!(
        file.output,
        "],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":[],\n\"strings\":["
    )?;
    file.strings()?;
    writeln!(file.output, "]}}")?;
    file.output.flush()
}

/// A file that is being written.
struct File<'s, W: Write> {
    snapshot: &'s Snapshot,
    ids: DevToolsIds,
    output: BufWriter<W>,
    /// Whether the list that is being written has no row yet.
    is_first: bool,
}

impl<'s, W: Write> File<'s, W> {
    fn held(&self) -> impl Iterator<Item = Object<'s>> + use<'s, W> {
        self.snapshot.objects().filter(|object| object.outside() > 0)
    }

    fn head(&mut self) -> io::Result<()> {
        let nodes = FIRST + self.snapshot.len();
        let edges = 2 + self.held().count() + self.snapshot.edge_count();
        write!(self.output, "{{\"snapshot\":{{\"meta\":{META},\n\"node_count\":{nodes},\"edge_count\":{edges},")?;
        write!(self.output, "\"trace_function_count\":0}},\n\"nodes\":[")
    }

    fn nodes(&mut self) -> io::Result<()> {
        let held = self.held().count();
        for (node, edges) in [1, 1, held].into_iter().enumerate() {
            self.row([SYNTHETIC, 1 + node, 1 + node, 0, edges, 0, 0])?;
        }
        for object in self.snapshot.objects() {
            let name = FIXED.len() + object.type_index();
            let id = self.ids.of(object) as usize;
            // Sizes are kept in 32 bits, too.
            let size = object.size().min(u32::MAX as usize);
            self.row([OBJECT, name, id, size, object.edges().len(), 0, 0])?;
        }
        self.is_first = true;
        write!(self.output, "],\n\"edges\":[")
    }

    fn edges(&mut self) -> io::Result<()> {
        self.row([INTERNAL, 5, FIELDS])?;
        self.row([INTERNAL, 5, 2 * FIELDS])?;
        for object in self.held() {
            self.row([INTERNAL, 4, place(object)])?;
        }
        let labels = FIXED.len() + self.snapshot.type_names().len();
        for edge in self.snapshot.objects().flat_map(|object| object.edges()) {
            self.row([kind(edge), labels + edge.label().index(), place(edge.to())])?;
        }
        Ok(())
    }

    fn strings(&mut self) -> io::Result<()> {
        self.is_first = true;
        FIXED.iter().try_for_each(|text| self.string(text))?;
        for name in self.snapshot.type_names() {
            // Of a name that begins like a tag, the panel would show the tag alone.
            let blank = if name.starts_with('<') { " " } else { "" };
            self.string(&format_args!("{blank}{name}"))?;
        }
        let snapshot = self.snapshot;
        snapshot.labels().try_for_each(|label| self.string(&label))
    }

    /// A row of numbers, on a line of its own.
    fn row<const N: usize>(&mut self, numbers: [usize; N]) -> io::Result<()> {
        for (place, number) in numbers.into_iter().enumerate() {
            let separator = match (place, self.is_first) {
                (0, true) => "\n",
                (0, false) => "\n,",
                _ => ",",
            };
            self.is_first = false;
            write!(self.output, "{separator}{number}")?;
        }
        Ok(())
    }

    fn string(&mut self, text: &impl Display) -> io::Result<()> {
        let separator = if self.is_first { "" } else { "," };
        self.is_first = false;
        write!(self.output, "{separator}\n{}", Quoted(text))
    }
}

/// The type of an edge. From the key of an entry to its value, it is one that keeps its end alive if the collection is.
fn kind(edge: Edge<'_>) -> usize {
    match edge.kind() {
        EdgeKind::Strong => PROPERTY,
        EdgeKind::Ephemeron if !edge.collection().is_some_and(Object::is_garbage) => INTERNAL,
        EdgeKind::Ephemeron | EdgeKind::Weak => WEAK,
    }
}

/// What an edge says of the node that it leads to (I9).
fn place(object: Object<'_>) -> usize {
    (FIRST + object.index()) * FIELDS
}
