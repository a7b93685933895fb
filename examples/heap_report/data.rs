//! All figures, as JSON: what the page is made of, and what programs may read.
//!
//! Objects are numbers, their places in the columns of `objects`; so are types, labels and edges. The edges of object 0 come
//! first, `edges.count[0]` of them, then those of object 1, and so on.
//!
//! | key | what |
//! |---|---|
//! | `title` | what was captured |
//! | `types`, `short_types` | names of types, in full and without the modules |
//! | `labels` | names of edges: `children[3]` |
//! | `census` | `type`, `objects`, `bytes`: one place for each type, the largest first; `largest`, the object of it that retains most, and `path`, why that is alive |
//! | `objects.id` | the id that the memory panel shows, too |
//! | `objects.type`, `size`, `generation` | what it is; bytes, with its header; `young`, `middle` or `old` |
//! | `objects.strong`, `weak`, `outside` | counts of pointers; `outside` of strong ones that no edge accounts for |
//! | `objects.distance` | edges on a shortest path from an object held from outside; -1 if only garbage holds it |
//! | `objects.reached_by` | the last edge of that path, or -1 |
//! | `objects.dominator`, `retained` | the one object without which it would not be alive, or -1; bytes that would go with it |
//! | `busy` | objects with a cell that was borrowed: edges may be missing |
//! | `edges.count`, `to`, `label` | how many of each object; where each leads to, and its name |
//! | `edges.weak` | the edges that are `Weak` pointers |

mod json;

use std::collections::HashMap;
use std::io::{self, Write};

use gc_core::inspect::{Census, DevToolsIds, DominatorTree, Edge, EdgeKind, Object, Snapshot};

use json::{Keys, Quoted};

/// What is written.
pub(crate) struct Data<'s> {
    title: &'s str,
    census: &'s Census,
    snapshot: &'s Snapshot,
    dominators: DominatorTree<'s>,
    distances: Vec<Option<u32>>,
    ids: DevToolsIds,
}

impl<'s> Data<'s> {
    /// The figures of a heap, under a title.
    pub(crate) fn new(title: &'s str, census: &'s Census, snapshot: &'s Snapshot) -> Self {
        Self {
            title,
            census,
            snapshot,
            dominators: snapshot.dominators(),
            distances: snapshot.distances(),
            ids: snapshot.devtools_ids(),
        }
    }

    /// Writes all figures as one JSON object, a column at a time. There is no `<` in it, so that it may stand inside an element of HTML.
    ///
    /// # Errors
    /// As `output`.
    pub(crate) fn write_json(&self, mut output: impl Write) -> io::Result<()> {
        let mut keys = Keys::new(&mut output);
        keys.text("title", self.title)?;
        self.names(&mut keys)?;
        keys.object("census", |keys| self.census(keys))?;
        keys.object("objects", |keys| self.objects(keys))?;
        keys.list("busy", self.all().filter(|object| object.unread().is_some()).map(|object| object.index()))?;
        keys.object("edges", |keys| self.edges(keys))?;
        keys.end()?;
        writeln!(output)
    }

    fn all(&self) -> impl Iterator<Item = Object<'s>> + use<'s> {
        self.snapshot.objects()
    }

    fn all_edges(&self) -> impl Iterator<Item = Edge<'s>> + use<'s> {
        self.all().flat_map(|object| object.edges())
    }

    fn names<W: Write>(&self, keys: &mut Keys<'_, W>) -> io::Result<()> {
        keys.list("types", self.snapshot.type_names().iter().map(Quoted))?;
        keys.list("short_types", self.snapshot.short_type_names().map(Quoted))?;
        keys.list("labels", self.snapshot.labels().map(Quoted))
    }

    fn census<W: Write>(&self, keys: &mut Keys<'_, W>) -> io::Result<()> {
        let numbers: HashMap<_, _> = self.snapshot.type_names().iter().zip(0..).collect();
        let rows = self.census.rows();
        keys.list("type", rows.iter().map(|row| numbers[&row.type_name]))?;
        keys.list("objects", rows.iter().map(|row| row.objects))?;
        keys.list("bytes", rows.iter().map(|row| row.bytes))?;
        let largest = self.largest();
        let largest = || rows.iter().map(|row| largest[row.type_name]);
        keys.list("largest", largest().map(Object::index))?;
        keys.list("path", largest().map(|object| Quoted(why_alive(object))))
    }

    /// Of each type, the object that retains most.
    fn largest(&self) -> HashMap<&'static str, Object<'s>> {
        let mut largest = HashMap::new();
        for object in self.all() {
            let found = largest.entry(object.type_name()).or_insert(object);
            if found.retained_size() < object.retained_size() {
                *found = object;
            }
        }
        largest
    }

    fn objects<W: Write>(&self, keys: &mut Keys<'_, W>) -> io::Result<()> {
        keys.list("id", self.all().map(|object| self.ids.of(object)))?;
        keys.list("type", self.all().map(|object| object.type_index()))?;
        keys.list("size", self.all().map(|object| object.size()))?;
        keys.list("generation", self.all().map(|object| Quoted(object.generation())))?;
        keys.list("strong", self.all().map(|object| object.strong()))?;
        keys.list("weak", self.all().map(|object| object.weak()))?;
        keys.list("outside", self.all().map(|object| object.outside()))?;
        keys.list("distance", self.distances.iter().map(|distance| distance.map_or(-1, i64::from)))?;
        keys.list("reached_by", self.all().map(|object| object.reached_by().map_or(-1, |edge| edge.index() as i64)))?;
        let dominator = |object| self.dominators.immediate_dominator(object);
        keys.list("dominator", self.all().map(|object| dominator(object).map_or(-1, |above| above.index() as i64)))?;
        keys.list("retained", self.all().map(|object| self.dominators.retained_size(object)))
    }

    fn edges<W: Write>(&self, keys: &mut Keys<'_, W>) -> io::Result<()> {
        keys.list("count", self.all().map(|object| object.edges().len()))?;
        keys.list("to", self.all_edges().map(|edge| edge.to().index()))?;
        keys.list("label", self.all_edges().map(|edge| edge.label().index()))?;
        let weak = self.all_edges().zip(0..).filter(|(edge, _)| edge.kind() == EdgeKind::Weak);
        keys.list("weak", weak.map(|(_, number): (_, u64)| number))
    }
}

fn why_alive(object: Object<'_>) -> String {
    object.why_alive().map_or_else(|| GARBAGE.to_owned(), |path| path.to_string())
}

/// What the page says, too.
const GARBAGE: &str = "Only garbage holds it: a collection frees it.";
